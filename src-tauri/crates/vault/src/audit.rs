//! What every unlock does: look for rows that somebody else has written, and put right what locking left open.

use desk::ports::Damage;
use domain::Timestamp;
use rusqlite::Transaction;

use crate::crypto::Keys;
use crate::error::Result;
use crate::vouch::holds;
use crate::words::from_word;
use crate::{
    applications, chain, grants, journal, keys, members, people, remembered, replacements, requests, settings,
};

/// Names the rows that do not verify; moves ends into the keys that do; forgets what is too old; seals the log.
pub(crate) fn audit(tx: &Transaction<'_>, vault: &Keys, at: Timestamp) -> Result<Vec<Damage>> {
    let mut damage = Vec::new();
    // An older copy of one row has a MAC that holds; the log still tells what became of it.
    let told = journal::told_of_users(tx)?;
    for row in people::user_rows(tx)? {
        let outdated = told.get(&row.id).is_some_and(|told| told.contradicts(&row));
        if outdated || !holds(vault, &row) {
            damage.extend(named(&row.id, from_word(&row.id).map(Damage::User)));
        }
    }
    let told = members::told(tx)?;
    for row in people::member_rows(tx)? {
        if told.contradicts(&row) || !holds(vault, &row) {
            let between = row.between().map(|(store, user)| Damage::Membership(store, user));
            damage.extend(named("of memberships", between));
        }
    }
    for row in applications::standing_rows(tx)? {
        if !holds(vault, &row) {
            damage.extend(named(&row.application, from_word(&row.application).map(Damage::Standing)));
        }
    }
    for row in grants::rows(tx)? {
        if !holds(vault, &row) {
            damage.extend(named(&row.request, from_word(&row.request).map(Damage::Grant)));
        }
    }
    for row in remembered::rows(tx)? {
        if !holds(vault, &row) {
            damage.extend(named(&row.request, from_word(&row.request).map(Damage::Remembered)));
        }
    }
    if settings::row(tx)?.is_some_and(|row| !holds(vault, &row)) {
        damage.push(Damage::Settings);
    }
    let ended = journal::ended_keys(tx)?;
    for row in keys::rows(tx)? {
        let revived = ended.contains(&row.id) && !row.has_end();
        if revived || !holds(vault, &row) {
            damage.extend(named(&row.id, from_word(&row.id).map(Damage::Key)));
        }
    }
    for old in replacements::distrusted(tx, vault)? {
        let key = Damage::Key(from_word(&old)?);
        if !damage.contains(&key) {
            damage.push(key);
        }
    }
    keys::fold_endings(tx, vault)?;
    requests::forget_old(tx, at)?;
    remembered::forget_old(tx, at)?;
    chain::checkpoint(tx, vault, at)?;
    Ok(damage)
}

/// A row whose handle is none was left out when the rows were read; nobody could ask for it.
fn named(row: &str, damage: Result<Damage>) -> Option<Damage> {
    damage.inspect_err(|error| tracing::warn!(row, %error, "a row that does not verify has no handle")).ok()
}
