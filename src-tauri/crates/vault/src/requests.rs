//! The history: requests that ended, and what was granted.

use std::collections::HashMap;

use desk::ports::{EndedRequest, RequestRecord};
use domain::{Actor, Application, ApplicationId, RequestId, Standing, Timestamp};
use rusqlite::{Connection, Row, Transaction, params};

use crate::applications;
use crate::crypto::Keys;
use crate::error::{Result, damaged, taken};
use crate::grants::{self, GrantRow};
use crate::journal;
use crate::words::{from_json, from_word, json, maybe_text, readable, text, word};

/// How long a request is remembered, unless it was granted a key that still works: 90 days.
const KEPT: i64 = 90 * 24 * 60 * 60;

/// `RequestRow::read` knows this order.
const SELECT: &str =
    "SELECT id, asked_at, ended_at, status, application_id, mode, name, origin, program, permissions,
    unknown, strict_asked, selective, unencrypted, sent_by FROM requests";

/// A row of `requests`.
#[derive(Debug)]
struct RequestRow {
    id: String,
    asked: i64,
    ended: i64,
    status: String,
    application: String,
    mode: String,
    name: Option<String>,
    origin: Option<String>,
    program: Option<String>,
    permissions: String,
    unknown: String,
    strict: bool,
    selective_stores: bool,
    unencrypted: bool,
    sent_by: Option<String>,
}

impl RequestRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: text(row, 0)?,
            asked: row.get(1)?,
            ended: row.get(2)?,
            status: text(row, 3)?,
            application: text(row, 4)?,
            mode: text(row, 5)?,
            name: maybe_text(row, 6)?,
            origin: maybe_text(row, 7)?,
            program: maybe_text(row, 8)?,
            permissions: text(row, 9)?,
            unknown: text(row, 10)?,
            strict: row.get(11)?,
            selective_stores: row.get(12)?,
            unencrypted: row.get(13)?,
            sent_by: maybe_text(row, 14)?,
        })
    }

    fn request(self, register: &HashMap<String, Application>) -> Result<EndedRequest> {
        let application = register.get(&self.application).cloned();
        Ok(EndedRequest {
            id: from_word(&self.id)?,
            application: application.ok_or_else(|| damaged("a request of no application"))?,
            name: self.name,
            mode: from_word(&self.mode)?,
            program: self.program.as_deref().map(from_json).transpose()?,
            sent_by: self.sent_by.as_deref().map(from_json).transpose()?,
            origin: self.origin,
            permissions: from_json(&self.permissions)?,
            unknown: from_json(&self.unknown)?,
            strict: self.strict,
            selective_stores: self.selective_stores,
            unencrypted: self.unencrypted,
            asked: Timestamp(self.asked),
            ended: Timestamp(self.ended),
            status: from_word(&self.status)?,
        })
    }
}

/// Requests that ended, newest first, at most `limit`.
pub(crate) fn newest(conn: &Connection, limit: u32) -> Result<Vec<RequestRecord>> {
    let mut query = conn.prepare(&format!("{SELECT} ORDER BY ended_at DESC, asked_at DESC, id LIMIT ?1"))?;
    let rows = query.query_map([limit], RequestRow::read)?.collect::<rusqlite::Result<_>>()?;
    let grants = grants::of_newest(conn, limit)?;
    records(conn, rows, grants)
}

/// One request that ended.
pub(crate) fn one(conn: &Connection, id: &RequestId) -> Result<Option<RequestRecord>> {
    let mut query = conn.prepare(&format!("{SELECT} WHERE id = ?1"))?;
    let rows = query.query_map([id.as_str()], RequestRow::read)?.collect::<rusqlite::Result<_>>()?;
    let grant = grants::of(conn, id)?.into_iter().collect();
    Ok(records(conn, rows, grant)?.pop())
}

