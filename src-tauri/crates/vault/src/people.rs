//! Users, and who belongs to which store.

use desk::ports::{KeyringError, NewUser};
use domain::{Actor, Membership, Role, StoreId, User, UserId};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::crypto::{Fields, Keys, Mac, hash_password};
use crate::error::{Result, taken};
use crate::journal;
use crate::vouch::{Vouched, vouched};
use crate::words::{from_word, maybe_text, readable, text, word};

/// A row of `users`.
#[derive(Debug)]
pub(crate) struct UserRow {
    pub(crate) id: String,
    pub(crate) issuer: String,
    pub(crate) email: String,
    pub(crate) name: Option<String>,
    pub(crate) password_hash: Option<String>,
    pub(crate) is_admin: bool,
    pub(crate) disabled: bool,
    created: i64,
    mac: Vec<u8>,
    pub(crate) image_url: Option<String>,
}

/// `UserRow::read` knows this order.
const SELECT_USERS: &str =
    "SELECT id, issuer, email, name, password_hash, is_admin, disabled, created, mac, image_url FROM users";

impl UserRow {
    /// A new user's row. Hashes the password: blocks for some 30 ms.
    pub(crate) fn new(new: &NewUser) -> Result<Self> {
        let user = &new.user;
        Ok(Self {
            id: user.id.to_string(),
            issuer: user.issuer.to_string(),
            email: user.email.to_string(),
            name: user.name.clone(),
            password_hash: new.password.as_ref().map(hash_password).transpose()?,
            is_admin: user.is_admin,
            disabled: user.disabled,
            created: user.created.0,
            mac: Vec::new(),
            image_url: user.image_url.clone(),
        })
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: text(row, 0)?,
            issuer: text(row, 1)?,
            email: text(row, 2)?,
            name: maybe_text(row, 3)?,
            password_hash: maybe_text(row, 4)?,
            is_admin: row.get(5)?,
            disabled: row.get(6)?,
            created: row.get(7)?,
            mac: row.get(8)?,
            image_url: maybe_text(row, 9)?,
        })
    }

    pub(crate) fn user(&self) -> Result<User> {
        Ok(User {
            id: from_word(&self.id)?,
            email: from_word(&self.email)?,
            name: self.name.clone(),
            image_url: self.image_url.clone(),
            is_admin: self.is_admin,
            disabled: self.disabled,
            has_password: self.password_hash.is_some(),
            issuer: from_word(&self.issuer)?,
            created: domain::Timestamp(self.created),
        })
    }

    /// Adds it, vouched for.
    pub(crate) fn insert(self, tx: &Transaction<'_>, keys: &Keys) -> Result<()> {
        let row = vouched(keys, self);
        let add =
            "INSERT INTO users (id, issuer, email, name, password_hash, is_admin, disabled, created, mac, image_url)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
        tx.execute(
            add,
            params![
                row.id,
                row.issuer,
                row.email,
                row.name,
                row.password_hash,
                row.is_admin,
                row.disabled,
                row.created,
                row.mac,
                row.image_url
            ],
        )
        .map_err(taken("email"))?;
        Ok(())
    }

    /// Writes over the row of the same id, vouched for.
    pub(crate) fn update(self, tx: &Transaction<'_>, keys: &Keys) -> Result<()> {
        let row = vouched(keys, self);
        let change =
            "UPDATE users SET email = ?2, name = ?3, password_hash = ?4, is_admin = ?5, disabled = ?6,
             image_url = ?7, mac = ?8 WHERE id = ?1";
        tx.execute(
            change,
            params![
                row.id,
                row.email,
                row.name,
                row.password_hash,
                row.is_admin,
                row.disabled,
                row.image_url,
                row.mac
            ],
        )
        .map_err(taken("email"))?;
        Ok(())
    }
}

impl Vouched for UserRow {
    const TABLE: &'static str = "users";

    fn row(&self) -> String {
        self.id.clone()
    }

    fn fields(&self) -> Fields {
        Fields::new()
            .text(&self.issuer)
            .text(&self.email)
            .maybe_text(self.password_hash.as_deref())
            .flag(self.is_admin)
            .flag(self.disabled)
            .int(self.created)
    }

    fn mac(&self) -> &[u8] {
        &self.mac
    }

    fn set_mac(&mut self, mac: Mac) {
        self.mac = mac.to_vec();
    }
}

/// A row of `memberships`.
#[derive(Debug)]
pub(crate) struct MemberRow {
    store: String,
    user: String,
    role: String,
    mac: Vec<u8>,
}

