//! The log: what each entry says, and reading it. Its text is open to whoever has the disk.

use std::collections::{HashMap, HashSet};

use desk::ports::{EndedRequest, GrantedKey, KeyChange, NewGrant, UserChange};
use domain::{
    Action, Actor, ApiKey, Application, Delivery, Ending, KeyId, LogEntry, PermissionSet, Receiver,
    Remembered, Replacement, RequestId, RequestStatus, Settings, Standing, StopOld, Store, StoreId,
    Timestamp, User, UserId,
};
use rusqlite::{Connection, Row, Transaction, params};

use crate::chain::{self, Entry};
use crate::error::{Result, damaged};
use crate::people::UserRow;
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

/// What is to become of a user, told from the row as it is before.
pub(crate) fn user_changed(
    tx: &Transaction<'_>,
    before: &UserRow,
    change: &UserChange,
    by: (Timestamp, &Actor),
) -> Result<()> {
    let (action, detail) = match change {
        UserChange::Email(email) => (Action::UserChanged, format!("from {} to {email}", before.email)),
        UserChange::Name(_) => (Action::UserChanged, "name".to_owned()),
        UserChange::ImageUrl(_) => (Action::UserChanged, "picture".to_owned()),
        UserChange::Password(Some(_)) => (Action::PasswordChanged, "another one".to_owned()),
        UserChange::Password(None) => (Action::PasswordChanged, "none any more".to_owned()),
        UserChange::Admin(true) => (Action::UserPromoted, before.email.clone()),
        UserChange::Admin(false) => (Action::UserDemoted, before.email.clone()),
        UserChange::Disabled(true) => (Action::UserDisabled, before.email.clone()),
        UserChange::Disabled(false) => (Action::UserEnabled, before.email.clone()),
    };
    write(tx, action, &before.id, &detail, by)
}

pub(crate) fn user_deleted(tx: &Transaction<'_>, user: &UserRow, by: (Timestamp, &Actor)) -> Result<()> {
    write(tx, Action::UserDeleted, &user.id, &user.email, by)
}

/// What the log says last of a user.
#[derive(Debug, Default)]
pub(crate) struct Told {
    admin: Option<bool>,
    disabled: Option<bool>,
    deleted: bool,
}

impl Told {
    /// Whether a row says otherwise.
    pub(crate) fn contradicts(&self, row: &UserRow) -> bool {
        self.deleted
            || self.admin.is_some_and(|admin| admin != row.is_admin)
            || self.disabled.is_some_and(|disabled| disabled != row.disabled)
    }
}

/// What the log says last of the users that were promoted, demoted, disabled, enabled or deleted.
pub(crate) fn told_of_users(conn: &Connection) -> Result<HashMap<String, Told>> {
    let mut query = conn.prepare(
        "SELECT subject, action FROM log WHERE action IN ('user-promoted', 'user-demoted', 'user-disabled',
         'user-enabled', 'user-deleted') ORDER BY seq",
    )?;
    let mut told: HashMap<String, Told> = HashMap::new();
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let of_user = told.entry(text(row, 0)?).or_default();
        match text(row, 1)?.as_str() {
            "user-deleted" => of_user.deleted = true,
            "user-disabled" => of_user.disabled = Some(true),
            "user-enabled" => of_user.disabled = Some(false),
            role => of_user.admin = Some(role == "user-promoted"),
        }
    }
    Ok(told)
}

