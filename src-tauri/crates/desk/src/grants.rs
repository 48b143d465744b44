//! From a decision to a grant in the store.

use std::collections::HashSet;

use domain::{
    Actor, ApiKey, Asking, Candidate, Choice, Claim, Consent, ConsentError, Delivery, Handover, KeyId,
    KeySecret, Match, PermissionSet, Receiver, Remembered, RequestId, RequestStatus, Route, StoreId,
    Timestamp, UserId, find_existing,
};

use crate::{
    CallError, Caller, Code, Desk,
    calls::{Approve, ApprovedView, GrantView, Matching, Revealed, WiderView},
    desk::off_thread,
    keys::{known_permissions, local_only, no_such_key, written},
    people::People,
    ports::{GrantedKey, NewGrant, NewKey, Parcel, Received, StoredKey},
};

/// What will be granted: checked, and not written yet.
pub(crate) struct Plan {
    consent: Consent,
    key: PlannedKey,
    permissions: PermissionSet,
    delivery: Delivery,
    receiver: Option<Receiver>,
    wider: Vec<WiderView>,
    /// Keys that are to stop with the first use of the new one.
    stop_old: Vec<KeyId>,
    /// What is remembered with it.
    remember: Option<Remembered>,
    /// The remembered decision it repeats.
    repeats: Option<RequestId>,
}

enum PlannedKey {
    New(NewKey),
    Existing(KeyId),
}

impl Plan {
    pub(crate) fn owner(&self) -> &UserId {
        self.consent.owner()
    }

    pub(crate) fn receiver(&self) -> Option<&Receiver> {
        self.receiver.as_ref()
    }

    /// What the key may do: an existing one may do less than was agreed to.
    pub(crate) fn permissions(&self) -> &PermissionSet {
        &self.permissions
    }

    pub(crate) fn key_id(&self) -> &KeyId {
        match &self.key {
            PlannedKey::New(new) => &new.key.id,
            PlannedKey::Existing(id) => id,
        }
    }

    pub(crate) fn handover(&self, parcel: &Parcel) -> Handover {
        Handover {
            key_id: self.key_id().clone(),
            secret: Some(parcel.secret.clone()),
            user: parcel.user.clone(),
            permissions: parcel.permissions.clone(),
            receiver: self.receiver.clone(),
        }
    }

    /// The answer to the admin. It carries the key only where there is nowhere else to hand it over.
    pub(crate) fn approved_view(&self, asking: &Asking, parcel: &Parcel, now: Timestamp) -> ApprovedView {
        let shown = self.delivery == Delivery::Shown;
        ApprovedView {
            id: asking.id.clone(),
            status: RequestStatus::Approved,
            grant: GrantView {
                key: self.key_id().clone(),
                user: self.owner().clone(),
                permissions: written(self.permissions()),
                existing: matches!(self.key, PlannedKey::Existing(_)),
                delivery: self.delivery,
                delivered: shown.then_some(now),
                first_used: None,
                last_used: None,
            },
            api_key: shown.then(|| Revealed::new(parcel.secret.expose().to_owned())),
            receiver: self.receiver.clone(),
            wider: self.wider.clone(),
        }
    }
}

impl Desk {
    /// Checks what the admin chose against what was asked, and says which key it will be.
    pub(crate) fn plan(
        &self,
        asking: &Asking,
        args: &Approve,
        receiver: Option<Receiver>,
    ) -> Result<Plan, CallError> {
        local_only(args.issuer.as_ref())?;
        let people = self.people();
        let consent = self.consent(asking, args, &people)?;
        let Match { exact, wider } = self.matching(asking, &consent, receiver.as_ref());
        let key = match (exact, args.matching) {
            (Some(id), Some(Matching::Existing)) => PlannedKey::Existing(id),
            (Some(id), None) => return Err(choice_needed(&id)),
            (None, Some(Matching::Existing)) => {
                return Err(CallError::invalid(
                    "existing",
                    "no key matches what this request would be granted",
                ));
            }
            (Some(_), Some(Matching::New)) | (None, Some(Matching::New) | None) => {
                PlannedKey::New(self.granted_key(&consent)?)
            }
        };
        self.check_stop_old(asking, &args.stop_old, &consent, matches!(key, PlannedKey::New(_)))?;
        let permissions = match &key {
            PlannedKey::New(new) => new.key.permissions.clone(),
            PlannedKey::Existing(id) => self.index().get(id).ok_or_else(no_such_key)?.permissions.clone(),
        };
        let delivery = if asking.route() == Route::Window { Delivery::Shown } else { Delivery::Never };
        let wider = self.wider_views(&wider);
        let stop_old = args.stop_old.clone();
        let (remember, repeats) = (None, None);
        let plan = Plan { consent, key, permissions, delivery, receiver, wider, stop_old, remember, repeats };
        Ok(Plan { remember: self.to_remember(asking, args, &plan)?, ..plan })
    }

