//! What keys were used for.

use desk::ports::KeyUse;
use domain::{Demand, KeyId, Reach, Tally, Timestamp, Usage};
use rusqlite::{Connection, Row, Transaction, params};

use crate::error::{Result, damaged};
use crate::words::{from_word, readable, text};

/// Half of what a column holds: two of these can be added.
const MOST: i64 = i64::MAX / 2;

/// Writes when keys were last presented and adds what they were granted. Keys that are not there change nothing, and
/// no time goes back.
pub(crate) fn record(tx: &Transaction<'_>, used: &[KeyUse]) -> Result<()> {
    let mut present =
        tx.prepare("UPDATE keys SET last_used = ?2 WHERE id = ?1 AND (last_used IS NULL OR last_used < ?2)")?;
    let mut add = tx.prepare(&format!(
        "INSERT INTO usage (key_id, policy, reach, store, count, first, last)
           SELECT id, ?2, ?3, ?4, min(?5, {MOST}), ?6, ?7 FROM keys WHERE id = ?1
         ON CONFLICT DO UPDATE SET count = min(count, {MOST}) + excluded.count,
           first = min(first, excluded.first), last = max(last, excluded.last)"
    ))?;
    for used in used {
        let key = used.key.as_str();
        present.execute(params![key, used.last.0])?;
        for (demand, calls) in used.granted.iter() {
            let (reach, store) = columns(&demand.reach);
            let count = i64::try_from(calls.count).unwrap_or(MOST);
            add.execute(params![
                key,
                demand.policy.as_str(),
                reach,
                store,
                count,
                calls.first.0,
                calls.last.0
            ])?;
        }
    }
    Ok(())
}

/// What a key was granted so far.
pub(crate) fn of(conn: &Connection, key: &KeyId) -> Result<Usage> {
    let mut query =
        conn.prepare("SELECT policy, reach, store, count, first, last FROM usage WHERE key_id = ?1")?;
    let rows: Vec<UsageRow> =
        query.query_map([key.as_str()], UsageRow::read)?.collect::<rusqlite::Result<_>>()?;
    Ok(readable("usage", rows, UsageRow::granted).into_iter().collect())
}

struct UsageRow {
    policy: String,
    reach: String,
    store: String,
    count: i64,
    first: i64,
    last: i64,
}

impl UsageRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            policy: text(row, 0)?,
            reach: text(row, 1)?,
            store: text(row, 2)?,
            count: row.get(3)?,
            first: row.get(4)?,
            last: row.get(5)?,
        })
    }

    fn granted(self) -> Result<(Demand, Tally)> {
        let reach = match self.reach.as_str() {
            "everything" => Reach::Everything,
            "store" => Reach::Store(from_word(&self.store)?),
            "any-store" => Reach::AnyStore,
            other => return Err(damaged(format!("{other:?} is nowhere"))),
        };
        let count = u64::try_from(self.count).map_err(|_| damaged("fewer calls than none"))?;
        let calls = Tally { count, first: Timestamp(self.first), last: Timestamp(self.last) };
        Ok((Demand { policy: from_word(&self.policy)?, reach }, calls))
    }
}

fn columns(reach: &Reach) -> (&'static str, &str) {
    match reach {
        Reach::Everything => ("everything", ""),
        Reach::Store(store) => ("store", store.as_str()),
        Reach::AnyStore => ("any-store", ""),
    }
}
