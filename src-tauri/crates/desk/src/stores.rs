//! Stores, and who belongs to them.

use std::sync::Arc;

use domain::{Actor, BrokenRule, Issuer, Store, StoreDraft, StoreId, StoreSettings, UserId};

use crate::{
    CallError, Caller, Code, Desk,
    calls::{MemberView, StoreCreate, StoreList, StoreRename, StoreView},
    people::People,
    random,
    writing::Writer,
};

impl Desk {
    pub(crate) async fn store_list(
        self: &Arc<Self>,
        _: &Caller,
        _: StoreList,
    ) -> Result<Vec<StoreView>, CallError> {
        let people = self.people();
        Ok(people.stores.iter().map(|store| store_view(store, &people)).collect())
    }

    pub(crate) async fn store_create(
        self: &Arc<Self>,
        caller: &Caller,
        args: StoreCreate,
    ) -> Result<StoreView, CallError> {
        let draft = StoreDraft::new(&args.name, StoreSettings::default()).map_err(bad_name)?;
        let owner = self.people().named(&args.owner, "owner")?.id.clone();
        let writer = self.writer().await;
        let store = self.keep_store(&writer, caller, &draft, owner, self.actor(caller)).await?;
        Ok(store_view(&store, &self.people()))
    }

    pub(crate) async fn store_rename(
        self: &Arc<Self>,
        caller: &Caller,
        args: StoreRename,
    ) -> Result<StoreView, CallError> {
        let writer = self.writer().await;
        let store = self.people().known_store(&args.store)?.clone();
        let draft = StoreDraft::new(&args.name, store.settings).map_err(bad_name)?;
        if draft.name() == store.name {
            // Who may not write learns so, also where there is nothing to write.
            writer.opening(caller)?;
        } else {
            let (id, now, actor) = (store.id, self.clock.now(), self.actor(caller));
            writer.write_open(caller, move |open| open.change_store(&id, &draft, now, &actor)).await?;
            self.reload_people().await?;
            self.announce();
        }
        let people = self.people();
        Ok(store_view(people.known_store(&args.store)?, &people))
    }

    /// Adds a store that belongs to `owner`, with the open vault of `caller`.
    pub(crate) async fn keep_store(
        &self,
        writer: &Writer<'_>,
        caller: &Caller,
        draft: &StoreDraft,
        owner: UserId,
        actor: Actor,
    ) -> Result<Store, CallError> {
        let store = Store {
            id: new_store_id()?,
            name: draft.name().to_owned(),
            settings: draft.settings().clone(),
            issuer: Issuer::Local,
            created: self.clock.now(),
        };
        let new = store.clone();
        writer.write_open(caller, move |open| open.create_store(&new, &owner, &actor)).await?;
        self.reload_people().await?;
        self.announce();
        Ok(store)
    }
}

/// The one argument that has rules is the name.
fn bad_name(broken: Vec<BrokenRule>) -> CallError {
    let rules: Vec<String> = broken.into_iter().map(|rule| rule.message).collect();
    CallError::invalid("name", rules.join("; "))
}

/// Base58 of 32 random bytes, as BTCPay Server's stores have.
fn new_store_id() -> Result<StoreId, CallError> {
    let id = bs58::encode(random::<32>()?).into_string().parse();
    id.map_err(|error: domain::BadId| CallError::new(Code::Failed, error.to_string()))
}

pub(crate) fn store_view(store: &Store, people: &People) -> StoreView {
    let member = |m: &domain::Membership| MemberView {
        user: m.user.clone(),
        email: people.user(&m.user).map(|user| user.email.to_string()).unwrap_or_default(),
        role: m.role,
    };
    StoreView {
        id: store.id.clone(),
        name: store.name.clone(),
        members: people.memberships.iter().filter(|m| m.store == store.id).map(member).collect(),
        created: store.created,
    }
}
