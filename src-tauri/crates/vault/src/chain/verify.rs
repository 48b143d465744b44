//! Reading the whole log against its checkpoints.

use std::fmt;

use domain::Timestamp;
use rusqlite::{Connection, Row, params};

use super::span::{self, Base, Line};
use super::{ChainError, Head};
use crate::crypto::Keys;

/// What somebody did to the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    /// The entry does not fit its hash and what stands before it.
    Edited(i64),
    /// The entries of this range are missing; both ends count.
    Deleted(i64, i64),
    /// These two stand in each other's place.
    Swapped(i64, i64),
    /// The entry at the first position belongs at the second.
    Moved(i64, i64),
    /// Something in this range was changed and the hashes computed anew; both ends count.
    Rewritten(i64, i64),
    /// An entry at a position where none is ever written.
    Added(i64),
    /// The checkpoint of this number is not ours.
    CheckpointEdited(i64),
    /// The checkpoints of this range are missing; both ends count.
    CheckpointDeleted(i64, i64),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Edited(seq) => write!(f, "entry {seq} was edited"),
            Self::Deleted(from, to) if from == to => write!(f, "entry {from} was deleted"),
            Self::Deleted(from, to) => write!(f, "entries {from} to {to} were deleted"),
            Self::Swapped(one, other) => write!(f, "entries {one} and {other} were swapped"),
            Self::Moved(found, belongs) => write!(f, "entry {found} belongs at {belongs}"),
            Self::Rewritten(from, to) if from == to => write!(f, "entry {from} was rewritten"),
            Self::Rewritten(from, to) => write!(f, "something in entries {from} to {to} was rewritten"),
            Self::Added(seq) => write!(f, "entry {seq} was added"),
            Self::CheckpointEdited(number) => write!(f, "checkpoint {number} was edited"),
            Self::CheckpointDeleted(from, to) if from == to => write!(f, "checkpoint {from} was deleted"),
            Self::CheckpointDeleted(from, to) => write!(f, "checkpoints {from} to {to} were deleted"),
        }
    }
}

/// What a reading of the log found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Verdict {
    /// Entries up to the last good checkpoint.
    pub(crate) sealed: u64,
    /// Entries after it, which no MAC vouches for yet.
    pub(crate) unsealed: u64,
    /// Everything wrong, in the order of the log.
    pub(crate) faults: Vec<Fault>,
}

/// Reads the whole log. Takes about a second per million entries.
///
/// Between two good checkpoints the entries are hashed from the first one's head. If that gives the second one's
/// head they are what was written; if not, the hashes stored with them tell which one is wrong, and where somebody
/// made those fit as well the range is named.
///
/// # Errors
/// [`ChainError::Sqlite`].
pub(crate) fn verify(conn: &Connection, keys: &Keys) -> Result<Verdict, ChainError> {
    let snapshot = conn.unchecked_transaction()?;
    let mut verdict = Verdict { faults: never_written(&snapshot)?, ..Verdict::default() };

    let mut base = Base::START;
    let mut expected = 1;
    let mut query =
        snapshot.prepare("SELECT number, seq, head, at, mac FROM log_checkpoints ORDER BY number")?;
    for mark in query.query_map([], Mark::read)? {
        let mark = mark?;
        if mark.number > expected {
            verdict.faults.push(Fault::CheckpointDeleted(expected, mark.number - 1));
        }
        expected = mark.number.saturating_add(1);
        let Some(end) = mark.vouched(keys).filter(|end| end.seq >= base.head.seq) else {
            verdict.faults.push(Fault::CheckpointEdited(mark.number));
            continue;
        };
        let lines = lines(&snapshot, base.head.seq, end.seq)?;
        verdict.sealed += lines.len() as u64;
        let next = Base::after(&lines, end);
        verdict.faults.extend(span::examine(&base, lines, Some(&end)));
        base = next;
    }

    let rest = lines(&snapshot, base.head.seq, i64::MAX)?;
    verdict.unsealed = rest.len() as u64;
    verdict.faults.extend(span::examine(&base, rest, None));
    Ok(verdict)
}

/// A checkpoint as found.
struct Mark {
    number: i64,
    seq: i64,
    head: Vec<u8>,
    at: Timestamp,
    mac: Vec<u8>,
}

impl Mark {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            number: row.get(0)?,
            seq: row.get(1)?,
            head: row.get(2)?,
            at: Timestamp(row.get(3)?),
            mac: row.get(4)?,
        })
    }

    /// The head it vouches for, if it is ours.
    fn vouched(&self, keys: &Keys) -> Option<Head> {
        let head = Head { seq: self.seq, hash: self.head.as_slice().try_into().ok()? };
        keys.checkpoint_mac_holds(&head.fields(self.number, self.at), &self.mac).then_some(head)
    }
}

fn never_written(conn: &Connection) -> rusqlite::Result<Vec<Fault>> {
    let mut query = conn.prepare("SELECT seq FROM log WHERE seq < 1 ORDER BY seq")?;
    query.query_map([], |row| Ok(Fault::Added(row.get(0)?)))?.collect()
}

fn lines(conn: &Connection, after: i64, up_to: i64) -> rusqlite::Result<Vec<Line>> {
    let mut query = conn.prepare(
        "SELECT seq, at, actor, action, subject, detail, hash FROM log WHERE seq > ?1 AND seq <= ?2 ORDER BY seq",
    )?;
    query.query_map(params![after, up_to], Line::read)?.collect()
}
