//! Who belongs to a store, and as what: by hand.

use std::sync::Arc;

use crate::{
    CallError, Caller, Desk,
    calls::{StoreLeftView, StoreMemberRemove, StoreMemberSet, StoreView},
    ports::Damage,
    stores::store_view,
};

impl Desk {
    pub(crate) async fn store_member_set(
        self: &Arc<Self>,
        caller: &Caller,
        args: StoreMemberSet,
    ) -> Result<StoreView, CallError> {
        let writer = self.writer().await;
        let people = self.people();
        let store = people.known_store(&args.store)?.id.clone();
        let user = people.named(&args.user, "user")?.id.clone();
        if people.role(&store, &user) == Some(args.role) {
            // Who may not write learns so, also where there is nothing to write.
            writer.opening(caller)?;
        } else {
            let member = Damage::Membership(store.clone(), user.clone());
            let (role, now, actor) = (args.role, self.clock.now(), self.actor(caller));
            writer.write_open(caller, move |open| open.set_member(&store, &user, role, now, &actor)).await?;
            // What somebody else had written in its place is gone.
            self.damage().retain(|row| *row != member);
            self.reload_people().await?;
            self.announce();
        }
        let people = self.people();
        Ok(store_view(people.known_store(&args.store)?, &people))
    }

    pub(crate) async fn store_member_remove(
        self: &Arc<Self>,
        caller: &Caller,
        args: StoreMemberRemove,
    ) -> Result<StoreLeftView, CallError> {
        let writer = self.writer().await;
        let people = self.people();
        let store = people.known_store(&args.store)?.id.clone();
        let user = people.named(&args.user, "user")?.id.clone();
        if people.role(&store, &user).is_none() {
            return Err(CallError::not_found("this user does not belong to the store").of("user"));
        }
        let (now, actor) = (self.clock.now(), self.actor(caller));
        writer.write_open(caller, move |open| open.remove_member(&store, &user, now, &actor)).await?;
        self.reload_people().await?;
        self.announce();
        let people = self.people();
        Ok(StoreLeftView { store: people.store(&args.store).map(|store| store_view(store, &people)) })
    }
}
