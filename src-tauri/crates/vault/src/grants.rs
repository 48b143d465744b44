//! Approvals: who got which key, and how it went out.

use std::collections::HashSet;

use desk::ports::{GrantedKey, KeyringError, NewGrant};
use domain::{Actor, ApplicationId, Delivery, Grant, Issuer, KeyHash, KeyId, RequestId, Sealed, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::crypto::{Fields, Keys, Mac, Place};
use crate::error::{Result, damaged, taken};
use crate::people::demand_user;
use crate::vouch::{Vouched, holds, vouched};
use crate::words::{from_json, from_word, json, maybe_text, readable, text, word};
use crate::{journal, keys, remembered, replacements, requests};

/// A row of `grants`.
#[derive(Debug)]
pub(crate) struct GrantRow {
    pub(crate) request: String,
    key: String,
    owner: String,
    issuer: String,
    permissions: String,
    existing: bool,
    mode: String,
    sealed_query: Vec<u8>,
    collect_hash: Vec<u8>,
    granted: i64,
    delivery: String,
    delivered: Option<i64>,
    receiver: Option<String>,
    withheld: bool,
    mac: Vec<u8>,
}

/// `GrantRow::read` knows this order.
const SELECT: &str = "SELECT request_id, key_id, owner, issuer, permissions, existing, mode, sealed_query,
    collect_hash, granted_at, delivery, delivered_at, receiver, withheld, mac FROM grants";

impl GrantRow {
    fn new(keys: &Keys, new: &NewGrant, issuer: &Issuer) -> Result<Self> {
        let request = &new.request;
        Ok(Self {
            request: request.id.to_string(),
            key: new.key.id().to_string(),
            owner: new.owner.to_string(),
            issuer: issuer.to_string(),
            permissions: json(&new.permissions)?,
            existing: matches!(new.key, GrantedKey::Existing(_)),
            mode: word(request.mode)?,
            sealed_query: keys.seal(place(request.id.as_str()), new.query.expose().as_bytes())?,
            collect_hash: new.collect.0.to_vec(),
            granted: request.ended.0,
            delivery: column(new.delivery)?,
            delivered: new.delivery.is_out().then_some(request.ended.0),
            receiver: new.receiver.as_ref().map(json).transpose()?,
            withheld: false,
            mac: Vec::new(),
        })
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            request: text(row, 0)?,
            key: text(row, 1)?,
            owner: text(row, 2)?,
            issuer: text(row, 3)?,
            permissions: text(row, 4)?,
            existing: row.get(5)?,
            mode: text(row, 6)?,
            sealed_query: row.get(7)?,
            collect_hash: row.get(8)?,
            granted: row.get(9)?,
            delivery: text(row, 10)?,
            delivered: row.get(11)?,
            receiver: maybe_text(row, 12)?,
            withheld: row.get(13)?,
            mac: row.get(14)?,
        })
    }

    pub(crate) fn grant(&self) -> Result<Grant> {
        Ok(Grant {
            request: from_word(&self.request)?,
            key: from_word(&self.key)?,
            owner: from_word(&self.owner)?,
            issuer: from_word(&self.issuer)?,
            permissions: from_json(&self.permissions)?,
            existing: self.existing,
            mode: from_word(&self.mode)?,
            delivery: self.delivery()?,
            receiver: self.receiver.as_deref().map(from_json).transpose()?,
            granted: Timestamp(self.granted),
            delivered: self.delivered.map(Timestamp),
        })
    }

    fn delivery(&self) -> Result<Delivery> {
        if self.withheld { Ok(Delivery::Withheld) } else { from_word(&self.delivery) }
    }

    /// Takes another receiver, and gives back the one of before. The row is to be vouched for anew.
    pub(crate) fn set_receiver(&mut self, receiver: String) -> Option<String> {
        self.receiver.replace(receiver)
    }

    fn insert(&self, tx: &Transaction<'_>) -> Result<()> {
        let add = "INSERT INTO grants (request_id, key_id, owner, issuer, permissions, existing, mode, sealed_query,
             collect_hash, granted_at, delivery, delivered_at, receiver, withheld, mac)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";
        tx.execute(
            add,
            params![
                self.request,
                self.key,
                self.owner,
                self.issuer,
                self.permissions,
                self.existing,
                self.mode,
                self.sealed_query,
                self.collect_hash,
                self.granted,
                self.delivery,
                self.delivered,
                self.receiver,
                self.withheld,
                self.mac
            ],
        )
        .map_err(taken("grant"))?;
        Ok(())
    }
}

impl Vouched for GrantRow {
    const TABLE: &'static str = "grants";

    fn row(&self) -> String {
        self.request.clone()
    }

    fn fields(&self) -> Fields {
        let fields = Fields::new()
            .text(&self.key)
            .text(&self.owner)
            .text(&self.issuer)
            .text(&self.permissions)
            .flag(self.existing)
            .text(&self.mode)
            .bytes(&self.collect_hash)
            .int(self.granted);
        // A grant from before receivers were kept has the MAC it was written with.
        match &self.receiver {
            Some(receiver) => fields.text(receiver),
            None => fields,
        }
    }

    fn mac(&self) -> &[u8] {
        &self.mac
    }

    fn set_mac(&mut self, mac: Mac) {
        self.mac = mac.to_vec();
    }
}

/// All rows of `grants`.
pub(crate) fn rows(conn: &Connection) -> Result<Vec<GrantRow>> {
    let mut query = conn.prepare(&format!("{SELECT} ORDER BY granted_at, request_id"))?;
    Ok(query.query_map([], GrantRow::read)?.collect::<rusqlite::Result<_>>()?)
}

