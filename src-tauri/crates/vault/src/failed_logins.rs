//! Wrong passwords in a row, over a restart.

use desk::ports::FailedLogins;
use domain::{Timestamp, Trace};
use rusqlite::{Connection, Row, Transaction, params};

use crate::error::{Result, damaged};
use crate::words::{from_word, readable, text, word};

/// Keeps these and no others.
pub(crate) fn keep(tx: &Transaction<'_>, failed: &[FailedLogins]) -> Result<()> {
    tx.execute("DELETE FROM failed_logins", [])?;
    let mut add =
        tx.prepare("INSERT INTO failed_logins (counted_by, trace, count, last) VALUES (?1, ?2, ?3, ?4)")?;
    for failed in failed {
        add.execute(params![word(failed.by)?, failed.trace.0, failed.count, failed.last.0])?;
    }
    Ok(())
}

/// Those that were kept last.
pub(crate) fn all(conn: &Connection) -> Result<Vec<FailedLogins>> {
    let mut query = conn.prepare("SELECT counted_by, trace, count, last FROM failed_logins")?;
    let read = |row: &Row<'_>| Ok((text(row, 0)?, row.get(1)?, row.get(2)?, row.get(3)?));
    let rows: Vec<(String, Vec<u8>, i64, i64)> =
        query.query_map([], read)?.collect::<rusqlite::Result<_>>()?;
    Ok(readable("failed_logins", rows, failed))
}

fn failed((by, trace, count, last): (String, Vec<u8>, i64, i64)) -> Result<FailedLogins> {
    Ok(FailedLogins {
        by: from_word(&by)?,
        trace: Trace(trace.try_into().map_err(|_| damaged("a hash has another length"))?),
        count: u32::try_from(count).unwrap_or(u32::MAX),
        last: Timestamp(last),
    })
}