/// What an application asked and how it ended, newest first, at most `limit`.
pub(crate) fn of_application(
    conn: &Connection,
    application: &ApplicationId,
    limit: u32,
) -> Result<Vec<RequestRecord>> {
    let order = "ORDER BY ended_at DESC, asked_at DESC, id LIMIT ?2";
    let mut query = conn.prepare(&format!("{SELECT} WHERE application_id = ?1 {order}"))?;
    let rows = query
        .query_map(params![application.as_str(), limit], RequestRow::read)?
        .collect::<rusqlite::Result<_>>()?;
    records(conn, rows, grants::of_application(conn, application)?)
}

/// What was granted to an application, newest first.
pub(crate) fn granted(conn: &Connection, application: &ApplicationId) -> Result<Vec<RequestRecord>> {
    let wanted = "WHERE application_id = ?1 AND id IN (SELECT request_id FROM grants)";
    let mut query = conn.prepare(&format!("{SELECT} {wanted} ORDER BY ended_at DESC, asked_at DESC, id"))?;
    let rows = query.query_map([application.as_str()], RequestRow::read)?.collect::<rusqlite::Result<_>>()?;
    records(conn, rows, grants::of_application(conn, application)?)
}

fn records(conn: &Connection, rows: Vec<RequestRow>, grants: Vec<GrantRow>) -> Result<Vec<RequestRecord>> {
    let register = applications::all(conn)?.into_iter().map(|app| (app.id.to_string(), app)).collect();
    let grants: HashMap<_, _> = grants.into_iter().map(|row| (row.request.clone(), row)).collect();
    Ok(readable("requests", rows, |row| {
        let grant = grants.get(&row.id);
        let request = row.request(&register)?;
        let grant = grant.map(GrantRow::grant).transpose()?;
        Ok(RequestRecord { request, grant })
    }))
}

/// Writes a request that ended without a grant, and its application.
pub(crate) fn record(tx: &Transaction<'_>, request: &EndedRequest, actor: &Actor) -> Result<()> {
    enter(tx, request)?;
    journal::request_ended(tx, request, actor)
}

/// Writes a refused request, its application and what the admin thinks of that from now on.
pub(crate) fn refuse(
    tx: &Transaction<'_>,
    keys: &Keys,
    request: &EndedRequest,
    standing: Option<Standing>,
    actor: &Actor,
) -> Result<()> {
    record(tx, request, actor)?;
    match standing {
        Some(standing) => {
            applications::set_standing(tx, keys, &request.application, standing, (request.ended, actor))
        }
        None => Ok(()),
    }
}

/// Enters the application, then the request. Answers the application's handle.
pub(crate) fn enter(tx: &Transaction<'_>, request: &EndedRequest) -> Result<String> {
    let application = applications::enter(tx, &request.application)?;
    let add =
        "INSERT INTO requests (id, asked_at, ended_at, status, application_id, mode, name, origin, program,
         permissions, unknown, strict_asked, selective, unencrypted, sent_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";
    tx.execute(
        add,
        params![
            request.id.as_str(),
            request.asked.0,
            request.ended.0,
            word(request.status)?,
            application,
            word(request.mode)?,
            request.name,
            request.origin,
            request.program.as_ref().map(json).transpose()?,
            json(&request.permissions)?,
            json(&request.unknown)?,
            request.strict,
            request.selective_stores,
            request.unencrypted,
            request.sent_by.as_ref().map(json).transpose()?
        ],
    )
    .map_err(taken("request"))?;
    Ok(application)
}

/// Forgets old requests, except those whose key still works.
pub(crate) fn forget_old(tx: &Transaction<'_>, now: Timestamp) -> Result<()> {
    tx.execute(
        "DELETE FROM requests WHERE ended_at < ?1 AND NOT EXISTS (
             SELECT 1 FROM grants JOIN keys ON keys.id = key_id
             WHERE request_id = requests.id AND revoked_at IS NULL AND expired_at IS NULL
                 AND (expires IS NULL OR expires > ?2))",
        params![now.0.saturating_sub(KEPT), now.0],
    )?;
    Ok(())
}
