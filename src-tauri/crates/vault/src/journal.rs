//! The log: what each entry says, and reading it. Its text is open to whoever has the disk.

use std::collections::HashSet;

use desk::ports::{EndedRequest, GrantedKey, KeyChange, NewGrant};
use domain::{
    Action, Actor, ApiKey, Application, Delivery, Ending, KeyId, LogEntry, PermissionSet, RequestId,
    RequestStatus, Settings, Standing, Store, Timestamp, User, UserId,
};
use rusqlite::{Connection, Row, Transaction, params};

use crate::chain::{self, Entry};
use crate::error::{Result, damaged};
use crate::words::{from_word, text, word};

/// Adds an entry.
pub(crate) fn write(
    tx: &Transaction<'_>,
    action: Action,
    subject: &str,
    detail: &str,
    (at, actor): (Timestamp, &Actor),
) -> Result<()> {
    let (actor, action) = (actor_word(actor), word(action)?);
    chain::append(tx, &Entry { at, actor: &actor, action: &action, subject, detail })?;
    Ok(())
}

pub(crate) fn desk_created(tx: &Transaction<'_>, admin: &User, at: Timestamp) -> Result<()> {
    let detail = format!("with the admin {}", admin.email);
    write(tx, Action::DeskCreated, admin.id.as_str(), &detail, (at, &Actor::Fieldgate))
}

pub(crate) fn user_created(tx: &Transaction<'_>, user: &User, actor: &Actor) -> Result<()> {
    let role = if user.is_admin { "admin" } else { "user" };
    let password = if user.has_password { "with a password" } else { "without a password" };
    let detail = format!("{}, {role} {password}", user.email);
    write(tx, Action::UserCreated, user.id.as_str(), &detail, (user.created, actor))
}

pub(crate) fn settings_changed(
    tx: &Transaction<'_>,
    chosen: &Settings,
    when: (Timestamp, &Actor),
) -> Result<()> {
    let basic = if chosen.basic { "on" } else { "off" };
    let lock = chosen.lock_after.map_or_else(|| "never".to_owned(), |minutes| format!("after {minutes} min"));
    let detail = format!("sign-in with a password {basic}, locks itself {lock}");
    write(tx, Action::SettingsChanged, "settings", &detail, when)
}

pub(crate) fn store_created(
    tx: &Transaction<'_>,
    store: &Store,
    owner: &UserId,
    actor: &Actor,
) -> Result<()> {
    let detail = format!("{}, owned by {owner}", store.name);
    write(tx, Action::StoreCreated, store.id.as_str(), &detail, (store.created, actor))
}

pub(crate) fn key_created(tx: &Transaction<'_>, key: &ApiKey, actor: &Actor) -> Result<()> {
    let detail = format!("for {}: {}", key.owner, listed(&key.permissions));
    write(tx, Action::KeyCreated, key.id.as_str(), &detail, (key.created, actor))
}

pub(crate) fn key_changed(
    tx: &Transaction<'_>,
    before: &KeyChange,
    after: &KeyChange,
    when: (Timestamp, &Actor),
) -> Result<()> {
    let mut said = Vec::new();
    if before.permissions != after.permissions {
        said.push(repermitted(&before.permissions, &after.permissions));
    }
    if before.label != after.label {
        said.push("another label".to_owned());
    }
    match (before.expires, after.expires) {
        (before, after) if before == after => {}
        (_, None) => said.push("ends no more by itself".to_owned()),
        (Some(before), Some(after)) if before < after => said.push("ends later".to_owned()),
        (_, Some(_)) => said.push("ends sooner".to_owned()),
    }
    write(tx, Action::KeyChanged, after.key.as_str(), &said.join("; "), when)
}

fn repermitted(before: &PermissionSet, after: &PermissionSet) -> String {
    let kept = before.iter().filter(|permission| after.contains(permission)).count();
    let new = match after.len() - kept {
        0 => String::new(),
        new => format!(", {new} new"),
    };
    format!("{kept} of {} permissions kept{new}: {}", before.len(), listed(after))
}

pub(crate) fn key_ended(
    tx: &Transaction<'_>,
    key: &KeyId,
    how: Ending,
    at: Timestamp,
    actor: &Actor,
) -> Result<()> {
    let action = match how {
        Ending::Revoked => Action::KeyRevoked,
        Ending::Expired => Action::KeyExpired,
    };
    write(tx, action, key.as_str(), "", (at, actor))
}

/// The keys that the log says have ended.
pub(crate) fn ended_keys(conn: &Connection) -> Result<HashSet<String>> {
    let mut query = conn.prepare("SELECT DISTINCT subject FROM log WHERE action IN (?1, ?2)")?;
    let ends = params![word(Action::KeyRevoked)?, word(Action::KeyExpired)?];
    Ok(query.query_map(ends, |row| text(row, 0))?.collect::<rusqlite::Result<_>>()?)
}

pub(crate) fn request_approved(tx: &Transaction<'_>, new: &NewGrant, actor: &Actor) -> Result<()> {
    let key = match &new.key {
        GrantedKey::New(key) => format!("new key {}", key.key.id),
        GrantedKey::Existing(id) => format!("existing key {id}"),
    };
    let detail = format!(
        "{key} of {} for {}: {}",
        new.owner,
        new.request.application.identity,
        listed(&new.permissions)
    );
    write(tx, Action::RequestApproved, new.request.id.as_str(), &detail, (new.request.ended, actor))
}