    /// What was agreed to before, once more: with the same key, which has to be just what would be granted.
    pub(crate) fn plan_repeat(
        &self,
        asking: &Asking,
        said: &Remembered,
        args: &Approve,
        receiver: Option<Receiver>,
    ) -> Result<Plan, CallError> {
        let consent = self.consent(asking, args, &self.people())?;
        if *consent.permissions() != said.permissions {
            return Err(CallError::invalid("permission", "this is not what was agreed to"));
        }
        Ok(Plan {
            consent,
            key: PlannedKey::Existing(said.key.clone()),
            permissions: said.permissions.clone(),
            delivery: Delivery::Never,
            receiver,
            wider: Vec::new(),
            stop_old: Vec::new(),
            remember: None,
            repeats: Some(said.request.clone()),
        })
    }

    pub(crate) fn consent(
        &self,
        asking: &Asking,
        args: &Approve,
        people: &People,
    ) -> Result<Consent, CallError> {
        let owner = match &args.user {
            Some(user) => people.named(user, "user")?,
            None => {
                people.first_admin().ok_or_else(|| CallError::not_found("there is no admin").of("user"))?
            }
        };
        let request = &asking.request;
        let choice = Choice {
            owner: owner.id.clone(),
            stores: chosen_stores(asking, args, people, &owner.id)?,
            permissions: args.permissions.as_deref().map(known_permissions).transpose()?,
            label: match (&args.label, request.display_name()) {
                (Some(label), _) => label.clone(),
                (None, Some(name)) => name.as_str().to_owned(),
                (None, None) => String::new(),
            },
            expires: args.expires.into_iter().chain(self.latest_end(asking)).min(),
        };
        Consent::build(request, choice).map_err(refused_choice)
    }

    /// Keys that this application holds for the chosen user and that do what would be granted.
    /// None for a trial, whose key does not last; and none is offered to another user's program.
    pub(crate) fn matching(&self, asking: &Asking, consent: &Consent, receiver: Option<&Receiver>) -> Match {
        if self.is_trial(asking) {
            return Match::default();
        }
        let now = self.clock.now();
        let mut granted =
            self.usable_keys(now, |key| key.owner == *consent.owner() && key.application.is_some());
        granted.retain(|key| !self.is_being_replaced(key));
        let followed: HashSet<&KeyId> = match receiver {
            Some(receiver) => {
                let recipients = self.recipients();
                granted.iter().map(|key| &key.id).filter(|key| recipients.had(key, receiver)).collect()
            }
            None => HashSet::new(),
        };
        let register = self.register();
        let candidates = granted.iter().filter_map(|key| {
            let application = register.by_id(key.application.as_ref()?)?;
            let same_receiver = followed.contains(&key.id);
            Some(Candidate { key, identity: &application.identity, same_receiver })
        });
        let found = find_existing(&asking.request, consent.permissions(), consent.owner(), candidates, now);
        let offered = found.exact.filter(|_| !receiver.is_some_and(Receiver::is_strange));
        Match { exact: offered, ..found }
    }

    pub(crate) fn usable_keys(&self, now: Timestamp, wanted: impl Fn(&ApiKey) -> bool) -> Vec<ApiKey> {
        let index = self.index();
        index.all().filter(|key| index.is_usable(key, now) && wanted(key)).cloned().collect()
    }

    /// The key that the first admin could be handed for a request as it was asked; for the list of requests.
    pub(crate) fn existing_for(&self, asking: &Asking, receiver: Option<&Receiver>) -> Option<KeyId> {
        let people = self.people();
        let owner = people.first_admin()?.id.clone();
        let stores = people.only_store_of(&owner).filter(|_| asking.request.is_selective());
        let stores = stores.into_iter().cloned().collect();
        let choice = Choice { owner, stores, permissions: None, label: String::new(), expires: None };
        let consent = Consent::build(&asking.request, choice).ok()?;
        self.matching(asking, &consent, receiver).exact
    }

