//! Stores and what is set about them. Nothing here decides anything, hence no MAC; who may do what in a store is in its
//! memberships.

use desk::ports::KeyringError;
use domain::{Actor, Role, Store, StoreDraft, StoreId, StoreSettings, Timestamp, UserId};
use rusqlite::{Connection, Row, Transaction, params};

use crate::crypto::Keys;
use crate::error::{Result, taken};
use crate::journal;
use crate::people::{MemberRow, demand_user};
use crate::words::{from_json, from_word, json, maybe_text, readable, text};

/// A row of `stores`.
struct StoreRow {
    id: String,
    issuer: String,
    name: String,
    created: i64,
    settings: Option<String>,
}

impl StoreRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: text(row, 0)?,
            issuer: text(row, 1)?,
            name: text(row, 2)?,
            created: row.get(3)?,
            settings: maybe_text(row, 4)?,
        })
    }

    fn store(self) -> Result<Store> {
        Ok(Store {
            id: from_word(&self.id)?,
            issuer: from_word(&self.issuer)?,
            settings: self.settings(),
            name: self.name,
            created: Timestamp(self.created),
        })
    }

    /// What was never set, and what cannot be read, has its default: the store is there all the same.
    fn settings(&self) -> StoreSettings {
        let Some(written) = &self.settings else { return StoreSettings::default() };
        from_json(written).unwrap_or_else(|error| {
            tracing::warn!(%error, store = %self.id, "the settings of a store cannot be read");
            StoreSettings::default()
        })
    }
}

/// All stores, oldest first.
pub(crate) fn all(conn: &Connection) -> Result<Vec<Store>> {
    let mut query =
        conn.prepare("SELECT id, issuer, name, created, settings FROM stores ORDER BY created, id")?;
    let rows: Vec<StoreRow> = query.query_map([], StoreRow::read)?.collect::<rusqlite::Result<_>>()?;
    Ok(readable("stores", rows, StoreRow::store))
}

/// Adds a store and its owner.
pub(crate) fn create(
    tx: &Transaction<'_>,
    keys: &Keys,
    store: &Store,
    owner: &UserId,
    actor: &Actor,
) -> Result<()> {
    demand_user(tx, owner)?;
    let settings = json(&store.settings)?;
    tx.execute(
        "INSERT INTO stores (id, issuer, name, created, settings) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![store.id.as_str(), store.issuer.to_string(), store.name, store.created.0, settings],
    )
    .map_err(taken("store"))?;
    MemberRow::new(&store.id, owner, Role::Owner)?.insert(tx, keys)?;
    journal::store_created(tx, store, owner, actor)
}

/// Replaces name and settings.
pub(crate) fn change(
    tx: &Transaction<'_>,
    store: &StoreId,
    draft: &StoreDraft,
    by: (Timestamp, &Actor),
) -> Result<()> {
    let changed = tx.execute(
        "UPDATE stores SET name = ?2, settings = ?3 WHERE id = ?1",
        params![store.as_str(), draft.name(), json(draft.settings())?],
    )?;
    if changed == 0 {
        return Err(KeyringError::NotFound("store").into());
    }
    journal::store_changed(tx, store, draft.name(), by)
}

/// Ends a membership, and the store with its last one: nobody could reach it any more.
pub(crate) fn remove_member(
    tx: &Transaction<'_>,
    store: &StoreId,
    user: &UserId,
    by: (Timestamp, &Actor),
) -> Result<()> {
    let removed = tx.execute(
        "DELETE FROM memberships WHERE store_id = ?1 AND user_id = ?2",
        params![store.as_str(), user.as_str()],
    )?;
    if removed == 0 {
        return Err(KeyringError::NotFound("member").into());
    }
    journal::member_removed(tx, store, user, by)?;
    let ended = tx.execute(
        "DELETE FROM stores WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM memberships WHERE store_id = ?1)",
        [store.as_str()],
    )?;
    if ended == 0 { Ok(()) } else { journal::store_removed(tx, store, by) }
}
