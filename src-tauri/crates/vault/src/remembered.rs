//! Approvals that are repeated without asking.

use desk::ports::KeyringError;
use domain::{Actor, Asks, Remembered, RequestId, Sealed, Timestamp};
use rusqlite::{Connection, Row, Transaction, params};

use crate::crypto::{Fields, Keys, Mac, Place};
use crate::error::{Result, damaged, taken};
use crate::journal;
use crate::vouch::{Vouched, holds, vouched};
use crate::words::{from_json, from_word, json, maybe_text, readable, text};

/// A row of `remembered`.
#[derive(Debug)]
pub(crate) struct RememberedRow {
    pub(crate) request: String,
    application: String,
    key: String,
    owner: String,
    permissions: String,
    asked: String,
    strict: bool,
    selective: bool,
    sealed_address: Option<Vec<u8>>,
    program: String,
    receiver: Option<String>,
    since: i64,
    uses: i64,
    last_used: Option<i64>,
    mac: Vec<u8>,
}

/// `RememberedRow::read` knows this order.
const SELECT: &str =
    "SELECT request_id, application_id, key_id, owner, permissions, asked, strict_asked, selective,
    sealed_address, program, receiver, since, uses, last_used, mac FROM remembered";

impl RememberedRow {
    /// What is said about the application that stands under `application` in the register.
    fn new(keys: &Keys, said: &Remembered, application: String) -> Result<Self> {
        let request = said.request.to_string();
        let address = said.asked.address.as_ref();
        let sealed = address.map(|address| keys.seal(place(&request), address.expose().as_bytes()));
        Ok(Self {
            sealed_address: sealed.transpose()?,
            request,
            application,
            key: said.key.to_string(),
            owner: said.owner.to_string(),
            permissions: json(&said.permissions)?,
            asked: json(&said.asked.permissions)?,
            strict: said.asked.strict,
            selective: said.asked.selective,
            program: json(&said.program)?,
            receiver: said.receiver.as_ref().map(json).transpose()?,
            since: said.since.0,
            uses: 0,
            last_used: None,
            mac: vec![],
        })
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            request: text(row, 0)?,
            application: text(row, 1)?,
            key: text(row, 2)?,
            owner: text(row, 3)?,
            permissions: text(row, 4)?,
            asked: text(row, 5)?,
            strict: row.get(6)?,
            selective: row.get(7)?,
            sealed_address: row.get(8)?,
            program: text(row, 9)?,
            receiver: maybe_text(row, 10)?,
            since: row.get(11)?,
            uses: row.get(12)?,
            last_used: row.get(13)?,
            mac: row.get(14)?,
        })
    }

    fn said(&self, keys: &Keys) -> Result<Remembered> {
        let opened = self.sealed_address.as_ref().map(|sealed| keys.open(place(&self.request), sealed));
        let address = opened.transpose()?.map(|bytes| match str::from_utf8(&bytes) {
            Ok(address) => Ok(Sealed::new(address.to_owned())),
            Err(_) => Err(damaged("an address is no text")),
        });
        Ok(Remembered {
            request: from_word(&self.request)?,
            application: from_word(&self.application)?,
            key: from_word(&self.key)?,
            owner: from_word(&self.owner)?,
            permissions: from_json(&self.permissions)?,
            asked: Asks {
                permissions: from_json(&self.asked)?,
                strict: self.strict,
                selective: self.selective,
                address: address.transpose()?,
            },
            program: from_json(&self.program)?,
            receiver: self.receiver.as_deref().map(from_json).transpose()?,
            since: Timestamp(self.since),
            uses: u64::try_from(self.uses).unwrap_or_default(),
            last_used: self.last_used.map(Timestamp),
        })
    }
}

impl Vouched for RememberedRow {
    const TABLE: &'static str = "remembered";

    fn row(&self) -> String {
        self.request.clone()
    }

