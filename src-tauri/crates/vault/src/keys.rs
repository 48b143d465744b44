//! API keys and how they end.

use desk::ports::{KeyChange, KeyringError, NewKey, StoredKey};
use domain::{Actor, ApiKey, Ending, Issuer, KeyEnd, KeyHash, KeyId, KeySecret, Timestamp, UserId};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::applications::{self, Recognised};
use crate::crypto::{Fields, Keys, Mac, Place};
use crate::error::{Result, damaged, taken};
use crate::people::demand_user;
use crate::vouch::{Vouched, holds, vouched};
use crate::words::{from_json, from_word, json, maybe_text, readable, text, word};
use crate::{journal, replacements};

/// A row of `keys`, with what its application is recognised by, and the end that was written beside it while locked.
#[derive(Debug)]
pub(crate) struct KeyRow {
    pub(crate) id: String,
    hash: Vec<u8>,
    sealed_secret: Vec<u8>,
    owner: String,
    issuer: String,
    label: String,
    permissions: String,
    application: Option<String>,
    created: i64,
    expires: Option<i64>,
    revoked_at: Option<i64>,
    expired_at: Option<i64>,
    last_used: Option<i64>,
    mac: Vec<u8>,
    /// Whoever could change this would be handed the key, hence it is under the MAC.
    by: Option<Recognised>,
    /// Kind and time of the end that no MAC covers yet.
    beside: Option<(String, i64)>,
}

/// `KeyRow::read` knows this order.
const SELECT: &str =
    "SELECT keys.id, hash, sealed_secret, owner, issuer, label, permissions, application_id, created,
    expires, revoked_at, expired_at, last_used, mac, key_endings.kind, at,
    applications.kind, identifier, origin, exe, script
    FROM keys LEFT JOIN key_endings ON key_id = keys.id LEFT JOIN applications ON applications.id = application_id";

impl KeyRow {
    fn new(keys: &Keys, new: &NewKey, application: Option<String>, by: Option<Recognised>) -> Result<Self> {
        let (key, secret) = (&new.key, &new.secret);
        Ok(Self {
            id: key.id.to_string(),
            hash: secret.hash().0.to_vec(),
            sealed_secret: keys.seal(place(key.id.as_str()), secret.expose().as_bytes())?,
            owner: key.owner.to_string(),
            issuer: key.issuer.to_string(),
            label: key.label.clone(),
            permissions: json(&key.permissions)?,
            application,
            created: key.created.0,
            expires: key.expires.map(|at| at.0),
            revoked_at: None,
            expired_at: None,
            last_used: None,
            mac: Vec::new(),
            by,
            beside: None,
        })
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let kind = maybe_text(row, 14)?;
        let at: Option<i64> = row.get(15)?;
        let application = maybe_text(row, 7)?;
        let by = application.is_some().then(|| Recognised::read(row, 16)).transpose()?;
        Ok(Self {
            id: text(row, 0)?,
            hash: row.get(1)?,
            sealed_secret: row.get(2)?,
            owner: text(row, 3)?,
            issuer: text(row, 4)?,
            label: text(row, 5)?,
            permissions: text(row, 6)?,
            application,
            created: row.get(8)?,
            expires: row.get(9)?,
            revoked_at: row.get(10)?,
            expired_at: row.get(11)?,
            last_used: row.get(12)?,
            mac: row.get(13)?,
            by,
            beside: kind.zip(at),
        })
    }

    fn end(&self) -> Result<Option<KeyEnd>> {
        let revoked = self.revoked_at.map(|at| (Ending::Revoked, at));
        let expired = self.expired_at.map(|at| (Ending::Expired, at));
        let found = match (revoked.or(expired), &self.beside) {
            (None, Some((kind, at))) => Some((from_word(kind)?, *at)),
            (written, _) => written,
        };
        Ok(found.map(|(how, at)| KeyEnd { how, at: Timestamp(at) }))
    }

    pub(crate) fn expires(&self) -> Option<Timestamp> {
        self.expires.map(Timestamp)
    }

    pub(crate) fn is_of_the_user_of(&self, other: &Self) -> bool {
        self.owner == other.owner
    }

    /// Whether an end stands in the row or beside it.
    pub(crate) fn has_end(&self) -> bool {
        self.revoked_at.is_some() || self.expired_at.is_some() || self.beside.is_some()
    }

