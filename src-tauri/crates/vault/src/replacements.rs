//! Keys that others take the place of.

use std::collections::HashMap;

use desk::ports::ReplacedKey;
use domain::{Actor, Ending, KeyId, Replacement, StopOld, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::crypto::{Fields, Keys, Mac};
use crate::error::{Result, damaged};
use crate::vouch::{Vouched, holds, vouched};
use crate::words::{from_word, maybe_text, readable, text, word};
use crate::{journal, keys};

/// A row of `replacements`.
#[derive(Debug)]
struct ReplacementRow {
    number: i64,
    id: String,
    old: String,
    new: Option<String>,
    stop: String,
    at: i64,
    own_end: Option<i64>,
    mac: Vec<u8>,
}

/// `ReplacementRow::read` knows this order.
const SELECT: &str = "SELECT number, id, old_key, new_key, stop, at, own_end, mac FROM replacements";

impl ReplacementRow {
    fn new(row: &Replacement, number: i64) -> Result<Self> {
        Ok(Self {
            number,
            id: row.id.to_string(),
            old: row.old.to_string(),
            new: row.new.as_ref().map(ToString::to_string),
            stop: word(row.stop)?,
            at: row.at.0,
            own_end: row.own_end.map(|at| at.0),
            mac: Vec::new(),
        })
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            number: row.get(0)?,
            id: text(row, 1)?,
            old: text(row, 2)?,
            new: maybe_text(row, 3)?,
            stop: text(row, 4)?,
            at: row.get(5)?,
            own_end: row.get(6)?,
            mac: row.get(7)?,
        })
    }

    fn replacement(self) -> Result<Replacement> {
        Ok(Replacement {
            id: from_word(&self.id)?,
            old: from_word(&self.old)?,
            new: self.new.as_deref().map(from_word).transpose()?,
            stop: from_word(&self.stop)?,
            at: Timestamp(self.at),
            own_end: self.own_end.map(Timestamp),
        })
    }
}

impl Vouched for ReplacementRow {
    const TABLE: &'static str = "replacements";

    fn row(&self) -> String {
        self.number.to_string()
    }

    fn fields(&self) -> Fields {
        Fields::new()
            .text(&self.id)
            .text(&self.old)
            .maybe_text(self.new.as_deref())
            .text(&self.stop)
            .int(self.at)
            .maybe_int(self.own_end)
    }

    fn mac(&self) -> &[u8] {
        &self.mac
    }

    fn set_mac(&mut self, mac: Mac) {
        self.mac = mac.to_vec();
    }
}

fn rows(conn: &Connection) -> Result<Vec<ReplacementRow>> {
    let mut query = conn.prepare(&format!("{SELECT} ORDER BY number"))?;
    Ok(query.query_map([], ReplacementRow::read)?.collect::<rusqlite::Result<_>>()?)
}

/// All, in the order they were decided.
pub(crate) fn all(conn: &Connection) -> Result<Vec<Replacement>> {
    Ok(readable("replacements", rows(conn)?, ReplacementRow::replacement))
}

/// The keys whose replacement somebody else has written, or taken out: the log has an entry for each.
pub(crate) fn distrusted(conn: &Connection, vault: &Keys) -> Result<Vec<String>> {
    let mut told: HashMap<String, u32> = journal::replaced_keys(conn)?;
    let mut bad = Vec::new();
    for row in rows(conn)? {
        let is_told = told.get_mut(&row.old).is_some_and(|left| {
            let any = *left > 0;
            *left = left.saturating_sub(1);
            any
        });
        if !holds(vault, &row) || !is_told {
            bad.push(row.old);
        }
    }
    bad.extend(told.into_iter().filter(|(_, missing)| *missing > 0).map(|(old, _)| old));
    bad.sort_unstable();
    bad.dedup();
    Ok(bad)
}

/// Mints the new keys and says what becomes of the old ones: all or nothing.
pub(crate) fn replace(tx: &Transaction<'_>, vault: &Keys, all: &[ReplacedKey], actor: &Actor) -> Result<()> {
    for ReplacedKey { row, new } in all {
        if let Some(new) = new {
            let application = new.key.application.as_ref().map(ToString::to_string);
            keys::create(tx, vault, new, application, actor)?;
        }
        create(tx, vault, row, actor)?;
    }
    Ok(())
}

/// Writes that a key takes the place of a live one of the same user, and stops that one where it stops at once or in
/// a day. The new key, where there is one, is written before.
pub(crate) fn create(tx: &Transaction<'_>, vault: &Keys, row: &Replacement, actor: &Actor) -> Result<()> {
    let old = keys::live(tx, vault, &row.old, row.at)?;
    if let Some(new) = &row.new
        && !keys::live(tx, vault, new, row.at)?.is_of_the_user_of(&old)
    {
        return Err(damaged("a key takes the place of another user's"));
    }
    let next = "SELECT coalesce(max(number), 0) + 1 FROM replacements";
    let number = tx.query_row(next, [], |row| row.get(0))?;
    let written = vouched(vault, ReplacementRow::new(row, number)?);
    tx.execute(
        "INSERT INTO replacements (number, id, old_key, new_key, stop, at, own_end, mac)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            written.number,
            written.id,
            written.old,
            written.new,
            written.stop,
            written.at,
            written.own_end,
            written.mac
        ],
    )?;
    journal::key_replaced(tx, row, actor)?;
    match row.stop {
        StopOld::Now => keys::end(tx, &row.old, Ending::Revoked, row.at, actor).map(drop),
        StopOld::InADay => {
            let end = row.end_of_old(old.expires());
            keys::set_end(tx, vault, old, end)
        }
        StopOld::FirstUse => Ok(()),
    }
}

/// What the log says of the end of a key, where that is why: nothing for one that was not replaced, or that somebody
/// revoked before its time.
pub(crate) fn why_ended(conn: &Connection, key: &KeyId, how: Ending, actor: &Actor) -> Result<String> {
    let mut query = conn.prepare(&format!("{SELECT} WHERE old_key = ?1 ORDER BY number DESC LIMIT 1"))?;
    let Some(row) = query.query_row([key.as_str()], ReplacementRow::read).optional()? else {
        return Ok(String::new());
    };
    let is_why = match (from_word(&row.stop)?, how) {
        (StopOld::Now, Ending::Revoked) | (StopOld::InADay, Ending::Expired) => true,
        (StopOld::FirstUse, Ending::Revoked) => *actor == Actor::Fieldgate,
        (StopOld::InADay, Ending::Revoked) | (StopOld::Now | StopOld::FirstUse, Ending::Expired) => false,
    };
    let by = row.new.as_deref().unwrap_or("the next key of its application");
    Ok(if is_why { format!("replaced by {by}") } else { String::new() })
}
