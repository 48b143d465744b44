//! Keys that were granted and that no app has, in memory: a table of keys asks for them again and again.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use domain::{KeyId, KeySecret};

use crate::{CallError, Desk, ports::NewGrant};

/// Their handles, as soon as somebody has asked; kept in step by whoever writes a grant or a delivery.
#[derive(Debug, Default)]
pub(crate) struct Uncollected(Mutex<Option<Arc<HashSet<KeyId>>>>);

impl Uncollected {
    fn known(&self) -> MutexGuard<'_, Option<Arc<HashSet<KeyId>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A grant was written. Whether a key that was there before had been collected is for the store to say.
    pub(crate) fn granted(&self, grant: &NewGrant, is_new: bool) {
        let id = grant.key.id();
        if grant.delivery.is_out() {
            return self.collected(id);
        }
        let mut known = self.known();
        match known.as_mut() {
            Some(ids) if is_new => drop(Arc::make_mut(ids).insert(id.clone())),
            Some(_) | None => *known = None,
        }
    }

    /// A delivery was written: one of a key settles it.
    pub(crate) fn collected(&self, id: &KeyId) {
        if let Some(ids) = self.known().as_mut() {
            Arc::make_mut(ids).remove(id);
        }
    }

    /// The store is to be asked again.
    pub(crate) fn forget(&self) {
        *self.known() = None;
    }
}

impl Desk {
    /// That the key with this token has gone out is written.
    pub(crate) fn is_out(&self, secret: &KeySecret) {
        let id = self.index().recognise(secret).map(|key| key.id.clone());
        if let Some(id) = id {
            self.uncollected.collected(&id);
        }
    }

    /// Keys that were granted and that no app has.
    pub(crate) async fn never_collected(&self) -> Result<Arc<HashSet<KeyId>>, CallError> {
        if let Some(known) = self.uncollected.known().clone() {
            return Ok(known);
        }
        // Nobody writes a grant or a delivery between reading and keeping.
        let writer = self.writer().await;
        let read = Arc::new(writer.write(|keyring| keyring.never_collected()).await?);
        Ok(Arc::clone(self.uncollected.known().get_or_insert(read)))
    }
}
