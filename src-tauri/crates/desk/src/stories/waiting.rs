//! Callers who lose what they had while their write waits for its turn.

use domain::{Actor, Ending, Permission, Policy, StoreDraft, StoreSettings};

use super::{minting::signed_in, *};
use crate::{
    ApiError, Caller, Desk, KeyName, KeyWish, Principal, ProfileWish, SignInError, UserWish, Via,
    calls::Log,
    ports::{KeyChange, UserChange},
    testing::ADMIN,
    writing::Writer,
};

const BO: &str = "bo@shop.example";

/// Everything that a caller of the API can write.
async fn writes(
    built: &TestDesk,
    caller: &Principal,
    store: &str,
) -> Vec<(&'static str, Result<(), ApiError>)> {
    let desk = &built.desk;
    let draft = StoreDraft::new("Mine", StoreSettings::default()).unwrap();
    let key = KeyName::parse("akid_none");
    let new = UserWish {
        email: "eve@shop.example".parse_email(),
        name: None,
        image_url: None,
        password: None,
        admin: true,
    };
    let profile = ProfileWish { name: Some("changed".to_owned()), ..ProfileWish::default() };
    let keys = async {
        tokio::join!(
            async { ("mint_own", desk.mint_own(caller, KeyWish::default()).await.map(drop)) },
            async { ("mint_for", desk.mint_for(caller, ADMIN, KeyWish::default()).await.map(drop)) },
            async { ("revoke_own", desk.revoke_own(caller, &key).await) },
            async { ("revoke_for", desk.revoke_for(caller, ADMIN, &key).await) },
            async {
                (
                    "change_profile",
                    desk.change_profile(caller, profile, &domain::Guesser::Unknown).await.map(drop),
                )
            },
        )
    };
    let stores = async {
        tokio::join!(
            async { ("create_store", desk.create_store(caller, &draft).await.map(drop)) },
            async { ("change_store", desk.change_store(caller, store, draft.clone()).await.map(drop)) },
            async { ("leave_store", desk.leave_store(caller, store).await) },
        )
    };
    let users = async {
        tokio::join!(
            async { ("make_user", desk.make_user(caller, new).await.map(drop)) },
            async { ("lock_user", desk.lock_user(caller, ADMIN, true).await) },
            async { ("delete_any_user", desk.delete_any_user(caller, ADMIN).await) },
            async { ("delete_own_user", desk.delete_own_user(caller).await) },
            async { ("revoke_current", desk.revoke_current(caller).await) },
        )
    };
    let done = tokio::join!(keys, stores, users);
    let (keys, stores, users) = done;
    [<[_; 5]>::from(keys).as_slice(), &<[_; 3]>::from(stores), &<[_; 5]>::from(users)].concat()
}

/// What the writes of an admin with a store are answered when `lose` happened while they waited for their turn.
async fn answers_behind(
    built: &TestDesk,
    caller: &Principal,
    lose: impl AsyncFnOnce(&Desk, Writer<'_>),
) -> Vec<(&'static str, Result<(), ApiError>)> {
    let store = built.store("Shop", BO).await;
    let turn = built.desk.writer().await;
    // Polled in this order: the writes stand in the queue by the time it happens.
    let (answers, ()) = tokio::join!(writes(built, caller, store.as_str()), lose(&built.desk, turn));
    answers
}

async fn change(desk: &Desk, turn: Writer<'_>, caller: &Principal, change: UserChange) {
    desk.change_user(&turn, &Caller::DESK, &caller.user.id, vec![change], Actor::Window).await.unwrap();
}

async fn entries(built: &TestDesk) -> usize {
    built.call(Log { before: None, limit: 500 }).await.unwrap().len()
}

fn key_of(caller: &Principal) -> domain::KeyId {
    match &caller.via {
        Via::Key(key) => key.id.clone(),
        Via::Basic => panic!("no key"),
    }
}

#[tokio::test]
async fn whoever_would_not_be_let_in_any_more_writes_nothing() {
    for (revoked, says) in [(true, SignInError::UnknownKey), (false, SignInError::KeyOfDisabledUser)] {
        let built = TestDesk::unlocked().await.unwrap();
        built.user(BO, true).await;
        let caller = signed_in(&built, BO, &["unrestricted"]).await;
        let before = entries(&built).await;
        let lose = async |desk: &Desk, turn: Writer<'_>| {
            if revoked {
                let (id, how) = (key_of(&caller), Ending::Revoked);
                desk.end_key_in(&turn, &Caller::DESK, &id, how, Actor::Window).await.unwrap();
            } else {
                change(desk, turn, &caller, UserChange::Disabled(true)).await;
            }
        };
        for (write, answer) in answers_behind(&built, &caller, lose).await {
            assert_eq!(answer, Err(ApiError::SignedOut(says)), "{write}");
        }
        assert_eq!(entries(&built).await, before + 2, "the store that was made, and the loss");
    }
}

#[tokio::test]
async fn a_key_narrowed_while_its_writes_waited_writes_by_what_it_has_now() {
    let built = TestDesk::unlocked().await.unwrap();
    built.user(BO, true).await;
    let caller = signed_in(&built, BO, &["unrestricted"]).await;
    let permissions = [Permission::new(Policy::VIEW_PROFILE)].into_iter().collect();
    let narrowed = KeyChange { key: key_of(&caller), label: String::new(), permissions, expires: None };
    let lose = async |desk: &Desk, _: Writer<'_>| desk.index_mut().change(narrowed);
    for (write, answer) in answers_behind(&built, &caller, lose).await {
        match answer {
            Err(ApiError::MissingPermission(_)) => assert_ne!(write, "revoke_current"),
            other => assert_eq!((write, other), ("revoke_current", Ok(()))),
        }
    }
}

#[tokio::test]
async fn an_admin_demoted_while_its_writes_waited_writes_nothing_that_takes_one() {
    let built = TestDesk::unlocked().await.unwrap();
    built.user(BO, true).await;
    let caller = signed_in(&built, BO, &["unrestricted"]).await;
    let lose =
        async |desk: &Desk, turn: Writer<'_>| change(desk, turn, &caller, UserChange::Admin(false)).await;
    let missing = |policy| Err(ApiError::MissingPermission(policy));
    for (write, answer) in answers_behind(&built, &caller, lose).await {
        match write {
            "mint_for" | "revoke_for" => assert_eq!(answer, missing(Policy::MANAGE_USERS), "{write}"),
            "make_user" => assert_eq!(answer, missing(Policy::UNRESTRICTED)),
            "lock_user" | "delete_any_user" => {
                assert_eq!(answer, missing(Policy::MODIFY_SERVER_SETTINGS), "{write}");
            }
            _ => {}
        }
    }
}