/// The grant of a request, if it was granted.
pub(crate) fn of(conn: &Connection, request: &RequestId) -> Result<Option<GrantRow>> {
    let mut query = conn.prepare(&format!("{SELECT} WHERE request_id = ?1"))?;
    Ok(query.query_row([request.as_str()], GrantRow::read).optional()?)
}

/// The grants of the `limit` newest requests.
pub(crate) fn of_newest(conn: &Connection, limit: u32) -> Result<Vec<GrantRow>> {
    let newest = "SELECT id FROM requests ORDER BY ended_at DESC, asked_at DESC, id LIMIT ?1";
    let mut query = conn.prepare(&format!("{SELECT} WHERE request_id IN ({newest})"))?;
    Ok(query.query_map([limit], GrantRow::read)?.collect::<rusqlite::Result<_>>()?)
}

/// The grants of an application.
pub(crate) fn of_application(conn: &Connection, application: &ApplicationId) -> Result<Vec<GrantRow>> {
    let theirs = "SELECT id FROM requests WHERE application_id = ?1";
    let mut query = conn.prepare(&format!("{SELECT} WHERE request_id IN ({theirs})"))?;
    Ok(query.query_map([application.as_str()], GrantRow::read)?.collect::<rusqlite::Result<_>>()?)
}

/// Keys that were granted and that no app has: one delivery of a key settles it.
pub(crate) fn never_collected(conn: &Connection) -> Result<HashSet<KeyId>> {
    let mut query = conn.prepare(
        "SELECT key_id FROM grants GROUP BY key_id HAVING min(delivery IN ('never', 'failed')) = 1",
    )?;
    let ids: Vec<String> = query.query_map([], |row| text(row, 0))?.collect::<rusqlite::Result<_>>()?;
    Ok(readable("grants", ids, |id| from_word(&id)).into_iter().collect())
}

/// When a key last went out to an app.
pub(crate) fn handed_over(conn: &Connection, key: &KeyId) -> Result<Option<Timestamp>> {
    let last = "SELECT max(delivered_at) FROM grants WHERE key_id = ?1";
    Ok(conn.query_row(last, [key.as_str()], |row| row.get::<_, Option<i64>>(0))?.map(Timestamp))
}

/// Writes application, key, history and grant.
pub(crate) fn create(tx: &Transaction<'_>, keys: &Keys, new: &NewGrant, actor: &Actor) -> Result<()> {
    demand_user(tx, &new.owner)?;
    let application = requests::enter(tx, &new.request)?;
    let issuer = match &new.key {
        GrantedKey::New(key) => {
            keys::create(tx, keys, key, Some(application.clone()), actor)?;
            key.key.issuer.clone()
        }
        GrantedKey::Existing(id) => keys::issuer_of_live(tx, keys, id, new.request.ended)?,
    };
    vouched(keys, GrantRow::new(keys, new, &issuer)?).insert(tx)?;
    journal::request_approved(tx, new, actor)?;
    for row in &new.replaces {
        replacements::create(tx, keys, row, actor)?;
    }
    if let Some(id) = &new.repeats {
        remembered::repeated(tx, keys, id, new.request.ended)?;
    }
    if let Some(said) = &new.remember {
        remembered::keep(tx, keys, said, application, actor)?;
    }
    if !new.delivery.is_out() {
        return Ok(());
    }
    journal::delivered(tx, (new.key.id().as_str(), &new.request.id), new.delivery, (new.request.ended, actor))
}

/// Writes how a granted key went out. That it could not says nothing about a key that went out before.
pub(crate) fn record_delivery(
    tx: &Transaction<'_>,
    id: &RequestId,
    how: Delivery,
    at: Timestamp,
) -> Result<()> {
    let row = of(tx, id)?.ok_or(KeyringError::NotFound("grant"))?;
    let was_out = from_word::<Delivery>(&row.delivery)?.is_out();
    if how.is_out() || !was_out {
        tx.execute(
            "UPDATE grants SET delivery = ?2, delivered_at = ?3, withheld = ?4 WHERE request_id = ?1",
            params![row.request, column(how)?, how.is_out().then_some(at.0), how == Delivery::Withheld],
        )?;
    }
    let actor = match how {
        Delivery::FormPost | Delivery::Collected => Actor::Asker,
        Delivery::Never | Delivery::Failed | Delivery::Withheld | Delivery::JsonPost | Delivery::Shown => {
            Actor::Fieldgate
        }
    };
    journal::delivered(tx, (&row.key, id), how, (at, &actor))
}

/// The word in the column `delivery`: what was withheld has failed, and says why in a column of its own.
fn column(how: Delivery) -> Result<String> {
    word(if how == Delivery::Withheld { Delivery::Failed } else { how })
}

/// Reads back what was asked and what the asker's collect secret is recognised by.
pub(crate) fn reveal_asking(conn: &Connection, keys: &Keys, id: &RequestId) -> Result<(Sealed, KeyHash)> {
    let row = of(conn, id)?.ok_or(KeyringError::NotFound("grant"))?;
    if !holds(keys, &row) {
        return Err(damaged(format!("the grant of request {id} was changed by somebody else")));
    }
    let opened = keys.open(place(&row.request), &row.sealed_query)?;
    let query = str::from_utf8(&opened).map_err(|_| damaged("a query is no text"))?;
    let collect = row.collect_hash.try_into().map_err(|_| damaged("a hash has another length"))?;
    Ok((Sealed::new(query.to_owned()), KeyHash(collect)))
}

fn place(row: &str) -> Place<'_> {
    Place { table: GrantRow::TABLE, row, column: "sealed_query" }
}
