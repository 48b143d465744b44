//! Who asked and who received, as the grants tell it.

use desk::ports::{KeyringError, Received};
use domain::{Actor, ApplicationId, Receiver, RequestId, Served, Timestamp};
use rusqlite::{Connection, Transaction, params};

use crate::crypto::Keys;
use crate::error::{Result, damaged};
use crate::vouch::{Vouched as _, holds, vouched};
use crate::words::{from_json, from_word, json, maybe_text, readable, text};
use crate::{grants, journal};

/// Who asked and received, of everything that was granted to an application.
pub(crate) fn served(conn: &Connection, application: &ApplicationId) -> Result<Vec<Served>> {
    let mut query = conn.prepare(
        "SELECT program, sent_by, receiver FROM requests JOIN grants ON request_id = id
         WHERE application_id = ?1",
    )?;
    let rows: Vec<[Option<String>; 3]> = query
        .query_map([application.as_str()], |row| {
            Ok([maybe_text(row, 0)?, maybe_text(row, 1)?, maybe_text(row, 2)?])
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(readable("requests", rows, |[program, sent_by, receiver]| {
        Ok(Served {
            program: program.as_deref().map(from_json).transpose()?,
            sent_by: sent_by.as_deref().map(from_json).transpose()?,
            receiver: receiver.as_deref().map(from_json).transpose()?,
        })
    }))
}

/// Who received each key.
pub(crate) fn received(conn: &Connection) -> Result<Vec<Received>> {
    let mut query =
        conn.prepare("SELECT request_id, key_id, receiver FROM grants WHERE receiver IS NOT NULL")?;
    let rows: Vec<[String; 3]> = query
        .query_map([], |row| Ok([text(row, 0)?, text(row, 1)?, text(row, 2)?]))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(readable("grants", rows, |[request, key, receiver]| {
        Ok(Received { request: from_word(&request)?, key: from_word(&key)?, receiver: from_json(&receiver)? })
    }))
}

/// Writes another receiver into a grant, under its MAC.
pub(crate) fn accept(
    tx: &Transaction<'_>,
    keys: &Keys,
    id: &RequestId,
    receiver: &Receiver,
    by: (Timestamp, &Actor),
) -> Result<()> {
    let mut row = grants::of(tx, id)?.ok_or(KeyringError::NotFound("grant"))?;
    if !holds(keys, &row) {
        return Err(damaged(format!("the grant of request {id} was changed by somebody else")));
    }
    let before = row.set_receiver(json(receiver)?);
    let row = vouched(keys, row);
    tx.execute(
        "UPDATE grants SET receiver = ?2, mac = ?3 WHERE request_id = ?1",
        params![row.request, json(receiver)?, row.mac()],
    )?;
    let before = before.as_deref().map(from_json::<Receiver>).transpose()?;
    journal::receiver_accepted(tx, id, (before.as_ref(), receiver), by)
}
