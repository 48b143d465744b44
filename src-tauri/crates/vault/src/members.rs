//! Who belongs to a store as what: changes by hand, and what the log says of them last.

use std::collections::HashMap;

use desk::ports::KeyringError;
use domain::{Action, Actor, Role, StoreId, Timestamp, UserId};
use rusqlite::{Connection, Transaction, params};

use crate::crypto::Keys;
use crate::error::Result;
use crate::journal;
use crate::people::{self, MemberRow, demand_user};
use crate::vouch::holds;
use crate::words::{text, word};

/// Gives a user a role in a store. What somebody else has written in its place is no membership.
pub(crate) fn set(
    tx: &Transaction<'_>,
    keys: &Keys,
    (store, user): (&StoreId, &UserId),
    role: Role,
    by: (Timestamp, &Actor),
) -> Result<()> {
    demand_user(tx, user)?;
    demand_store(tx, store)?;
    let before = people::member_row(tx, store, user)?.filter(|row| holds(keys, row));
    MemberRow::new(store, user, role)?.put(tx, keys)?;
    let role = word(role)?;
    match before {
        None => {
            journal::write(tx, Action::MemberAdded, store.as_str(), &format!("user {user} as {role}"), by)
        }
        Some(row) => {
            let detail = format!("user {user} as {role}, {} before", row.role());
            journal::write(tx, Action::MemberChanged, store.as_str(), &detail, by)
        }
    }
}

fn demand_store(tx: &Transaction<'_>, id: &StoreId) -> Result<()> {
    let there = tx.prepare("SELECT 1 FROM stores WHERE id = ?1")?.exists([id.as_str()])?;
    if there { Ok(()) } else { Err(KeyringError::NotFound("store").into()) }
}

/// What the log says last of the memberships that were changed or ended by hand.
#[derive(Debug)]
pub(crate) struct Told(HashMap<(String, String), Option<String>>);

impl Told {
    /// Whether a row says otherwise: an older copy of it has a MAC that holds.
    pub(crate) fn contradicts(&self, row: &MemberRow) -> bool {
        self.0.get(&row.names()).is_some_and(|role| role.as_deref() != Some(row.role()))
    }
}

/// Reads the log's entries about members. One that is worded otherwise was written by somebody else and says nothing.
pub(crate) fn told(conn: &Connection) -> Result<Told> {
    let mut query =
        conn.prepare("SELECT subject, detail FROM log WHERE action IN (?1, ?2, ?3) ORDER BY seq")?;
    let actions =
        params![word(Action::MemberAdded)?, word(Action::MemberChanged)?, word(Action::MemberRemoved)?];
    let mut told = HashMap::new();
    let mut rows = query.query(actions)?;
    while let Some(row) = rows.next()? {
        let (store, detail) = (text(row, 0)?, text(row, 1)?);
        let Some((user, role)) = member_of(&detail) else { continue };
        told.insert((store, user.to_owned()), role.map(str::to_owned));
    }
    Ok(Told(told))
}

/// The user and the role of `user U as R` or `user U as R, Q before`; no role for `user U`, who left.
fn member_of(detail: &str) -> Option<(&str, Option<&str>)> {
    let said = detail.strip_prefix("user ")?;
    Some(match said.split_once(" as ") {
        None => (said, None),
        Some((user, role)) => (user, Some(role.split_once(',').map_or(role, |(now, _)| now))),
    })
}
