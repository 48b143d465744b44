//! Users that come, change and go.

use domain::{Action, Email, Password, Policy, Role, User};

use super::{minting::signed_in, *};
use crate::{
    ApiError, Code, Principal, ProfileWish, SignInError, UserWish,
    calls::{Lock, Log, Revealed, UserAdmin, UserDisable, UserList, UserPassword},
    testing::{ADMIN, ADMIN_PASSWORD},
};

const ANA: &str = "ana@shop.example";

fn wish(email: &str, admin: bool) -> UserWish {
    UserWish { email: email.parse_email(), name: None, image_url: None, password: None, admin }
}

fn password(text: &str) -> Option<Password> {
    Some(Password::new(text.to_owned()))
}

fn only_admin() -> ApiError {
    ApiError::OnlyAdmin(Policy::MODIFY_SERVER_SETTINGS)
}

impl TestDesk {
    async fn disable(&self, user: &str, disabled: bool) -> Result<UserView, CallError> {
        self.call(UserDisable { user: user.to_owned(), disabled }).await
    }

    async fn by_password(&self, email: &str, text: &str) -> Result<Principal, SignInError> {
        self.desk
            .sign_in_with_password(
                &email.parse_email(),
                Password::new(text.to_owned()),
                &domain::Guesser::Unknown,
            )
            .await
    }

    async fn set_password(&self, user: &str, text: Option<&str>) -> Result<UserView, CallError> {
        let password = text.map(|text| Revealed::new(text.to_owned()));
        self.call(UserPassword { user: user.to_owned(), password }).await
    }

    fn known(&self, email: &str) -> Option<User> {
        self.desk.people().by_email(&Email::parse(email).unwrap()).cloned()
    }

    async fn newest(&self, count: u32) -> Vec<Action> {
        let log = self.call(Log { before: None, limit: count }).await.unwrap();
        log.into_iter().rev().map(|entry| entry.action).collect()
    }
}

#[tokio::test]
async fn a_disabled_users_key_and_password_are_refused_until_it_is_enabled_also_after_a_restart() {
    let built = TestDesk::unlocked().await.unwrap();
    built.user(ANA, false).await;
    built.set_password(ANA, Some("hunter22")).await.unwrap();
    let token = built.token(ANA, &[]).await;
    assert!(built.disable(ANA, true).await.unwrap().disabled);
    let restarted = TestDesk::over(Arc::clone(&built.keyring)).unwrap();
    for desk in [&built, &restarted] {
        assert_eq!(desk.desk.sign_in_with_key(&token).await.unwrap_err(), SignInError::KeyOfDisabledUser);
        assert_eq!(desk.by_password(ANA, "hunter22").await.unwrap_err(), SignInError::DisabledUser);
        assert_eq!(desk.by_password(ANA, "hunter23").await.unwrap_err(), SignInError::WrongPassword);
    }
    assert!(!built.disable("ANA@shop.example", false).await.unwrap().disabled);
    let restarted = TestDesk::over(Arc::clone(&built.keyring)).unwrap();
    for desk in [&built, &restarted] {
        desk.desk.sign_in_with_key(&token).await.unwrap();
        desk.by_password(ANA, "hunter22").await.unwrap();
    }
    assert_eq!(built.newest(2).await, [Action::UserDisabled, Action::UserEnabled]);
}

