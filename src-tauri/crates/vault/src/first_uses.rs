//! When keys were first used, and what that stops.

use desk::ports::FirstUsed;
use domain::{Actor, Ending, FirstUse, KeyId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::error::Result;
use crate::keys;
use crate::words::{from_json, from_word, json, maybe_text, readable, text};

/// Which key, when, and by which program.
type Row = (String, i64, Option<String>);

/// All of them.
pub(crate) fn all(conn: &Connection) -> Result<Vec<(KeyId, FirstUse)>> {
    let mut query = conn.prepare("SELECT key_id, at, program FROM first_uses")?;
    let rows: Vec<Row> = query
        .query_map([], |row| Ok((text(row, 0)?, row.get(1)?, maybe_text(row, 2)?)))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(readable("first_uses", rows, |(key, at, program)| {
        let by = program.as_deref().map(from_json).transpose()?;
        Ok((from_word(&key)?, FirstUse { at: Timestamp(at), by }))
    }))
}

/// Writes first uses, and that the keys have ended which they stop. The first of a key stays; its program may follow.
/// A key that is not there is passed over.
pub(crate) fn record(tx: &Transaction<'_>, used: &[FirstUsed]) -> Result<()> {
    for FirstUsed { key, first, stopped } in used {
        let program = first.by.as_ref().map(json).transpose()?;
        tx.execute(
            "INSERT INTO first_uses (key_id, at, program) SELECT id, ?2, ?3 FROM keys WHERE id = ?1
             ON CONFLICT DO UPDATE SET program = coalesce(program, excluded.program)",
            params![key.as_str(), first.at.0, program],
        )?;
        tx.execute(
            "UPDATE keys SET last_used = ?2 WHERE id = ?1 AND (last_used IS NULL OR last_used < ?2)",
            params![key.as_str(), first.at.0],
        )?;
        for old in stopped {
            if is_there(tx, old)? {
                keys::end(tx, old, Ending::Revoked, first.at, &Actor::Fieldgate)?;
            }
        }
    }
    Ok(())
}

fn is_there(conn: &Connection, key: &KeyId) -> Result<bool> {
    let mut query = conn.prepare("SELECT 1 FROM keys WHERE id = ?1")?;
    Ok(query.query_row([key.as_str()], |_| Ok(())).optional()?.is_some())
}
