//! Revoking keys: one, or many at a time.

use std::{collections::HashSet, sync::Arc};

use domain::{Ending, KeyId};

use crate::{
    CallError, Caller, Desk,
    calls::{KeyRevoke, KeyRevokeMany, KeyView, RevokedView},
    keys::no_such_key,
};

/// The most keys one call revokes: enough to be quick, few enough to keep no other writer waiting.
const MOST: usize = 500;

impl Desk {
    pub(crate) async fn key_revoke(
        self: &Arc<Self>,
        caller: &Caller,
        args: KeyRevoke,
    ) -> Result<KeyView, CallError> {
        if self.index().get(&args.id).is_none() {
            return Err(no_such_key());
        }
        self.end_key(caller, &args.id, Ending::Revoked, self.actor(caller)).await?;
        let key = self.index().get(&args.id).cloned().ok_or_else(no_such_key)?;
        Ok(self.key_view(&key, &self.people(), &*self.never_collected().await?))
    }

    /// Ends keys in one transaction, each with a log entry of its own.
    pub(crate) async fn key_revoke_many(
        self: &Arc<Self>,
        caller: &Caller,
        args: KeyRevokeMany,
    ) -> Result<RevokedView, CallError> {
        if !(1..=MOST).contains(&args.ids.len()) {
            return Err(CallError::invalid("ids", "ids are 1 to 500 keys"));
        }
        if args.ids.iter().collect::<HashSet<_>>().len() != args.ids.len() {
            return Err(CallError::invalid("ids", "a key is named twice"));
        }
        let writer = self.writer().await;
        let (live, ended, gone) = self.sorted_out(args.ids);
        if !live.is_empty() {
            let (ids, now, actor) = (live.clone(), self.clock.now(), self.actor(caller));
            writer.write_open(caller, move |open| open.end_keys(&ids, Ending::Revoked, now, &actor)).await?;
            let mut index = self.index_mut();
            live.iter().for_each(|id| index.end(id, Ending::Revoked, now));
            drop(index);
            self.announce();
        }
        Ok(RevokedView { revoked: count(live.len()), ended, gone })
    }

    /// Which of the keys have not ended, how many have, and how many are not there. One whose expiry is not written
    /// yet has expired: nothing revokes it any more.
    fn sorted_out(&self, ids: Vec<KeyId>) -> (Vec<KeyId>, u32, u32) {
        let index = self.index();
        let (there, gone): (Vec<KeyId>, Vec<KeyId>) = ids.into_iter().partition(|id| index.get(id).is_some());
        let (live, ended): (Vec<KeyId>, Vec<KeyId>) =
            there.into_iter().partition(|id| index.get(id).is_some_and(|key| key.ended.is_none()));
        (live, count(ended.len()), count(gone.len()))
    }
}

fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}