#[tokio::test]
async fn the_only_admin_who_is_not_disabled_stays_one() {
    let built = TestDesk::unlocked().await.unwrap();
    let other = built.user("bo@shop.example", true).await;
    let caller = signed_in(&built, "bo@shop.example", &["unrestricted"]).await;
    built.disable(ADMIN, true).await.unwrap();
    let demote = |user: &str| UserAdmin { user: user.to_owned(), admin: false };
    let refused = built.disable(other.id.as_str(), true).await.unwrap_err();
    assert_eq!((refused.code, refused.field.as_deref()), (Code::OnlyAdmin, Some("user")));
    assert_eq!(built.call(demote("bo@shop.example")).await.unwrap_err().code, Code::OnlyAdmin);
    assert_eq!(built.desk.delete_any_user(&caller, "bo@shop.example").await, Err(only_admin()));
    assert_eq!(built.desk.delete_own_user(&caller).await, Err(ApiError::OnlyAdmin(Policy::DELETE_USER)));
    let locked = built.desk.lock_user(&caller, "bo@shop.example", true).await;
    assert!(matches!(locked, Err(ApiError::InvalidState(_))), "{locked:?}");
    // One who is disabled already is nobody's last hope.
    built.call(demote(ADMIN)).await.unwrap();
    built.desk.delete_any_user(&caller, ADMIN).await.unwrap();
    built.desk.lock_user(&caller, "bo@shop.example", false).await.unwrap();
    assert!(built.known("bo@shop.example").is_some_and(|user| user.is_admin && !user.disabled));
}

#[tokio::test]
async fn two_admins_who_disable_each_other_leave_one() {
    let built = TestDesk::unlocked().await.unwrap();
    built.user("bo@shop.example", true).await;
    let turn = built.desk.writer().await;
    // Polled in this order: both wait when neither is disabled yet.
    let (one, other, ()) =
        tokio::join!(built.disable(ADMIN, true), built.disable("bo@shop.example", true), async {
            drop(turn)
        });
    assert_eq!((one.is_ok(), other.unwrap_err().code), (true, Code::OnlyAdmin));
}

#[tokio::test]
async fn what_is_so_already_is_not_told_and_what_cannot_be_written_is_not_so() {
    let built = TestDesk::unlocked().await.unwrap();
    built.user(ANA, false).await;
    let before = built.call(Log { before: None, limit: 100 }).await.unwrap().len();
    built.disable(ANA, false).await.unwrap();
    built.set_password(ANA, None).await.unwrap();
    built.call(UserAdmin { user: ANA.to_owned(), admin: false }).await.unwrap();
    assert_eq!(built.call(Log { before: None, limit: 100 }).await.unwrap().len(), before);
    built.keyring.set_full(true);
    assert_eq!(built.disable(ANA, true).await.unwrap_err().code, Code::DiskFull);
    assert!(!built.known(ANA).unwrap().disabled);
    let unknown = built.disable("nobody@shop.example", true).await.unwrap_err();
    assert_eq!((unknown.code, unknown.field.as_deref()), (Code::NotFound, Some("user")));
}

#[tokio::test]
async fn a_password_is_set_and_taken_away_by_whoever_has_unlocked() {
    let built = TestDesk::unlocked().await.unwrap();
    built.user(ANA, false).await;
    let short = built.set_password(ANA, Some("five5")).await.unwrap_err();
    assert_eq!((short.code, short.field.as_deref()), (Code::Invalid, Some("password")));
    let set = built.set_password(ANA, Some("a:b:ü ")).await.unwrap();
    assert!(set.has_password && !format!("{set:?}").contains("a:b"));
    built.by_password("ANA@shop.example", "a:b:ü ").await.unwrap();
    assert_eq!(built.by_password(ANA, "a:b:ü").await.unwrap_err(), SignInError::WrongPassword);
    assert!(!built.set_password(ANA, None).await.unwrap().has_password);
    assert_eq!(built.by_password(ANA, "a:b:ü ").await.unwrap_err(), SignInError::WrongPassword);
    assert_eq!(built.newest(2).await, [Action::PasswordChanged, Action::PasswordChanged]);
    let stranger = built.desk.connect();
    let refused =
        built.desk.call(&stranger, UserPassword { user: ANA.to_owned(), password: None }.into()).await;
    assert_eq!(refused.unwrap_err().code, Code::PassphraseNeeded);
    built.call(Lock {}).await.unwrap();
    assert_eq!(built.set_password(ANA, Some("hunter22")).await.unwrap_err().code, Code::Locked);
}