    fn fields(&self) -> Fields {
        Fields::new()
            .text(&self.application)
            .text(&self.key)
            .text(&self.owner)
            .text(&self.permissions)
            .text(&self.asked)
            .flag(self.strict)
            .flag(self.selective)
            .flag(self.sealed_address.is_some())
            .text(&self.program)
            .maybe_text(self.receiver.as_deref())
            .int(self.since)
    }

    fn mac(&self) -> &[u8] {
        &self.mac
    }

    fn set_mac(&mut self, mac: Mac) {
        self.mac = mac.to_vec();
    }
}

/// All rows of `remembered`.
pub(crate) fn rows(conn: &Connection) -> Result<Vec<RememberedRow>> {
    let mut query = conn.prepare(&format!("{SELECT} ORDER BY since, request_id"))?;
    Ok(query.query_map([], RememberedRow::read)?.collect::<rusqlite::Result<_>>()?)
}

/// What is remembered, oldest first. What somebody else has written is left out.
pub(crate) fn all(conn: &Connection, keys: &Keys) -> Result<Vec<Remembered>> {
    let ours = rows(conn)?.into_iter().filter(|row| holds(keys, row)).collect();
    Ok(readable("remembered", ours, |row: RememberedRow| row.said(keys)))
}

/// Remembers an approval, in place of what was said of the same key before.
pub(crate) fn keep(
    tx: &Transaction<'_>,
    keys: &Keys,
    said: &Remembered,
    application: String,
    actor: &Actor,
) -> Result<()> {
    tx.execute("DELETE FROM remembered WHERE key_id = ?1", [said.key.as_str()])?;
    let row = vouched(keys, RememberedRow::new(keys, said, application)?);
    let add =
        "INSERT INTO remembered (request_id, application_id, key_id, owner, permissions, asked, strict_asked,
         selective, sealed_address, program, receiver, since, uses, last_used, mac)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";
    tx.execute(
        add,
        params![
            row.request,
            row.application,
            row.key,
            row.owner,
            row.permissions,
            row.asked,
            row.strict,
            row.selective,
            row.sealed_address,
            row.program,
            row.receiver,
            row.since,
            row.uses,
            row.last_used,
            row.mac
        ],
    )
    .map_err(taken("remembered decision"))?;
    journal::decision_remembered(tx, said, actor)
}

/// Counts that one was repeated. One that somebody else has written repeats nothing.
pub(crate) fn repeated(tx: &Transaction<'_>, keys: &Keys, id: &RequestId, at: Timestamp) -> Result<()> {
    let row = rows(tx)?.into_iter().find(|row| row.request == id.as_str());
    let row = row.ok_or(KeyringError::NotFound("remembered decision"))?;
    if !holds(keys, &row) {
        return Err(damaged(format!("the remembered decision {id} was written by somebody else")));
    }
    tx.execute(
        "UPDATE remembered SET uses = uses + 1, last_used = ?2 WHERE request_id = ?1",
        params![row.request, at.0],
    )?;
    Ok(())
}

/// Forgets what is remembered of an application.
pub(crate) fn forget_all_of(tx: &Transaction<'_>, application: &str, by: (Timestamp, &Actor)) -> Result<()> {
    for row in rows(tx)?.into_iter().filter(|row| row.application == application) {
        forget(tx, &from_word(&row.request)?, by)?;
    }
    Ok(())
}

/// Forgets what is over by itself.
pub(crate) fn forget_old(tx: &Transaction<'_>, now: Timestamp) -> Result<()> {
    tx.execute("DELETE FROM remembered WHERE since <= ?1", [now.minus(Remembered::LIFE).0])?;
    Ok(())
}

/// Forgets one, whoever has written it.
pub(crate) fn forget(tx: &Transaction<'_>, id: &RequestId, by: (Timestamp, &Actor)) -> Result<()> {
    let gone = tx.execute("DELETE FROM remembered WHERE request_id = ?1", [id.as_str()])?;
    if gone == 0 {
        return Err(KeyringError::NotFound("remembered decision").into());
    }
    journal::decision_forgotten(tx, id, by)
}

fn place(row: &str) -> Place<'_> {
    Place { table: RememberedRow::TABLE, row, column: "sealed_address" }
}
