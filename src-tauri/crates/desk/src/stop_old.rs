//! What a granted key takes the place of.

use domain::{ApiKey, ApplicationId, Asking, Consent, KeyId, Replacement, StopOld, UserId, stands_in_for};

use crate::{CallError, Desk, changes::is_any_page, replacing::new_id};

impl Desk {
    /// The keys that an application has for a user, newest first: each may be told to stop when the new one is first
    /// used. None for a trial, whose key does not last, and for a page that nothing tells from others.
    pub(crate) fn stoppable(&self, asking: &Asking, owner: &UserId) -> Vec<ApiKey> {
        let application = self.register().id_of(&asking.identity);
        let Some(application) = application.filter(|_| !self.is_trial(asking) && !is_any_page(asking)) else {
            return Vec::new();
        };
        let mut keys = self.usable_keys(self.clock.now(), |key| is_of(key, &application, owner));
        keys.sort_by(|a, b| b.created.cmp(&a.created).then_with(|| a.id.cmp(&b.id)));
        keys
    }

    /// Checks which keys an approval says are to stop.
    pub(crate) fn check_stop_old(
        &self,
        asking: &Asking,
        stop_old: &[KeyId],
        consent: &Consent,
        is_new: bool,
    ) -> Result<(), CallError> {
        if stop_old.is_empty() {
            return Ok(());
        }
        if !is_new {
            return Err(CallError::invalid("stop_old", "a key that is handed over again replaces none"));
        }
        let theirs = self.stoppable(asking, consent.owner());
        match stop_old.iter().find(|id| theirs.iter().all(|key| key.id != **id)) {
            Some(id) => Err(CallError::invalid(
                "stop_old",
                format!("{id} is no live key of this application and user"),
            )),
            None => Ok(()),
        }
    }

    /// What the grant of `new` replaces: the keys that the admin named, and those of the same application and user that
    /// wait for one like it. Those that have ended meanwhile need nothing. The caller has its turn to write.
    pub(crate) fn replaced_by_grant(
        &self,
        new: &ApiKey,
        stop_old: &[KeyId],
        is_trial: bool,
    ) -> Result<Vec<Replacement>, CallError> {
        let receipt = new_id()?;
        let named = stop_old.iter().filter_map(|id| self.usable(id));
        let mut rows: Vec<Replacement> =
            named.map(|old| self.new_row(receipt.clone(), &old, StopOld::FirstUse)).collect();
        if !is_trial {
            rows.extend(self.waiting_for(new, stop_old));
        }
        Ok(rows.into_iter().map(|row| Replacement { new: Some(new.id.clone()), ..row }).collect())
    }

    fn waiting_for(&self, new: &ApiKey, but: &[KeyId]) -> Vec<Replacement> {
        let waiting: Vec<Replacement> = self.succession().rows().waiting().cloned().collect();
        let fits = |row: &Replacement| {
            let old = self.usable(&row.old)?;
            let same = old.owner == new.owner && old.application == new.application;
            let fits = same && !but.contains(&old.id) && stands_in_for(&new.permissions, &old.permissions);
            fits.then(|| self.new_row(row.id.clone(), &old, row.stop))
        };
        waiting.iter().filter_map(fits).collect()
    }

    fn usable(&self, id: &KeyId) -> Option<ApiKey> {
        let (index, now) = (self.index(), self.clock.now());
        index.get(id).filter(|key| index.is_usable(key, now)).cloned()
    }
}

fn is_of(key: &ApiKey, application: &ApplicationId, owner: &UserId) -> bool {
    key.owner == *owner && key.application.as_ref() == Some(application)
}
