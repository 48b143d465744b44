//! What keys are used for: counted, shown, and taken for what they need.

use domain::{KeyId, KeySecret, Policy};

use super::*;
use crate::{
    ApiError, Code, KeyWish,
    calls::{KeyReduce, KeyShow, KeyState, UsageView},
    testing::ADMIN,
};

const SETTINGS: &str = "btcpay.store.canviewstoresettings";

impl TestDesk {
    fn id_of(&self, token: &KeySecret) -> KeyId {
        self.desk.index().recognise(token).unwrap().id.clone()
    }

    /// One call of the API that demands something.
    async fn api_call(
        &self,
        token: &KeySecret,
        demand: impl Fn(&crate::Desk, &crate::Principal) -> Result<(), ApiError>,
    ) -> Result<(), ApiError> {
        demand(&self.desk, &self.desk.sign_in_with_key(token).await.unwrap())
    }

    async fn usage(&self, id: &KeyId) -> Vec<UsageView> {
        self.call(KeyShow { id: id.clone(), reveal: false }).await.unwrap().usage
    }

    /// The counts of a key's permissions, in their order.
    async fn counts(&self, id: &KeyId) -> Vec<u64> {
        self.usage(id).await.iter().map(|usage| usage.count).collect()
    }
}

#[tokio::test]
async fn a_call_counts_once_for_what_it_was_granted_and_not_at_all_when_refused() {
    let built = TestDesk::unlocked().await.unwrap();
    let token = built.token(ADMIN, &["btcpay.user.canviewprofile", "unrestricted"]).await;
    let id = built.id_of(&token);
    assert_eq!(built.usage(&id).await[0].last, None);
    for seconds in [0, 10, 30] {
        built.clock.pass(std::time::Duration::from_secs(seconds));
        let twice = |desk: &crate::Desk, caller: &crate::Principal| {
            desk.demand(caller, Policy::VIEW_PROFILE)?;
            desk.demand(caller, Policy::VIEW_PROFILE)
        };
        built.api_call(&token, twice).await.unwrap();
    }
    let refused = built.api_call(&token, |desk, caller| {
        desk.demand_in(caller, Policy::VIEW_STORE_SETTINGS, &"nowhere".parse().unwrap())
    });
    refused.await.unwrap_err();
    let start = crate::testing::FixedClock::START.0;
    let expected = UsageView {
        permission: "btcpay.user.canviewprofile".to_owned(),
        count: 3,
        first: Some(domain::Timestamp(start)),
        last: Some(domain::Timestamp(start + 40)),
    };
    assert_eq!(built.usage(&id).await[0], expected);
    assert_eq!(built.counts(&id).await, [3, 0]);
}

#[tokio::test]
async fn a_password_is_no_key_and_counts_for_none() {
    let built = TestDesk::unlocked().await.unwrap();
    let password = domain::Password::new(crate::testing::ADMIN_PASSWORD.to_owned());
    let (admin, peer) = (ADMIN.parse_email(), domain::Guesser::Unknown);
    let caller = built.desk.sign_in_with_password(&admin, password, &peer).await.unwrap();
    built.desk.demand(&caller, Policy::VIEW_PROFILE).unwrap();
    assert!(built.desk.uses().take_unwritten().is_empty());
}