pub(crate) fn settings_changed(
    tx: &Transaction<'_>,
    chosen: &Settings,
    when: (Timestamp, &Actor),
) -> Result<()> {
    let basic = if chosen.basic { "on" } else { "off" };
    let lock = chosen.lock_after.map_or_else(|| "never".to_owned(), |minutes| format!("after {minutes} min"));
    let clear =
        chosen.clear_clipboard.map_or_else(|| "never".to_owned(), |seconds| format!("after {seconds} s"));
    let detail =
        format!("sign-in with a password {basic}, locks itself {lock}, clears the clipboard {clear}");
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

pub(crate) fn store_changed(
    tx: &Transaction<'_>,
    store: &StoreId,
    name: &str,
    by: (Timestamp, &Actor),
) -> Result<()> {
    write(tx, Action::StoreChanged, store.as_str(), name, by)
}

pub(crate) fn member_removed(
    tx: &Transaction<'_>,
    store: &StoreId,
    user: &UserId,
    by: (Timestamp, &Actor),
) -> Result<()> {
    write(tx, Action::MemberRemoved, store.as_str(), &format!("user {user}"), by)
}

pub(crate) fn store_removed(tx: &Transaction<'_>, store: &StoreId, by: (Timestamp, &Actor)) -> Result<()> {
    write(tx, Action::StoreRemoved, store.as_str(), "its last member left", by)
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
    why: &str,
    by: (Timestamp, &Actor),
) -> Result<()> {
    let action = match how {
        Ending::Revoked => Action::KeyRevoked,
        Ending::Expired => Action::KeyExpired,
    };
    write(tx, action, key.as_str(), why, by)
}

pub(crate) fn key_replaced(tx: &Transaction<'_>, row: &Replacement, actor: &Actor) -> Result<()> {
    let by = row.new.as_ref().map_or("the next key of its application", KeyId::as_str);
    let stops = match row.stop {
        StopOld::Now => "stops now",
        StopOld::FirstUse => "stops when that is first used",
        StopOld::InADay => "stops in 24 hours",
    };
    write(
        tx,
        Action::KeyReplaced,
        row.old.as_str(),
        &format!("{}: by {by}, {stops}", row.id),
        (row.at, actor),
    )
}

/// How often the log says of each key there is that it was replaced.
pub(crate) fn replaced_keys(conn: &Connection) -> Result<HashMap<String, u32>> {
    let mut query = conn.prepare(
        "SELECT subject, count(*) FROM log JOIN keys ON keys.id = subject WHERE action = ?1 GROUP BY subject",
    )?;
    let read = |row: &Row<'_>| Ok((text(row, 0)?, row.get(1)?));
    Ok(query.query_map([word(Action::KeyReplaced)?], read)?.collect::<rusqlite::Result<_>>()?)
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
    let (action, detail) = match &new.repeats {
        Some(said) => (Action::RequestRepeated, format!("{detail}, as with request {said}")),
        None => (Action::RequestApproved, detail),
    };
    write(tx, action, new.request.id.as_str(), &detail, (new.request.ended, actor))
}

pub(crate) fn decision_remembered(tx: &Transaction<'_>, said: &Remembered, actor: &Actor) -> Result<()> {
    let detail = format!("key {} goes to {} again without asking", said.key, said.program);
    write(tx, Action::DecisionRemembered, said.request.as_str(), &detail, (said.since, actor))
}

pub(crate) fn decision_forgotten(
    tx: &Transaction<'_>,
    id: &RequestId,
    by: (Timestamp, &Actor),
) -> Result<()> {
    write(tx, Action::DecisionForgotten, id.as_str(), "", by)
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
        Delivery::Withheld => (Action::DeliveryFailed, "withheld, because another program listened there"),
        Delivery::FormPost => (Action::KeyDelivered, "posted by the browser"),
        Delivery::JsonPost => (Action::KeyDelivered, "posted by Fieldgate"),
        Delivery::Collected => (Action::KeyDelivered, "collected"),
        Delivery::Shown => (Action::KeyDelivered, "shown to the admin"),
    };
    write(tx, action, key, &format!("request {request}: {how}"), by)
}

/// That a granted key may go to another receiver than was decided on.
pub(crate) fn receiver_accepted(
    tx: &Transaction<'_>,
    request: &RequestId,
    (before, now): (Option<&Receiver>, &Receiver),
    by: (Timestamp, &Actor),
) -> Result<()> {
    let before = before.map_or_else(|| "one that was not kept".to_owned(), ToString::to_string);
    let detail = format!("{now}, instead of {before}");
    write(tx, Action::ReceiverAccepted, request.as_str(), &detail, by)
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

/// The note itself stays out: the log is kept for good.
pub(crate) fn application_noted(
    tx: &Transaction<'_>,
    id: &str,
    application: &Application,
    by: (Timestamp, &Actor),
) -> Result<()> {
    let what = if application.note.is_some() { "has another note" } else { "has no note any more" };
    write(tx, Action::ApplicationNoted, id, &format!("{} {what}", application.identity), by)
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
        entries.extend(readable_entry(row));
    }
    Ok(entries)
}

/// The entry of a row, if it can be read.
pub(crate) fn readable_entry(row: &Row<'_>) -> Option<LogEntry> {
    entry(row).inspect_err(|error| tracing::warn!(%error, "a log entry cannot be read")).ok()
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
