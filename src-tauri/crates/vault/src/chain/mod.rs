//! The log: a hash chain, so that nothing in it can be changed without a trace, and checkpoints with a MAC, so that
//! the trace cannot be covered by computing the hashes anew.

mod span;
#[cfg(test)]
mod tests;
mod verify;

use domain::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use sha2::{Digest, Sha256};

use self::span::Line;
use crate::crypto::{Fields, Keys};

pub(crate) use verify::verify;

/// SHA-256 of an entry and all before it.
type Hash = [u8; 32];

/// Why the log cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ChainError {
    /// A row carries the highest number there is. Only tampering gets there.
    #[error("the log has no number left for another entry")]
    Full,
    /// The database did not answer.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
}

/// What is written. Free of secrets: the log is readable to whoever has the disk.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry<'a> {
    /// When it happened.
    pub(crate) at: Timestamp,
    /// Who did it.
    pub(crate) actor: &'a str,
    /// What happened, one of a closed set of words.
    pub(crate) action: &'a str,
    /// The handle it happened to; may be empty.
    pub(crate) subject: &'a str,
    /// More.
    pub(crate) detail: &'a str,
}

impl Entry<'_> {
    fn hash(&self, seq: i64, before: &Hash) -> Hash {
        let fields = Fields::new()
            .int(seq)
            .int(self.at.0)
            .text(self.actor)
            .text(self.action)
            .text(self.subject)
            .text(self.detail);
        Sha256::new().chain_update(before).chain_update(fields.as_bytes()).finalize().into()
    }
}

/// The log's end: a position, and the hash of everything up to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Head {
    seq: i64,
    hash: Hash,
}

impl Head {
    const START: Self = Self { seq: 0, hash: [0; 32] };

    fn fields(&self, number: i64, at: Timestamp) -> Fields {
        Fields::new().text("fieldgate checkpoint 1").int(number).int(self.seq).bytes(&self.hash).int(at.0)
    }
}

/// Adds an entry, in the transaction of what it records. Returns its position, from 1.
///
/// # Errors
/// [`ChainError`].
pub(crate) fn append(tx: &Transaction<'_>, entry: &Entry<'_>) -> Result<i64, ChainError> {
    let end = head(tx)?;
    let seq = end.seq.checked_add(1).ok_or(ChainError::Full)?;
    tx.prepare(
        "INSERT INTO log (seq, at, actor, action, subject, detail, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        seq,
        entry.at.0,
        entry.actor,
        entry.action,
        entry.subject,
        entry.detail,
        entry.hash(seq, &end.hash)
    ])?;
    Ok(seq)
}

/// Seals the log up to here: from now on a change before this point is named by [`verify`].
///
/// # Errors
/// [`ChainError`].
pub(crate) fn checkpoint(tx: &Transaction<'_>, keys: &Keys, at: Timestamp) -> Result<(), ChainError> {
    let end = head(tx)?;
    let last: i64 =
        tx.query_row("SELECT coalesce(max(number), 0) FROM log_checkpoints", [], |row| row.get(0))?;
    let number = last.checked_add(1).ok_or(ChainError::Full)?;
    let mac = keys.checkpoint_mac(&end.fields(number, at));
    tx.execute(
        "INSERT INTO log_checkpoints (number, seq, head, at, mac) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![number, end.seq, end.hash, at.0, mac],
    )?;
    Ok(())
}

/// Where the next entry goes. After a cut the last checkpoint is further on than the last entry: numbers are not
/// used twice, so that what was cut stays missing.
fn head(conn: &Connection) -> Result<Head, ChainError> {
    let row = last_entry(conn)?;
    let sealed = end_of(
        conn,
        "SELECT seq, head FROM log_checkpoints WHERE length(head) = 32 ORDER BY number DESC LIMIT 1",
    )?;
    Ok(if sealed.seq > row.seq { sealed } else { row })
}

/// The last entry and its hash. An entry whose hash is none was written by somebody else: what comes after it goes on
/// from what its content hashes to. At the highest number there is it is passed over, or nothing could come after.
fn last_entry(conn: &Connection) -> Result<Head, ChainError> {
    let mut query = conn.prepare(
        "SELECT seq, at, actor, action, subject, detail, hash FROM log
         WHERE seq < ?1 OR length(hash) = 32 ORDER BY seq DESC",
    )?;
    let mut odd = Vec::new();
    let mut good = Head::START;
    for line in query.query_map([i64::MAX], Line::read)? {
        let line = line?;
        if let Some(hash) = line.stored {
            good = Head { seq: line.seq, hash };
            break;
        }
        odd.push(line);
    }
    let goes_on =
        |before: Head, line: &Line| Head { seq: line.seq, hash: line.hash_at(line.seq, &before.hash) };
    Ok(odd.iter().rev().fold(good, goes_on))
}

fn end_of(conn: &Connection, query: &str) -> Result<Head, ChainError> {
    let found = conn
        .prepare(query)?
        .query_row([], |row| Ok(Head { seq: row.get(0)?, hash: row.get(1)? }))
        .optional()?;
    Ok(found.unwrap_or(Head::START))
}