impl MemberRow {
    /// A new membership's row.
    pub(crate) fn new(store: &StoreId, user: &UserId, role: Role) -> Result<Self> {
        let (store, user, role) = (store.to_string(), user.to_string(), word(role)?);
        Ok(Self { store, user, role, mac: Vec::new() })
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self { store: text(row, 0)?, user: text(row, 1)?, role: text(row, 2)?, mac: row.get(3)? })
    }

    /// Adds it, vouched for.
    pub(crate) fn insert(self, tx: &Transaction<'_>, keys: &Keys) -> Result<()> {
        let row = vouched(keys, self);
        tx.execute(
            "INSERT INTO memberships (store_id, user_id, role, mac) VALUES (?1, ?2, ?3, ?4)",
            params![row.store, row.user, row.role, row.mac],
        )?;
        Ok(())
    }

    /// Adds it or writes over the one that is there, vouched for.
    pub(crate) fn put(self, tx: &Transaction<'_>, keys: &Keys) -> Result<()> {
        let row = vouched(keys, self);
        tx.execute(
            "INSERT INTO memberships (store_id, user_id, role, mac) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (store_id, user_id) DO UPDATE SET role = excluded.role, mac = excluded.mac",
            params![row.store, row.user, row.role, row.mac],
        )?;
        Ok(())
    }

    /// The store's and the user's id, as they are written.
    pub(crate) fn names(&self) -> (String, String) {
        (self.store.clone(), self.user.clone())
    }

    /// The role, as it is written.
    pub(crate) fn role(&self) -> &str {
        &self.role
    }

    /// Whose membership it is, whatever the role.
    pub(crate) fn between(&self) -> Result<(StoreId, UserId)> {
        Ok((from_word(&self.store)?, from_word(&self.user)?))
    }

    fn membership(self) -> Result<Membership> {
        let (store, user) = self.between()?;
        Ok(Membership { store, user, role: from_word(&self.role)? })
    }
}

impl Vouched for MemberRow {
    const TABLE: &'static str = "memberships";

    fn row(&self) -> String {
        format!("{}/{}", self.store, self.user)
    }

    fn fields(&self) -> Fields {
        // A slash written into an id by hand could move the boundary in the row's name, but not here.
        Fields::new().text(&self.store).text(&self.user).text(&self.role)
    }

    fn mac(&self) -> &[u8] {
        &self.mac
    }

    fn set_mac(&mut self, mac: Mac) {
        self.mac = mac.to_vec();
    }
}

/// All rows of `users`, oldest first.
pub(crate) fn user_rows(conn: &Connection) -> Result<Vec<UserRow>> {
    let mut query = conn.prepare(&format!("{SELECT_USERS} ORDER BY created, id"))?;
    Ok(query.query_map([], UserRow::read)?.collect::<rusqlite::Result<_>>()?)
}

/// One row of `users`.
pub(crate) fn user_row(conn: &Connection, id: &UserId) -> Result<UserRow> {
    let mut query = conn.prepare(&format!("{SELECT_USERS} WHERE id = ?1"))?;
    let found = query.query_row([id.as_str()], UserRow::read).optional()?;
    Ok(found.ok_or(KeyringError::NotFound("user"))?)
}

/// All users, oldest first.
pub(crate) fn users(conn: &Connection) -> Result<Vec<User>> {
    Ok(readable("users", user_rows(conn)?, |row| row.user()))
}

/// One row of `memberships`.
pub(crate) fn member_row(conn: &Connection, store: &StoreId, user: &UserId) -> Result<Option<MemberRow>> {
    let mut query = conn.prepare(
        "SELECT store_id, user_id, role, mac FROM memberships WHERE store_id = ?1 AND user_id = ?2",
    )?;
    Ok(query.query_row([store.as_str(), user.as_str()], MemberRow::read).optional()?)
}

/// A user's rows of `memberships`.
pub(crate) fn member_rows_of(conn: &Connection, user: &UserId) -> Result<Vec<MemberRow>> {
    let mut query = conn.prepare(
        "SELECT store_id, user_id, role, mac FROM memberships WHERE user_id = ?1 ORDER BY store_id",
    )?;
    Ok(query.query_map([user.as_str()], MemberRow::read)?.collect::<rusqlite::Result<_>>()?)
}

/// All rows of `memberships`.
pub(crate) fn member_rows(conn: &Connection) -> Result<Vec<MemberRow>> {
    let mut query =
        conn.prepare("SELECT store_id, user_id, role, mac FROM memberships ORDER BY store_id, user_id")?;
    Ok(query.query_map([], MemberRow::read)?.collect::<rusqlite::Result<_>>()?)
}

/// Who belongs to which store.
pub(crate) fn memberships(conn: &Connection) -> Result<Vec<Membership>> {
    Ok(readable("memberships", member_rows(conn)?, MemberRow::membership))
}

/// Adds a user, of whose address there is no other yet at its issuer in whatever letters.
pub(crate) fn create_user(
    tx: &Transaction<'_>,
    keys: &Keys,
    row: UserRow,
    user: &User,
    actor: &Actor,
) -> Result<()> {
    demand_free(tx, user)?;
    row.insert(tx, keys)?;
    journal::user_created(tx, user, actor)
}

/// Refuses an address that another user of the same issuer has, in whatever letters: the table's own rule folds ASCII
/// alone.
pub(crate) fn demand_free(tx: &Transaction<'_>, user: &User) -> Result<()> {
    let taken =
        |other: &User| other.id != user.id && other.issuer == user.issuer && other.email == user.email;
    if users(tx)?.iter().any(taken) { Err(KeyringError::Duplicate("email").into()) } else { Ok(()) }
}

/// Refuses what would belong to nobody.
pub(crate) fn demand_user(tx: &Transaction<'_>, id: &UserId) -> Result<()> {
    let there = tx.prepare("SELECT 1 FROM users WHERE id = ?1")?.exists([id.as_str()])?;
    if there { Ok(()) } else { Err(KeyringError::NotFound("user").into()) }
}

/// The hash of a user's password, if there is one.
pub(crate) fn password_hash(conn: &Connection, user: &UserId) -> Result<Option<String>> {
    let mut query = conn.prepare("SELECT password_hash FROM users WHERE id = ?1")?;
    Ok(query.query_row([user.as_str()], |row| maybe_text(row, 0)).optional()?.flatten())
}
