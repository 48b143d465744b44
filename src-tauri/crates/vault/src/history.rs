//! Parts of the log: about one key, and word for word.

use desk::ports::LogLine;
use domain::{Action, KeyId, LogEntry};
use rusqlite::{Connection, Row, params};

use crate::error::{Result, damaged};
use crate::journal;
use crate::words::{text, word};

/// The newest entries about a key, and about the requests it was granted to, newest first.
pub(crate) fn of_key(conn: &Connection, key: &KeyId, limit: u32) -> Result<Vec<LogEntry>> {
    let mut query = conn.prepare(
        "SELECT seq, at, actor, action, subject, detail FROM log
         WHERE subject = ?1 OR (action = ?2 AND instr(detail, ?1) > 0) ORDER BY seq DESC LIMIT ?3",
    )?;
    let about = params![key.as_str(), word(Action::RequestApproved)?, limit];
    let mut entries = Vec::new();
    let mut rows = query.query(about)?;
    while let Some(row) = rows.next()? {
        entries.extend(journal::readable_entry(row));
    }
    Ok(entries)
}

/// Entries above `after`, oldest first, at most `limit`, as they are stored. One that somebody else has written is
/// among them: whoever checks them is to find it.
pub(crate) fn lines(conn: &Connection, after: u64, limit: u32) -> Result<Vec<LogLine>> {
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let mut query = conn.prepare(
        "SELECT seq, at, actor, action, subject, detail, hash FROM log WHERE seq > ?1 ORDER BY seq LIMIT ?2",
    )?;
    let mut lines = Vec::new();
    let mut rows = query.query(params![after, limit])?;
    while let Some(row) = rows.next()? {
        lines.push(line(row)?);
    }
    Ok(lines)
}

fn line(row: &Row<'_>) -> Result<LogLine> {
    let seq: i64 = row.get(0)?;
    let hash: Vec<u8> = row.get(6)?;
    Ok(LogLine {
        seq: u64::try_from(seq).map_err(|_| damaged("an entry before the first"))?,
        at: domain::Timestamp(row.get(1)?),
        actor: text(row, 2)?,
        action: text(row, 3)?,
        subject: text(row, 4)?,
        detail: text(row, 5)?,
        hash: (hash.len() == 32).then(|| hash.iter().map(|byte| format!("{byte:02x}")).collect()),
    })
}