#[tokio::test]
async fn the_key_of_a_demoted_admin_is_refused_on_server_policies_at_once() {
    let built = TestDesk::unlocked().await.unwrap();
    built.user("bo@shop.example", true).await;
    let token = built.token("bo@shop.example", &["unrestricted"]).await;
    let sign_in = async || built.desk.sign_in_with_key(&token).await.unwrap();
    built.desk.all_users(&sign_in().await).unwrap();
    built.call(UserAdmin { user: "bo@shop.example".to_owned(), admin: false }).await.unwrap();
    let refused = built.desk.all_users(&sign_in().await).unwrap_err();
    assert_eq!(refused, ApiError::MissingPermission(Policy::VIEW_USERS));
    built.desk.own_profile(&sign_in().await).unwrap();
    assert_eq!(built.newest(1).await, [Action::UserDemoted]);
}

#[tokio::test]
async fn an_admin_is_made_by_an_unrestricted_admin_alone() {
    let built = TestDesk::unlocked().await.unwrap();
    built.user(ANA, false).await;
    let admin = signed_in(&built, ADMIN, &["unrestricted"]).await;
    let settings = signed_in(&built, ADMIN, &["btcpay.server.canmodifyserversettings"]).await;
    let viewer = signed_in(&built, ADMIN, &["btcpay.server.canviewusers"]).await;
    let ana = signed_in(&built, ANA, &["unrestricted"]).await;
    let missing = |policy| Err(ApiError::MissingPermission(policy));
    for (caller, as_admin, as_user) in [
        (&settings, missing(Policy::UNRESTRICTED), Ok(false)),
        (&viewer, missing(Policy::UNRESTRICTED), missing(Policy::CREATE_USER)),
        (&ana, missing(Policy::UNRESTRICTED), missing(Policy::CREATE_USER)),
        (&admin, Ok(true), Ok(false)),
    ] {
        for (wanted, expected) in [(true, as_admin), (false, as_user)] {
            let email = format!("{}-{wanted}@shop.example", built.desk.people().users.len());
            let made = built.desk.make_user(caller, wish(&email, wanted)).await;
            assert_eq!(made.map(|user| user.is_admin), expected, "{:?}", caller.permissions());
        }
    }
}

#[tokio::test]
async fn a_restricted_key_makes_two_users_a_minute_and_an_unrestricted_admin_any_number() {
    let built = TestDesk::unlocked().await.unwrap();
    let restricted = signed_in(&built, ADMIN, &["btcpay.server.cancreateuser"]).await;
    let admin = signed_in(&built, ADMIN, &["unrestricted"]).await;
    let make = async |caller: &Principal, n: u32| {
        built.desk.make_user(caller, wish(&format!("{n}@shop.example"), false)).await.map(drop)
    };
    assert_eq!((make(&restricted, 1).await, make(&restricted, 2).await), (Ok(()), Ok(())));
    built.clock.pass(std::time::Duration::from_secs(15));
    let wait = std::time::Duration::from_secs(45);
    assert_eq!(make(&restricted, 3).await, Err(ApiError::TooMany { retry_after: wait }));
    for n in 4..9 {
        make(&admin, n).await.unwrap();
    }
    built.clock.pass(wait);
    make(&restricted, 3).await.unwrap();
}

#[tokio::test]
async fn locked_no_user_is_made_changed_or_deleted_and_a_turn_is_not_used_up() {
    let built = TestDesk::unlocked().await.unwrap();
    built.user(ANA, false).await;
    let caller = signed_in(&built, ADMIN, &["btcpay.server.canmodifyserversettings"]).await;
    let full = signed_in(&built, ADMIN, &["unrestricted"]).await;
    built.call(Lock {}).await.unwrap();
    for _ in 0..3 {
        let made = built.desk.make_user(&caller, wish("bo@shop.example", false)).await;
        assert_eq!(made.unwrap_err(), ApiError::Locked);
    }
    for locked in [true, false] {
        assert_eq!(built.desk.lock_user(&caller, ANA, locked).await, Err(ApiError::Locked));
    }
    assert_eq!(built.desk.delete_any_user(&caller, ANA).await, Err(ApiError::Locked));
    let changed = built.desk.change_profile(&full, ProfileWish::default(), &domain::Guesser::Unknown).await;
    assert_eq!(changed.unwrap_err(), ApiError::Locked);
    built.unlock().await.unwrap();
    built.desk.make_user(&caller, wish("bo@shop.example", false)).await.unwrap();
}

