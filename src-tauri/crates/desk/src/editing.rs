//! Keys that are there already: another label, other permissions, another end. The token stays.

use std::sync::Arc;

use domain::{ApiKey, KeyId, Permission, PermissionSet, Timestamp};

use crate::{
    CallError, Caller, Desk,
    calls::{Expiry, KeyEdit, KeyReduce, KeyView},
    keys::{known_permission, no_such_key},
    ports::KeyChange,
    writing::Writer,
};

/// How long a label may be, in characters.
const LONGEST_LABEL: usize = 200;

impl Desk {
    pub(crate) async fn key_edit(
        self: &Arc<Self>,
        caller: &Caller,
        args: KeyEdit,
    ) -> Result<KeyView, CallError> {
        let writer = self.writer().await;
        let key = self.editable(&args.id)?;
        let label = args.label.unwrap_or_else(|| key.label.clone());
        fit_label(&label)?;
        let permissions = match &args.permissions {
            Some(texts) => permissions_beside(&key.permissions, texts)?,
            None => key.permissions.clone(),
        };
        let expires = match args.expires {
            None => key.expires,
            Some(Expiry::Never) => None,
            Some(Expiry::At(end)) => Some(end),
        };
        if args.expires.is_some() {
            fit_end(expires, self.clock.now())?;
        }
        let change = KeyChange { key: key.id.clone(), label, permissions, expires };
        self.change_key(caller, writer, &key, change).await
    }

    pub(crate) async fn key_reduce(
        self: &Arc<Self>,
        caller: &Caller,
        args: KeyReduce,
    ) -> Result<KeyView, CallError> {
        let writer = self.writer().await;
        let key = self.editable(&args.id)?;
        let used = self.usage_of(&key.id, &writer).await?.used_of(&key.permissions);
        if used.is_empty() {
            let nothing =
                "this key has used none of its permissions, so none would be left: revoke it instead";
            return Err(CallError::invalid("id", nothing));
        }
        let change = KeyChange {
            key: key.id.clone(),
            label: key.label.clone(),
            permissions: used,
            expires: key.expires,
        };
        self.change_key(caller, writer, &key, change).await
    }

    /// A key that has not ended.
    fn editable(&self, id: &KeyId) -> Result<ApiKey, CallError> {
        let key = self.index().get(id).cloned().ok_or_else(no_such_key)?;
        let live = key.is_live(self.clock.now());
        live.then_some(key).ok_or_else(|| CallError::invalid("id", "this key has ended and stays as it is"))
    }

    /// Writes the change down, then lets the key go by it. One that changes nothing is not written.
    async fn change_key(
        &self,
        caller: &Caller,
        writer: Writer<'_>,
        key: &ApiKey,
        change: KeyChange,
    ) -> Result<KeyView, CallError> {
        let as_it_is = KeyChange {
            key: key.id.clone(),
            label: key.label.clone(),
            permissions: key.permissions.clone(),
            expires: key.expires,
        };
        if change != as_it_is {
            let (now, actor, written) = (self.clock.now(), self.actor(caller), change.clone());
            writer.write_open(caller, move |open| open.change_key(&written, now, &actor)).await?;
            self.index_mut().change(change);
            self.announce();
        }
        drop(writer);
        let key = self.index().get(&key.id).cloned().ok_or_else(no_such_key)?;
        Ok(self.key_view(&key, &self.people(), &*self.never_collected().await?))
    }
}

/// Reads permissions that a person has typed: each has to be one that exists, or one that the key has already.
fn permissions_beside(held: &PermissionSet, texts: &[String]) -> Result<PermissionSet, CallError> {
    let read = |text: &String| match Permission::parse(text) {
        Ok(permission) if held.contains(&permission) => Ok(permission),
        Ok(_) | Err(_) => known_permission(text),
    };
    texts.iter().map(read).collect()
}

pub(crate) fn fit_label(label: &str) -> Result<(), CallError> {
    if label.chars().count() > LONGEST_LABEL {
        return Err(CallError::invalid("label", "the label is longer than 200 characters"));
    }
    Ok(())
}

pub(crate) fn fit_end(expires: Option<Timestamp>, now: Timestamp) -> Result<(), CallError> {
    if expires.is_some_and(|end| end <= now) {
        return Err(CallError::invalid("expires", "the expiry is not in the future"));
    }
    Ok(())
}