    fn granted_key(&self, consent: &Consent) -> Result<NewKey, CallError> {
        let (label, permissions) = (consent.label().to_owned(), consent.permissions().clone());
        self.new_key(consent.owner().clone(), label, permissions, consent.expires())
    }

    /// Writes grant, key, application and history in one transaction, and gives back the key's token.
    pub(crate) async fn grant(
        &self,
        claim: &Claim,
        plan: &Plan,
        caller: &Caller,
    ) -> Result<KeySecret, CallError> {
        let asking = claim.asking();
        let writer = self.writer().await;
        let request = self.ended_request(asking, RequestStatus::Approved)?;
        let application = request.application.clone();
        let mut replaces = Vec::new();
        let (key, secret, stored) = match &plan.key {
            PlannedKey::Existing(id) => {
                let (vault, key) = (writer.opening(caller)?, id.clone());
                let secret = off_thread(move || vault.reveal(&key)).await?;
                (GrantedKey::Existing(id.clone()), secret, None)
            }
            PlannedKey::New(planned) => {
                let mut new = planned.clone();
                new.key.application = Some(application.id.clone());
                replaces = self.replaced_by_grant(&new.key, &plan.stop_old, self.is_trial(asking))?;
                let stored = StoredKey { key: new.key.clone(), hash: new.secret.hash() };
                let secret = new.secret.clone();
                (GrantedKey::New(new), secret, Some(stored))
            }
        };
        let grant = NewGrant {
            request,
            owner: plan.owner().clone(),
            permissions: plan.permissions.clone(),
            key,
            query: asking.request.query().clone(),
            collect: asking.collect,
            delivery: plan.delivery,
            replaces: replaces.clone(),
            receiver: plan.receiver.clone(),
            remember: plan.remember.clone(),
            repeats: plan.repeats.clone(),
        };
        let (request, key) = (asking.id.clone(), plan.key_id().clone());
        let received = plan.receiver.clone().map(|receiver| Received { request, key, receiver });
        let actor = if plan.repeats.is_some() { Actor::Fieldgate } else { self.actor(caller) };
        let written = grant.clone();
        writer.write_open(caller, move |open| open.grant(&written, &actor)).await?;
        self.uncollected.granted(&grant, stored.is_some());
        self.keep_remembered(
            plan.remember.clone().map(|said| Remembered { application: application.id.clone(), ..said }),
            plan.repeats.as_ref(),
        );
        self.register_mut().keep(application);
        if let Some(received) = received {
            self.recipients().keep(received);
        }
        if let Some(stored) = stored {
            self.index_mut().insert(stored);
        }
        replaces.into_iter().for_each(|row| self.succession_mut().add(row));
        Ok(secret)
    }
}

/// The stores the admin named, or the only one there is to name.
pub(crate) fn chosen_stores(
    asking: &Asking,
    args: &Approve,
    people: &People,
    owner: &UserId,
) -> Result<Vec<StoreId>, CallError> {
    for store in &args.stores {
        if people.store(store).is_none() {
            return Err(CallError::not_found(format!("there is no store {store}")).of("store"));
        }
        if !people.stores_of(owner).any(|own| own == store) {
            return Err(CallError::invalid("store", format!("the user does not belong to store {store}")));
        }
    }
    let needed = asking.request.is_selective() && args.stores.is_empty();
    Ok(match people.only_store_of(owner) {
        Some(store) if needed => vec![store.clone()],
        Some(_) | None => args.stores.clone(),
    })
}

fn choice_needed(existing: &KeyId) -> CallError {
    let message = format!("key {existing} matches: hand it over (--existing) or make a new one (--new)");
    CallError::new(Code::ChoiceNeeded, message)
}

fn refused_choice(error: ConsentError) -> CallError {
    let code = if error == ConsentError::StoreNeeded { Code::StoreNeeded } else { Code::Invalid };
    CallError::new(code, error.to_string()).of(match error.field() {
        "stores" => "store",
        _ => "permission",
    })
}