#[tokio::test]
async fn demands_in_a_store_and_in_any_store_count_where_they_belong() {
    let built = TestDesk::unlocked().await.unwrap();
    let (shop, bar) = (built.store("Shop", ADMIN).await, built.store("Bar", ADMIN).await);
    let listed: Vec<String> = [&shop, &bar].iter().map(|store| format!("{SETTINGS}:{store}")).collect();
    let token = built.token(ADMIN, &listed.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let id = built.id_of(&token);
    let count_in = async |store: &StoreId| {
        let named = format!("{SETTINGS}:{store}");
        built.usage(&id).await.into_iter().find(|usage| usage.permission == named).unwrap().count
    };
    let in_shop = |desk: &crate::Desk, caller: &crate::Principal| {
        desk.demand_in(caller, Policy::VIEW_STORE_SETTINGS, &shop)
    };
    built.api_call(&token, in_shop).await.unwrap();
    assert_eq!((count_in(&shop).await, count_in(&bar).await), (1, 0));
    let listing = |desk: &crate::Desk, caller: &crate::Principal| {
        desk.demand_somewhere(caller, Policy::VIEW_STORE_SETTINGS)
    };
    built.api_call(&token, listing).await.unwrap();
    assert_eq!((count_in(&shop).await, count_in(&bar).await), (2, 1), "both stores were in the answer");
}

#[tokio::test]
async fn counts_add_up_over_flushes_restarts_and_a_full_disk() {
    let built = TestDesk::unlocked().await.unwrap();
    let token = built.token(ADMIN, &["btcpay.user.canviewprofile"]).await;
    let id = built.id_of(&token);
    let call = async |built: &TestDesk| {
        built.api_call(&token, |desk, caller| desk.demand(caller, Policy::VIEW_PROFILE)).await.unwrap();
    };
    call(&built).await;
    built.desk.write_counts().await;
    call(&built).await;
    built.keyring.set_full(true);
    built.desk.write_counts().await;
    call(&built).await;
    assert_eq!(built.counts(&id).await, [3], "what could not be written is still there");
    built.keyring.set_full(false);
    built.desk.write_counts().await;
    built.desk.write_counts().await;
    let after = TestDesk::over(Arc::clone(&built.keyring)).unwrap();
    after.unlock().await.unwrap();
    assert_eq!(after.counts(&id).await, [3]);
    call(&after).await;
    assert_eq!(after.counts(&id).await, [4]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn callers_at_once_lose_no_count_while_it_is_written_down() {
    let built = Arc::new(TestDesk::unlocked().await.unwrap());
    let token = built.token(ADMIN, &["btcpay.user.canviewprofile"]).await;
    let callers: Vec<_> = (0..8)
        .map(|_| {
            let (built, token) = (Arc::clone(&built), token.clone());
            tokio::spawn(async move {
                for _ in 0..50 {
                    let view = |desk: &crate::Desk, caller: &crate::Principal| {
                        desk.demand(caller, Policy::VIEW_PROFILE)
                    };
                    built.api_call(&token, view).await.unwrap();
                }
            })
        })
        .collect();
    let id = built.id_of(&token);
    let mut seen = 0;
    while !callers.iter().all(tokio::task::JoinHandle::is_finished) {
        built.desk.write_counts().await;
        let now = built.counts(&id).await[0];
        assert!(now >= seen, "never fewer than before");
        seen = now;
    }
    for caller in callers {
        caller.await.unwrap();
    }
    assert_eq!(built.counts(&id).await, [400]);
    built.desk.write_counts().await;
    assert_eq!(built.counts(&id).await, [400]);
}

#[tokio::test]
async fn a_reduced_key_keeps_its_token_and_what_it_has_used() {
    let built = TestDesk::unlocked().await.unwrap();
    let token = built.token(ADMIN, &["btcpay.user.canviewprofile", SETTINGS, "unrestricted"]).await;
    let id = built.id_of(&token);
    let view = |desk: &crate::Desk, caller: &crate::Principal| desk.demand(caller, Policy::VIEW_PROFILE);
    built.api_call(&token, view).await.unwrap();
    built.desk.write_counts().await;
    let reduced = built.call(KeyReduce { id: id.clone() }).await.unwrap();
    assert_eq!(reduced.permissions, ["btcpay.user.canviewprofile"]);
    assert_eq!(reduced.state, KeyState::Live);
    built.api_call(&token, view).await.unwrap();
    let list = |desk: &crate::Desk, caller: &crate::Principal| desk.demand(caller, Policy::VIEW_USERS);
    assert_eq!(built.api_call(&token, list).await, Err(ApiError::MissingPermission(Policy::VIEW_USERS)));
    let told = built.call(crate::calls::Log { before: None, limit: 1 }).await.unwrap().remove(0);
    assert_eq!((told.action, told.subject), (domain::Action::KeyChanged, id.to_string()));
    built.unlock().await.unwrap();
    assert_eq!(built.counts(&id).await, [2], "the file says the same");
}

#[tokio::test]
async fn what_a_key_handed_out_because_it_has_it_is_kept() {
    let built = TestDesk::unlocked().await.unwrap();
    let wish = |permission: &str| KeyWish {
        label: String::new(),
        permissions: [permission.parse().unwrap()].into_iter().collect(),
    };
    let listed = ["btcpay.server.canmanageusers", SETTINGS, "unrestricted"];
    for (handed_out, kept) in
        [(SETTINGS, &listed[..2]), ("btcpay.plugin.store.x", &[listed[0], listed[2]][..])]
    {
        let token = built.token(ADMIN, &listed).await;
        let mint = async || {
            let caller = built.desk.sign_in_with_key(&token).await.unwrap();
            built.desk.mint_for(&caller, ADMIN, wish(handed_out)).await
        };
        mint().await.unwrap();
        let reduced = built.call(KeyReduce { id: built.id_of(&token) }).await.unwrap();
        assert_eq!(reduced.permissions, kept);
        mint().await.unwrap();
    }
}

#[tokio::test]
async fn a_key_that_has_used_nothing_is_not_reduced_to_nothing() {
    let built = TestDesk::unlocked().await.unwrap();
    let token = built.token(ADMIN, &["unrestricted"]).await;
    let refused = built.call(KeyReduce { id: built.id_of(&token) }).await.unwrap_err();
    assert_eq!((refused.code, refused.field.as_deref()), (Code::Invalid, Some("id")));
    assert!(refused.message.contains("revoke it instead"));
    let all = |desk: &crate::Desk, caller: &crate::Principal| desk.demand(caller, Policy::UNRESTRICTED);
    built.api_call(&token, all).await.unwrap();
    let entries = built.call(crate::calls::Log { before: None, limit: 100 }).await.unwrap().len();
    built.call(KeyReduce { id: built.id_of(&token) }).await.unwrap();
    let after = built.call(crate::calls::Log { before: None, limit: 100 }).await.unwrap().len();
    assert_eq!(after, entries, "all of it is used: nothing changes and nothing is logged");
}

#[tokio::test]
async fn a_count_on_its_way_to_the_file_is_not_missing_meanwhile() {
    let built = TestDesk::unlocked().await.unwrap();
    let token = built.token(ADMIN, &["btcpay.user.canviewprofile"]).await;
    let view = |desk: &crate::Desk, caller: &crate::Principal| desk.demand(caller, Policy::VIEW_PROFILE);
    built.api_call(&token, view).await.unwrap();
    let key = built.desk.index().recognise(&token).unwrap().clone();
    let turn = built.desk.writer().await;
    // Polled in this order: who looks stands first in the queue, who writes behind.
    let (shown, (), ()) =
        tokio::join!(built.desk.usage_views(&key), built.desk.write_uses(), async { drop(turn) });
    assert_eq!(shown.unwrap()[0].count, 1);
    assert_eq!(built.counts(&key.id).await, [1]);
}