#[tokio::test]
async fn a_new_password_takes_the_current_one_whatever_else_the_caller_may_do() {
    let built = TestDesk::unlocked().await.unwrap();
    built.user(ANA, false).await;
    let ana = signed_in(&built, ANA, &["unrestricted"]).await;
    let admin = signed_in(&built, ADMIN, &["btcpay.user.canmodifyprofile"]).await;
    let change = async |caller: &Principal, current: Option<&str>, new: &str| {
        let wish = ProfileWish {
            name: Some("changed".to_owned()),
            current_password: current.and_then(password),
            new_password: password(new),
            ..ProfileWish::default()
        };
        match built.desk.change_profile(caller, wish, &domain::Guesser::Unknown).await {
            Ok(user) => Ok(user.name),
            Err(ApiError::Invalid { field, .. }) => Err(field),
            Err(other) => panic!("{other:?}"),
        }
    };
    assert_eq!(change(&ana, None, "hunter22").await, Err("CurrentPassword"), "she has none to prove");
    assert_eq!(change(&ana, Some(""), "hunter22").await, Err("CurrentPassword"));
    assert_eq!(change(&admin, None, "hunter22").await, Err("CurrentPassword"));
    assert_eq!(change(&admin, Some("wrong"), "hunter22").await, Err("CurrentPassword"));
    assert_eq!(change(&admin, Some(ADMIN_PASSWORD), "five5").await, Err("NewPassword"));
    assert_eq!(built.known(ADMIN).unwrap().name, None, "nothing of a refused change is made");
    let changed = change(&admin, Some(ADMIN_PASSWORD), "hunter22").await;
    assert_eq!(changed, Ok(Some("changed".to_owned())));
    built.by_password(ADMIN, "hunter22").await.unwrap();
    assert!(built.by_password(ADMIN, ADMIN_PASSWORD).await.is_err());
    assert_eq!(built.newest(2).await, [Action::UserChanged, Action::PasswordChanged]);
}

#[tokio::test]
async fn a_profile_keeps_what_is_not_named_and_gives_up_what_is_blank() {
    let built = TestDesk::unlocked().await.unwrap();
    let made = UserWish { name: Some("Ana".to_owned()), image_url: Some(" ".to_owned()), ..wish(ANA, false) };
    let admin = signed_in(&built, ADMIN, &["unrestricted"]).await;
    let made = built.desk.make_user(&admin, made).await.unwrap();
    assert_eq!((made.name.as_deref(), made.image_url), (Some("Ana"), None));
    let ana = signed_in(&built, ANA, &["btcpay.user.canmodifyprofile"]).await;
    let change =
        async |wish: ProfileWish| built.desk.change_profile(&ana, wish, &domain::Guesser::Unknown).await;
    let url = Some("https://shop.example/ana.png".to_owned());
    change(ProfileWish { image_url: url.clone(), ..ProfileWish::default() }).await.unwrap();
    let email = Some("Ana@Shop.Example".parse_email());
    let changed = change(ProfileWish { email, name: Some(String::new()), ..ProfileWish::default() }).await;
    let changed = changed.unwrap();
    assert_eq!((changed.email.as_str(), changed.name, changed.image_url), ("Ana@Shop.Example", None, url));
    let taken = change(ProfileWish { email: Some(ADMIN.parse_email()), ..ProfileWish::default() }).await;
    assert!(matches!(taken, Err(ApiError::Invalid { field: "Email", .. })), "{taken:?}");
}