    fn stored(self) -> Result<StoredKey> {
        let key = ApiKey {
            id: from_word(&self.id)?,
            owner: from_word(&self.owner)?,
            issuer: from_word(&self.issuer)?,
            permissions: from_json(&self.permissions)?,
            application: self.application.as_deref().map(from_word).transpose()?,
            created: Timestamp(self.created),
            expires: self.expires.map(Timestamp),
            last_used: self.last_used.map(Timestamp),
            ended: self.end()?,
            label: self.label,
        };
        let hash = KeyHash(self.hash.try_into().map_err(|_| damaged("a hash has another length"))?);
        Ok(StoredKey { key, hash })
    }
}

impl Vouched for KeyRow {
    const TABLE: &'static str = "keys";

    fn row(&self) -> String {
        self.id.clone()
    }

    fn fields(&self) -> Fields {
        let own = Fields::new()
            .bytes(&self.hash)
            .text(&self.owner)
            .text(&self.issuer)
            .text(&self.permissions)
            .maybe_text(self.application.as_deref())
            .int(self.created)
            .maybe_int(self.expires)
            .maybe_int(self.revoked_at)
            .maybe_int(self.expired_at);
        match &self.by {
            Some(by) => by.under_mac(own),
            None => own,
        }
    }

    fn mac(&self) -> &[u8] {
        &self.mac
    }

    fn set_mac(&mut self, mac: Mac) {
        self.mac = mac.to_vec();
    }
}

/// All rows of `keys`, oldest first.
pub(crate) fn rows(conn: &Connection) -> Result<Vec<KeyRow>> {
    let mut query = conn.prepare(&format!("{SELECT} ORDER BY created, keys.id"))?;
    Ok(query.query_map([], KeyRow::read)?.collect::<rusqlite::Result<_>>()?)
}

/// The rows of a user's keys, oldest first.
pub(crate) fn of(conn: &Connection, owner: &UserId) -> Result<Vec<KeyRow>> {
    let mut query = conn.prepare(&format!("{SELECT} WHERE owner = ?1 ORDER BY created, keys.id"))?;
    Ok(query.query_map([owner.as_str()], KeyRow::read)?.collect::<rusqlite::Result<_>>()?)
}

/// All keys, oldest first.
pub(crate) fn all(conn: &Connection) -> Result<Vec<StoredKey>> {
    Ok(readable("keys", rows(conn)?, KeyRow::stored))
}

fn find(conn: &Connection, id: &KeyId) -> Result<KeyRow> {
    let mut query = conn.prepare(&format!("{SELECT} WHERE keys.id = ?1"))?;
    let found = query.query_row([id.as_str()], KeyRow::read).optional()?;
    Ok(found.ok_or(KeyringError::NotFound("key"))?)
}

/// A key's row, if it is as we wrote it.
fn trusted(conn: &Connection, keys: &Keys, id: &KeyId) -> Result<KeyRow> {
    let row = find(conn, id)?;
    if holds(keys, &row) { Ok(row) } else { Err(damaged(format!("key {id} was changed by somebody else"))) }
}

/// Adds a key. `application` is what it was granted to, by the handle the register has.
pub(crate) fn create(
    tx: &Transaction<'_>,
    keys: &Keys,
    new: &NewKey,
    application: Option<String>,
    actor: &Actor,
) -> Result<()> {
    demand_user(tx, &new.key.owner)?;
    let by = match &application {
        Some(id) => applications::recognised(tx, id)?,
        None => None,
    };
    let row = vouched(keys, KeyRow::new(keys, new, application, by)?);
    let add = "INSERT INTO keys (id, hash, sealed_secret, owner, issuer, label, permissions, application_id, created,
         expires, mac) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
    tx.execute(
        add,
        params![
            row.id,
            row.hash,
            row.sealed_secret,
            row.owner,
            row.issuer,
            row.label,
            row.permissions,
            row.application,
            row.created,
            row.expires,
            row.mac
        ],
    )
    .map_err(taken("key"))?;
    journal::key_created(tx, &new.key, actor)
}

/// A key's row, if it is as we wrote it and the key has neither ended nor run out at `at`.
pub(crate) fn live(tx: &Transaction<'_>, keys: &Keys, id: &KeyId, at: Timestamp) -> Result<KeyRow> {
    let row = trusted(tx, keys, id)?;
    if row.end()?.is_some() || row.expires.is_some_and(|end| end <= at.0) {
        return Err(KeyringError::NotFound("live key").into());
    }
    Ok(row)
}

/// Who minted a key that is to be handed over again at `at`. One that is not there, was changed, has ended or has run
/// out by then is refused.
pub(crate) fn issuer_of_live(tx: &Transaction<'_>, keys: &Keys, id: &KeyId, at: Timestamp) -> Result<Issuer> {
    from_word(&live(tx, keys, id, at)?.issuer)
}

