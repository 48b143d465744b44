//! Approvals that are repeated without asking: said with an approval, used while the desk is open, listed and revoked.

use std::sync::{Arc, MutexGuard, PoisonError};

use domain::{ApiKey, Asking, Asks, NotRemembered, PermissionSet, Receiver, Remembered, Repeat, RequestId};

use crate::{
    CallError, Caller, Desk,
    calls::{
        Approve, Done, Matching, Proof, RememberedForget, RememberedList, RememberedListView, RememberedView,
    },
    desk::off_thread,
    grants::Plan,
    keys::{application_name, written},
    ports::{Damage, Notice},
};

impl Desk {
    /// What is remembered, newest first, and the rows that somebody else has written.
    pub(crate) async fn remembered_list(
        self: &Arc<Self>,
        caller: &Caller,
        _: RememberedList,
    ) -> Result<RememberedListView, CallError> {
        let open = self.openings.of(caller)?;
        let all = off_thread(move || open.remembered()).await?;
        let uncollected = self.never_collected().await?;
        let (people, now) = (self.people(), self.clock.now());
        let standing = all.iter().rev().filter(|said| said.stands(now));
        let view = |said: &Remembered| {
            let key = self.index().get(&said.key).cloned()?;
            let application = self.register().by_id(&said.application).cloned()?;
            Some(RememberedView {
                id: said.request.clone(),
                application: said.application.to_string(),
                name: application_name(&application),
                key: self.key_view(&key, &people, &uncollected),
                permissions: written(&said.permissions),
                program: said.program.clone(),
                address: said.asked.address.as_ref().map(|address| address.expose().to_owned()),
                receiver: said.receiver.clone(),
                since: said.since,
                until: said.until(),
                uses: said.uses,
                last_used: said.last_used,
            })
        };
        let rows = standing.filter_map(view).collect();
        let damaged = self.damage().clone().into_iter().filter_map(|row| match row {
            Damage::Remembered(id) => Some(id),
            Damage::Key(_)
            | Damage::User(_)
            | Damage::Membership(..)
            | Damage::Settings
            | Damage::Standing(_)
            | Damage::Grant(_) => None,
        });
        Ok(RememberedListView { rows, damaged: damaged.collect() })
    }

    /// Forgets one, also one that somebody else has written: from now on it is asked about again.
    pub(crate) async fn remembered_forget(
        self: &Arc<Self>,
        caller: &Caller,
        args: RememberedForget,
    ) -> Result<Done, CallError> {
        let writer = self.writer().await;
        let (id, actor, now) = (args.id.clone(), self.actor(caller), self.clock.now());
        let forgotten = writer.write_open(caller, move |open| open.forget_remembered(&id, now, &actor)).await;
        forgotten.map_err(|error| error.of("id"))?;
        self.remembered().retain(|said| said.request != args.id);
        self.damage().retain(|row| *row != Damage::Remembered(args.id.clone()));
        self.announce();
        Ok(Done {})
    }

    /// What is to be remembered with an approval, where the human has said so.
    pub(crate) fn to_remember(
        &self,
        asking: &Asking,
        args: &Approve,
        plan: &Plan,
    ) -> Result<Option<Remembered>, CallError> {
        if args.remember != Some(true) {
            return Ok(None);
        }
        if self.is_trial(asking) {
            return Err(CallError::invalid("remember", "a trial is not remembered"));
        }
        let repeat = repeat_of(asking, plan.receiver());
        let refused = |why: NotRemembered| CallError::invalid("remember", why.to_string());
        let program = repeat.may_be_remembered(plan.permissions()).map_err(refused)?;
        Ok(Some(Remembered {
            request: asking.id.clone(),
            application: self.register().sighted(&asking.identity, None, asking.asked)?.id,
            key: plan.key_id().clone(),
            owner: plan.owner().clone(),
            permissions: plan.permissions().clone(),
            asked: Asks::of(&asking.request),
            program,
            receiver: plan.receiver().cloned(),
            since: self.clock.now(),
            uses: 0,
            last_used: None,
        }))
    }

    /// Why an approval of this could not be remembered.
    pub(crate) fn why_not_remembered(
        &self,
        asking: &Asking,
        receiver: Option<&Receiver>,
        granted: &PermissionSet,
    ) -> Option<String> {
        if self.is_trial(asking) {
            return Some("a trial is not remembered".to_owned());
        }
        repeat_of(asking, receiver).may_be_remembered(granted).err().map(|why| why.to_string())
    }