#[tokio::test]
async fn a_deleted_users_keys_are_unknown_at_once_and_stay_so_and_its_store_ends() {
    let built = TestDesk::unlocked().await.unwrap();
    built.user(ANA, false).await;
    let store = built.store("Bakery", ANA).await;
    let shared = built.store("Market", ANA).await;
    built.keyring.add_member(&shared, &built.admin(), Role::Guest);
    built.unlock().await.unwrap();
    let tokens = [built.token(ANA, &["unrestricted"]).await, built.token(ANA, &[]).await];
    let admins = built.token(ADMIN, &["unrestricted"]).await;
    let ana = built.desk.sign_in_with_key(&tokens[0]).await.unwrap();
    let stored = built.desk.index().recognise(&tokens[1]).cloned().unwrap();
    built.desk.delete_own_user(&ana).await.unwrap();
    for token in &tokens {
        assert_eq!(built.desk.sign_in_with_key(token).await.unwrap_err(), SignInError::UnknownKey);
    }
    use Action::{KeyRevoked, MemberRemoved, StoreRemoved, UserDeleted};
    let told = [KeyRevoked, KeyRevoked, MemberRemoved, StoreRemoved, MemberRemoved, UserDeleted];
    assert_eq!(built.newest(6).await, told);
    assert_eq!(built.call(UserList {}).await.unwrap().len(), 1);
    let keys = async || built.call(crate::calls::KeyList { user: None, search: None }).await.unwrap().len();
    assert_eq!(keys().await, 1);
    let people = built.desk.people();
    assert!(people.store(&store).is_none(), "nobody was left in it");
    assert!(people.store(&shared).is_some() && people.role(&shared, &ana.user.id).is_none());
    let admin = built.desk.sign_in_with_key(&admins).await.unwrap();
    assert!(built.desk.demand_in(&admin, Policy::VIEW_STORE_SETTINGS, &store).is_err());
    // Somebody puts the row back into the file.
    let again = crate::ports::NewKey { key: stored, secret: tokens[1].clone() };
    built.keyring.plant_key(&again).unwrap();
    built.unlock().await.unwrap();
    assert_eq!(built.desk.sign_in_with_key(&tokens[1]).await.unwrap_err(), SignInError::UnknownKey);
    assert_eq!(keys().await, 1);
    let gone = ApiError::SignedOut(SignInError::UnknownKey);
    assert_eq!(built.desk.delete_own_user(&ana).await, Err(gone.clone()), "she is gone already");
    let late = built.desk.mint_own(&ana, crate::KeyWish::default()).await;
    assert_eq!(late.unwrap_err(), gone, "a call that was on its way makes no key");
}

#[tokio::test]
async fn permission_is_looked_at_before_whether_somebody_is_there() {
    let built = TestDesk::unlocked().await.unwrap();
    let caller = signed_in(&built, ADMIN, &["btcpay.user.canviewprofile"]).await;
    let settings = Err(ApiError::MissingPermission(Policy::MODIFY_SERVER_SETTINGS));
    let desk = &built.desk;
    assert_eq!(
        desk.one_user(&caller, "nobody").unwrap_err(),
        ApiError::MissingPermission(Policy::VIEW_USERS)
    );
    assert_eq!(desk.delete_any_user(&caller, "nobody").await, settings);
    assert_eq!(desk.lock_user(&caller, "nobody", true).await, settings);
    assert_eq!(desk.approve_user(&caller, "nobody"), settings);
    let full = signed_in(&built, ADMIN, &["unrestricted"]).await;
    for gone in [
        desk.one_user(&full, "me").map(drop),
        desk.delete_any_user(&full, "nobody@shop.example").await,
        desk.lock_user(&full, "nobody", false).await,
        desk.approve_user(&full, "nobody"),
    ] {
        assert_eq!(gone, Err(ApiError::UserNotFound));
    }
    assert!(matches!(desk.approve_user(&full, ADMIN), Err(ApiError::InvalidState(_))));
}
