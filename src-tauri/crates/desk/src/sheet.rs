//! The sheet of a request: what approving it would mean, for the choices made so far.

use std::sync::Arc;

use domain::{
    Asking, Familiar, KeyId, Match, Permission, PermissionSet, PolicyKind, Receiver, Standing, StoreId, Tier,
    User, UserId, catalogue,
};

use crate::{
    CallError, Caller, Desk,
    calls::{
        Approve, AskerView, Proof, RequestShow, SheetPermission, SheetStore, SheetUser, SheetView, WiderView,
    },
    changes::yardstick_view,
    desk::off_thread,
    grants::chosen_stores,
    keys::written,
    people::People,
    receiving::nobody_listens,
};

impl Desk {
    pub(crate) async fn request_show(
        self: &Arc<Self>,
        _: &Caller,
        args: RequestShow,
    ) -> Result<SheetView, CallError> {
        let asking = self.waiting(&args.id)?;
        let receiver = self.receiver_of(&asking).await;
        let asker = self.asker_view(&asking, receiver.as_ref()).await?;
        let people = self.people();
        let before = self.served_before(&asking);
        let users = likeliest_first(&people, &before);
        let user = match &args.user {
            Some(user) => people.named(user, "user")?.clone(),
            None => users.first().map(|user| (*user).clone()).ok_or_else(no_user)?,
        };
        let choice = as_approval(&args, &user.id);
        let consent = self.consent(&asking, &choice, &people);
        let Match { exact, wider } = match &consent {
            Ok(consent) => self.matching(&asking, consent, receiver.as_ref()),
            Err(_) => Match::default(),
        };
        let granted = match &consent {
            Ok(consent) => consent.permissions().clone(),
            Err(_) => asking.request.permissions().clone(),
        };
        let tier = granted.tier();
        let uncollected = self.never_collected().await?;
        let changes = self.changes_for(&asking, &user.id, &granted, &people).await?;
        let existing = exact.and_then(|id| self.index().get(&id).cloned());
        let stoppable = self.stoppable(&asking, &user.id);
        Ok(SheetView {
            request: self.pending_view(&asking, receiver.clone())?,
            redirect: asking.request.redirect().map(domain::Redirect::without_query),
            users: users.iter().map(|user| sheet_user(user, &before)).collect(),
            stores: stores_of(&people, &user.id),
            chosen: chosen_stores(&asking, &choice, &people, &user.id).unwrap_or_default(),
            permissions: granted.iter().map(|p| sheet_permission(p, &user, &people)).collect(),
            tier,
            trial: self.is_trial(&asking),
            existing: existing.map(|key| self.key_view(&key, &people, &uncollected)),
            not_remembered: self.why_not_remembered(&asking, receiver.as_ref(), &granted),
            changes: changes.filter(|_| !self.is_trial(&asking)),
            holds: stoppable.iter().map(|key| self.key_view(key, &people, &uncollected)).collect(),
            yardstick: yardstick_view(&granted),
            wider: self.wider_views(&wider),
            number_needed: number_needed(is_known_as_it_is(&asking, asker.familiar), tier),
            asker,
            passphrase_needed: self.passphrase_needed(tier, receiver.as_ref()),
            problem: receiver.filter(Receiver::is_nobody).map(|it| nobody_listens(&it)).or(consent.err()),
            user: user.id,
        })
    }

    /// Keys that may do more, each with what.
    pub(crate) fn wider_views(&self, wider: &[(KeyId, PermissionSet)]) -> Vec<WiderView> {
        let index = self.index();
        let label = |id: &KeyId| index.get(id).map(|key| key.label.clone()).unwrap_or_default();
        let view = |(id, extra): &(KeyId, PermissionSet)| WiderView {
            id: id.clone(),
            label: label(id),
            extra: written(extra),
        };
        wider.iter().map(view).collect()
    }

    /// Users who hold a key of this application.
    fn served_before(&self, asking: &Asking) -> Vec<UserId> {
        let Some(application) = self.register().id_of(&asking.identity) else { return Vec::new() };
        let index = self.index();
        let mut keys: Vec<_> =
            index.all().filter(|key| key.application.as_ref() == Some(&application)).collect();
        keys.sort_by_key(|key| std::cmp::Reverse(key.created));
        keys.iter().map(|key| key.owner.clone()).collect()
    }