    /// Approves a request that has just come in, if that is remembered. Says whether it did: else it waits for the human
    /// like any other.
    pub(crate) async fn repeat(self: &Arc<Self>, id: &RequestId) -> bool {
        let Ok(asking) = self.waiting(id) else { return false };
        let Some((said, receiver)) = self.said_of(&asking).await else { return false };
        match self.approve_as_said(id, &said, receiver).await {
            Ok(()) => {
                self.shell.notify(Notice::HandedOverAgain);
                true
            }
            Err(error) => {
                tracing::warn!(%error, request = %id, "a remembered decision could not be repeated");
                false
            }
        }
    }

    /// The remembered decision that answers this request, and who would receive the key. None while the desk is locked.
    async fn said_of(&self, asking: &Asking) -> Option<(Remembered, Option<Receiver>)> {
        let application = self.register().id_of(&asking.identity)?;
        if self.is_locked() || self.is_trial(asking) {
            return None;
        }
        let mut all = self.remembered().clone();
        all.retain(|said| said.application == application);
        if all.is_empty() {
            return None;
        }
        let receiver = self.receiver_of(asking).await;
        let (repeat, now) = (repeat_of(asking, receiver.as_ref()), self.clock.now());
        let answers =
            |said: &Remembered| self.usable_key_of(said).is_some_and(|key| said.answers(&repeat, &key, now));
        let said = all.into_iter().find(answers)?;
        Some((said, receiver))
    }

    /// The key of a remembered decision, as long as it and its user are good and no other is to take its place.
    fn usable_key_of(&self, said: &Remembered) -> Option<ApiKey> {
        let people = self.people();
        let owner = people.user(&said.owner).filter(|owner| !owner.disabled)?;
        let key = {
            let index = self.index();
            let key = index.get(&said.key).filter(|key| key.owner == owner.id)?;
            index.is_usable(key, self.clock.now()).then(|| key.clone())?
        };
        (!self.is_being_replaced(&key)).then_some(key)
    }

    async fn approve_as_said(
        self: &Arc<Self>,
        id: &RequestId,
        said: &Remembered,
        receiver: Option<Receiver>,
    ) -> Result<(), CallError> {
        let claim = self.claim(id)?;
        let planned = self.plan_repeat(claim.asking(), said, &as_approval(id, said), receiver);
        let granted = match planned {
            Ok(plan) => self.grant(&claim, &plan, &Caller::DESK).await.map(|secret| (plan, secret)),
            Err(error) => Err(error),
        };
        match granted {
            Ok((plan, secret)) => self.hand_over(claim, plan, secret).await.map(drop),
            Err(error) => Err(self.give_back(claim, error).await),
        }
    }

    /// Takes over what was written with a grant.
    pub(crate) fn keep_remembered(&self, remember: Option<Remembered>, repeats: Option<&RequestId>) {
        let now = self.clock.now();
        let mut all = self.remembered();
        if let Some(said) = all.iter_mut().find(|said| Some(&said.request) == repeats) {
            said.uses += 1;
            said.last_used = Some(now);
        }
        if let Some(new) = remember {
            all.retain(|said| said.key != new.key);
            all.push(new);
        }
    }

    /// What is remembered, as long as the desk is open; nothing while it is locked.
    pub(crate) fn remembered(&self) -> MutexGuard<'_, Vec<Remembered>> {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) fn repeat_of<'a>(asking: &'a Asking, receiver: Option<&'a Receiver>) -> Repeat<'a> {
    Repeat {
        request: &asking.request,
        mode: asking.asker.mode,
        program: asking.asker.program.as_ref(),
        receiver,
    }
}

/// The approval as it was given.
fn as_approval(id: &RequestId, said: &Remembered) -> Approve {
    let stores = if said.asked.selective { said.permissions.stores() } else { [].into() };
    Approve {
        id: id.clone(),
        user: Some(said.owner.to_string()),
        issuer: None,
        stores: stores.into_iter().cloned().collect(),
        permissions: (!said.asked.strict).then(|| written(&said.permissions)),
        label: None,
        expires: None,
        proof: Proof::Passphrase,
        matching: Some(Matching::Existing),
        stop_old: Vec::new(),
        passphrase: None,
        receiver: None,
        remember: None,
    }
}