/// Gives a live key another label, other permissions or another end, under its MAC.
pub(crate) fn change(
    tx: &Transaction<'_>,
    keys: &Keys,
    change: &KeyChange,
    (at, actor): (Timestamp, &Actor),
) -> Result<()> {
    let row = live(tx, keys, &change.key, at)?;
    let before = KeyChange {
        key: change.key.clone(),
        label: row.label.clone(),
        permissions: from_json(&row.permissions)?,
        expires: row.expires.map(Timestamp),
    };
    let row = KeyRow {
        label: change.label.clone(),
        permissions: json(&change.permissions)?,
        expires: change.expires.map(|at| at.0),
        ..row
    };
    let row = vouched(keys, row);
    tx.execute(
        "UPDATE keys SET label = ?2, permissions = ?3, expires = ?4, mac = ?5 WHERE id = ?1",
        params![row.id, row.label, row.permissions, row.expires, row.mac],
    )?;
    journal::key_changed(tx, &before, change, (at, actor))
}

/// Moves the end of a live key, under its MAC. The caller tells why.
pub(crate) fn set_end(tx: &Transaction<'_>, keys: &Keys, row: KeyRow, end: Option<Timestamp>) -> Result<()> {
    let row = vouched(keys, KeyRow { expires: end.map(|at| at.0), ..row });
    tx.execute(
        "UPDATE keys SET expires = ?2, mac = ?3 WHERE id = ?1",
        params![row.id, row.expires, row.mac],
    )?;
    Ok(())
}

/// Reads a key's token back.
pub(crate) fn reveal(conn: &Connection, keys: &Keys, id: &KeyId) -> Result<KeySecret> {
    let row = trusted(conn, keys, id)?;
    let opened = keys.open(place(&row.id), &row.sealed_secret)?;
    let text = str::from_utf8(&opened).map_err(|_| damaged("a token is no text"))?;
    let secret = KeySecret::presented(text);
    if secret.hash().0.as_slice() == row.hash { Ok(secret) } else { Err(damaged("a token is another key's")) }
}

/// Writes that a key ended, beside its row, where no MAC can be made; [`fold_endings`] moves it under one. The first end stays.
pub(crate) fn end(
    tx: &Transaction<'_>,
    id: &KeyId,
    how: Ending,
    at: Timestamp,
    actor: &Actor,
) -> Result<bool> {
    if find(tx, id)?.end()?.is_some() {
        return Ok(false);
    }
    tx.execute(
        "INSERT INTO key_endings (key_id, at, kind) VALUES (?1, ?2, ?3)",
        params![id.as_str(), at.0, word(how)?],
    )?;
    let why = replacements::why_ended(tx, id, how, actor)?;
    journal::key_ended(tx, id, how, &why, (at, actor))?;
    Ok(true)
}

/// Moves the ends that stand beside their rows into them. One beside a row that was changed stays there: nothing that
/// was written into the row may revive it.
pub(crate) fn fold_endings(tx: &Transaction<'_>, keys: &Keys) -> Result<()> {
    let mut query = tx.prepare(&format!("{SELECT} WHERE key_endings.kind IS NOT NULL"))?;
    let rows: Vec<KeyRow> = query.query_map([], KeyRow::read)?.collect::<rusqlite::Result<_>>()?;
    rows.into_iter().filter(|row| holds(keys, row)).try_for_each(|row| fold(tx, keys, row))
}

fn fold(tx: &Transaction<'_>, keys: &Keys, mut row: KeyRow) -> Result<()> {
    tx.execute("DELETE FROM key_endings WHERE key_id = ?1", [&row.id])?;
    // An end under the row's MAC was there first.
    let Some(end) = row.end()?.filter(|_| row.revoked_at.or(row.expired_at).is_none()) else { return Ok(()) };
    match end.how {
        Ending::Revoked => row.revoked_at = Some(end.at.0),
        Ending::Expired => row.expired_at = Some(end.at.0),
    }
    let row = vouched(keys, row);
    tx.execute(
        "UPDATE keys SET revoked_at = ?2, expired_at = ?3, mac = ?4 WHERE id = ?1",
        params![row.id, row.revoked_at, row.expired_at, row.mac],
    )?;
    Ok(())
}

fn place(row: &str) -> Place<'_> {
    Place { table: KeyRow::TABLE, row, column: "sealed_secret" }
}