    /// Whether the admin knows the application, and program, page and receiver were there at its grants before.
    pub(crate) async fn is_familiar(
        &self,
        asking: &Asking,
        receiver: Option<&Receiver>,
    ) -> Result<bool, CallError> {
        Ok(is_known_as_it_is(asking, self.familiar(asking, receiver).await?))
    }

    /// What of an asking was there at a grant of its application before; nothing when there was none.
    async fn familiar(
        &self,
        asking: &Asking,
        receiver: Option<&Receiver>,
    ) -> Result<Option<Familiar>, CallError> {
        let Some(application) = self.register().id_of(&asking.identity) else { return Ok(None) };
        let served = self.read(move |keyring| keyring.served(&application)).await?;
        Ok(served.iter().map(|served| served.familiar(&asking.asker, receiver)).reduce(Familiar::or))
    }

    async fn asker_view(&self, asking: &Asking, receiver: Option<&Receiver>) -> Result<AskerView, CallError> {
        let (processes, program) = (Arc::clone(&self.processes), asking.asker.program.clone());
        let look = move || Ok::<_, CallError>(program.and_then(|program| processes.is_running(&program)));
        Ok(AskerView { runs: off_thread(look).await?, familiar: self.familiar(asking, receiver).await? })
    }
}

fn is_known_as_it_is(asking: &Asking, familiar: Option<Familiar>) -> bool {
    asking.standing == Standing::Known && familiar.is_some_and(Familiar::is_all)
}

/// The number is typed unless everything about the asker is familiar and the key cannot do much.
pub(crate) fn number_needed(familiar: bool, tier: Tier) -> bool {
    !familiar || tier > Tier::Sell
}

/// The user last served first, then whoever is there, admins first.
fn likeliest_first<'a>(people: &'a People, before: &[UserId]) -> Vec<&'a User> {
    let mut users: Vec<&User> = people.users.iter().filter(|user| !user.disabled).collect();
    let place = |user: &&User| before.iter().position(|id| *id == user.id).unwrap_or(usize::MAX);
    users.sort_by_key(|user| (place(user), !user.is_admin));
    users
}

fn as_approval(args: &RequestShow, user: &UserId) -> Approve {
    Approve {
        id: args.id.clone(),
        user: Some(user.to_string()),
        issuer: None,
        stores: args.stores.clone(),
        permissions: args.permissions.clone(),
        label: None,
        expires: None,
        proof: Proof::Passphrase,
        matching: None,
        stop_old: Vec::new(),
        passphrase: None,
        receiver: None,
        remember: None,
    }
}

fn sheet_user(user: &User, before: &[UserId]) -> SheetUser {
    SheetUser { id: user.id.clone(), email: user.email.to_string(), before: before.contains(&user.id) }
}

fn stores_of(people: &People, user: &UserId) -> Vec<SheetStore> {
    let named =
        |id: &StoreId| people.store(id).map(|s| SheetStore { id: s.id.clone(), name: s.name.clone() });
    people.stores_of(user).filter_map(named).collect()
}

fn sheet_permission(permission: &Permission, user: &User, people: &People) -> SheetPermission {
    let policy = permission.policy();
    let single: PermissionSet = [permission.clone()].into_iter().collect();
    SheetPermission {
        permission: permission.to_string(),
        policy: policy.to_string(),
        title: catalogue::entry(policy).map_or_else(|| policy.to_string(), |entry| entry.title.to_owned()),
        store: permission.scope().cloned(),
        tier: single.tier(),
        includes: catalogue::closure(policy).map(|entry| entry.title.to_owned()).collect(),
        usable: is_usable(permission, user, people),
    }
}

/// A server policy works for admins alone, a store policy where the user belongs to the store.
fn is_usable(permission: &Permission, user: &User, people: &People) -> bool {
    match (permission.policy().kind(), permission.scope()) {
        (PolicyKind::Server, _) => user.is_admin,
        (PolicyKind::Store, Some(store)) => people.stores_of(&user.id).any(|own| own == store),
        (PolicyKind::Store | PolicyKind::Unrestricted | PolicyKind::User | PolicyKind::Other, _) => true,
    }
}

fn no_user() -> CallError {
    CallError::not_found("there is no user to make a key for").of("user")
}
