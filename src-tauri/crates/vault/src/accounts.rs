//! Users that change, and users that go.

use desk::ports::UserChange;
use domain::{Actor, Ending, KeyId, Timestamp, UserId};
use rusqlite::{Connection, Transaction};

use crate::crypto::{Keys, hash_password};
use crate::error::{Result, damaged};
use crate::people::{self, UserRow};
use crate::vouch::holds;
use crate::words::from_word;
use crate::{journal, keys, stores};

/// One change of a user's row, made before its transaction begins: hashing a password takes some 30 ms.
#[derive(Debug)]
pub(crate) struct RowChange<'a> {
    change: &'a UserChange,
    password_hash: Option<String>,
}

impl<'a> RowChange<'a> {
    pub(crate) fn of(change: &'a UserChange) -> Result<Self> {
        let password_hash = match change {
            UserChange::Password(Some(password)) => Some(hash_password(password)?),
            UserChange::Password(None)
            | UserChange::Email(_)
            | UserChange::Name(_)
            | UserChange::ImageUrl(_)
            | UserChange::Admin(_)
            | UserChange::Disabled(_) => None,
        };
        Ok(Self { change, password_hash })
    }

    fn apply(self, row: &mut UserRow) {
        match self.change {
            UserChange::Email(email) => row.email = email.to_string(),
            UserChange::Name(name) => row.name.clone_from(name),
            UserChange::ImageUrl(url) => row.image_url.clone_from(url),
            UserChange::Password(_) => row.password_hash = self.password_hash,
            UserChange::Admin(admin) => row.is_admin = *admin,
            UserChange::Disabled(disabled) => row.disabled = *disabled,
        }
    }
}

/// Makes all of the changes, each with its log entry.
pub(crate) fn change(
    tx: &Transaction<'_>,
    vault: &Keys,
    id: &UserId,
    changes: Vec<RowChange<'_>>,
    by: (Timestamp, &Actor),
) -> Result<()> {
    let mut row = trusted(tx, vault, id)?;
    for change in changes {
        journal::user_changed(tx, &row, change.change, by)?;
        change.apply(&mut row);
    }
    people::demand_free(tx, &row.user()?)?;
    row.update(tx, vault)
}

/// Deletes a user and all that is the user's. What somebody else has written into the row does not keep it. A store
/// of which it was the last member ends; a membership written by hand ends none.
pub(crate) fn delete(
    tx: &Transaction<'_>,
    vault: &Keys,
    id: &UserId,
    (at, actor): (Timestamp, &Actor),
) -> Result<()> {
    let row = people::user_row(tx, id)?;
    for key in keys::of(tx, id)?.iter().filter(|key| !key.has_end()) {
        let key: KeyId = from_word(&key.id)?;
        journal::key_ended(tx, &key, Ending::Revoked, "", (at, actor))?;
    }
    for member in people::member_rows_of(tx, id)?.iter().filter(|row| holds(vault, *row)) {
        let (store, _) = member.between()?;
        stores::remove_member(tx, &store, id, (at, actor))?;
    }
    journal::user_deleted(tx, &row, (at, actor))?;
    // What belongs to a key or a membership goes with it.
    for gone in [
        "DELETE FROM grants WHERE owner = ?1",
        "DELETE FROM keys WHERE owner = ?1",
        "DELETE FROM users WHERE id = ?1",
    ] {
        tx.execute(gone, [id.as_str()])?;
    }
    Ok(())
}

/// A user's row, if it is as we wrote it.
fn trusted(conn: &Connection, vault: &Keys, id: &UserId) -> Result<UserRow> {
    let row = people::user_row(conn, id)?;
    if holds(vault, &row) { Ok(row) } else { Err(damaged(format!("user {id} was changed by somebody else"))) }
}