pub(crate) fn request_ended(tx: &Transaction<'_>, request: &EndedRequest, actor: &Actor) -> Result<()> {
    let (action, how) = match request.status {
        RequestStatus::Refused => (Action::RequestRefused, "refused"),
        RequestStatus::Expired => (Action::RequestEnded, "nobody decided in time"),
        RequestStatus::Withdrawn => (Action::RequestEnded, "withdrawn by the asker"),
        RequestStatus::Superseded => (Action::RequestEnded, "another request of the same kind was decided"),
        RequestStatus::Closed => (Action::RequestEnded, "Fieldgate was closed"),
        RequestStatus::Pending
        | RequestStatus::Approved
        | RequestStatus::Delivered
        | RequestStatus::Undelivered => {
            return Err(damaged("a request that was not refused has no such end"));
        }
    };
    let detail =
        format!("{how}: {} asked for {}", request.application.identity, listed(&request.permissions));
    write(tx, action, request.id.as_str(), &detail, (request.ended, actor))
}

/// How a key went out, for the request it was granted to.
pub(crate) fn delivered(
    tx: &Transaction<'_>,
    (key, request): (&str, &RequestId),
    how: Delivery,
    by: (Timestamp, &Actor),
) -> Result<()> {
    let (action, how) = match how {
        Delivery::Never => return Err(damaged("a key that nobody has did not go out")),
        Delivery::Failed => (Action::DeliveryFailed, "could not be posted"),
        Delivery::FormPost => (Action::KeyDelivered, "posted by the browser"),
        Delivery::JsonPost => (Action::KeyDelivered, "posted by Fieldgate"),
        Delivery::Collected => (Action::KeyDelivered, "collected"),
        Delivery::Shown => (Action::KeyDelivered, "shown to the admin"),
    };
    write(tx, action, key, &format!("request {request}: {how}"), by)
}

pub(crate) fn standing_changed(
    tx: &Transaction<'_>,
    id: &str,
    application: &Application,
    standing: Standing,
    by: (Timestamp, &Actor),
) -> Result<()> {
    let detail = format!("{} is {} from now on", application.identity, word(standing)?);
    write(tx, Action::StandingChanged, id, &detail, by)
}

fn listed(permissions: &PermissionSet) -> String {
    if permissions.is_empty() {
        return "no permission".to_owned();
    }
    permissions.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// Entries before `before` (from the end when absent), newest first, at most `limit`. One that cannot be read was
/// written by somebody else: it is left out here and named when the log is verified.
pub(crate) fn read(conn: &Connection, before: Option<u64>, limit: u32) -> Result<Vec<LogEntry>> {
    let before = before.map_or(i64::MAX, |seq| i64::try_from(seq).unwrap_or(i64::MAX));
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut query = conn.prepare(
        "SELECT seq, at, actor, action, subject, detail FROM log WHERE seq < ?1 ORDER BY seq DESC",
    )?;
    let mut entries = Vec::new();
    let mut rows = query.query(params![before])?;
    while entries.len() < limit
        && let Some(row) = rows.next()?
    {
        match entry(row) {
            Ok(entry) => entries.push(entry),
            Err(error) => tracing::warn!(%error, "a log entry cannot be read"),
        }
    }
    Ok(entries)
}

fn entry(row: &Row<'_>) -> Result<LogEntry> {
    let seq: i64 = row.get(0)?;
    Ok(LogEntry {
        seq: u64::try_from(seq).map_err(|_| damaged("an entry before the first"))?,
        at: Timestamp(row.get(1)?),
        actor: actor(&text(row, 2)?)?,
        action: from_word(&text(row, 3)?)?,
        subject: text(row, 4)?,
        detail: text(row, 5)?,
    })
}

fn actor_word(actor: &Actor) -> String {
    match actor {
        Actor::Window => "window".to_owned(),
        Actor::CommandLine => "command-line".to_owned(),
        Actor::Key { id } => format!("key:{id}"),
        Actor::Basic { user } => format!("basic:{user}"),
        Actor::Asker => "asker".to_owned(),
        Actor::Fieldgate => "fieldgate".to_owned(),
    }
}

fn actor(word: &str) -> Result<Actor> {
    Ok(match word.split_once(':').unwrap_or((word, "")) {
        ("window", "") => Actor::Window,
        ("command-line", "") => Actor::CommandLine,
        ("key", id) => Actor::Key { id: from_word(id)? },
        ("basic", user) => Actor::Basic { user: from_word(user)? },
        ("asker", "") => Actor::Asker,
        ("fieldgate", "") => Actor::Fieldgate,
        _ => return Err(damaged(format!("{word:?} is nobody known"))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_reads_back_as_written() -> Result<()> {
        let (id, user) =
            (from_word("akid_00112233aabbccdd")?, from_word("8d0f4a2e-4e3b-4a6e-9d6c-000000000001")?);
        let everybody = [
            (Actor::Window, "window"),
            (Actor::CommandLine, "command-line"),
            (Actor::Key { id }, "key:akid_00112233aabbccdd"),
            (Actor::Basic { user }, "basic:8d0f4a2e-4e3b-4a6e-9d6c-000000000001"),
            (Actor::Asker, "asker"),
            (Actor::Fieldgate, "fieldgate"),
        ];
        for (somebody, word) in everybody {
            assert_eq!(actor_word(&somebody), word);
            assert_eq!(actor(word)?, somebody);
        }
        for nobody in ["", "nobody", "key:", "window:x", "key:a b"] {
            assert!(actor(nobody).is_err(), "{nobody:?}");
        }
        Ok(())
    }
}
