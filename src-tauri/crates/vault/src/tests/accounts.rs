//! Users that change, and users that go.

use desk::ports::{Damage, UserChange};
use domain::{Action, Ending, Role};

use super::*;

fn ann() -> UserId {
    ANN.parse().unwrap()
}

impl Made {
    fn change(&self, changes: &[UserChange]) -> Result<(), KeyringError> {
        self.open.change_user(&ann(), changes, NOW, &WHO)
    }

    fn ann(&self) -> User {
        self.vault.users().unwrap().into_iter().find(|user| user.id == ann()).unwrap()
    }

    /// Action and detail of the newest `count` entries, oldest first.
    fn told(&self, count: u32) -> Vec<(Action, String)> {
        let entries = self.vault.log(None, count).unwrap();
        entries.into_iter().rev().map(|entry| (entry.action, entry.detail)).collect()
    }
}

fn password(text: &str) -> Option<Password> {
    Some(Password::new(text.to_owned()))
}

#[test]
fn every_change_of_a_user_reads_back_is_told_and_verifies() {
    let made = Made::new();
    let everything = [
        UserChange::Email(email("anna@shop.example")),
        UserChange::Name(Some("Anna".to_owned())),
        UserChange::ImageUrl(Some("https://shop.example/anna.png".to_owned())),
        UserChange::Password(password("hunter22")),
        UserChange::Admin(true),
        UserChange::Disabled(true),
    ];
    made.change(&everything).unwrap();
    let told = made.told(6);
    let actions: Vec<Action> = told.iter().map(|(action, _)| *action).collect();
    use Action::{PasswordChanged, UserChanged, UserDisabled, UserPromoted};
    assert_eq!(actions, [UserChanged, UserChanged, UserChanged, PasswordChanged, UserPromoted, UserDisabled]);
    assert_eq!(told[0].1, "from ann@shop.example to anna@shop.example");
    assert!(!told.iter().any(|(_, detail)| detail.contains("hunter22")));

    let made = made.reopened(|_| ());
    let expected = User {
        email: email("anna@shop.example"),
        name: Some("Anna".to_owned()),
        image_url: Some("https://shop.example/anna.png".to_owned()),
        is_admin: true,
        disabled: true,
        has_password: true,
        ..user(ANN, "x@x", false).user
    };
    assert_eq!(made.ann(), expected);
    assert_eq!(made.ann().email.as_str(), "anna@shop.example");
    assert!(made.vault.check_password(Some(&ann()), &Password::new("hunter22".into())).unwrap());
    assert_eq!(made.open.audit(NOW).unwrap(), []);

    made.change(&[UserChange::Password(None), UserChange::Admin(false), UserChange::Disabled(false)])
        .unwrap();
    let made = made.reopened(|_| ());
    assert_eq!((made.ann().is_admin, made.ann().disabled, made.ann().has_password), (false, false, false));
    assert!(!made.vault.check_password(Some(&ann()), &Password::new("hunter22".into())).unwrap());
    assert_eq!(made.open.audit(NOW).unwrap(), []);
    assert_eq!(made.open.verify_log().unwrap().faults, [""; 0]);
}

#[test]
fn another_users_address_is_taken_in_any_letters_and_ones_own_is_not() {
    let made = Made::new();
    made.open.create_user(&user("umlaut", "ÄRGER@shop.example", false), &WHO).unwrap();
    let before = made.dump();
    for taken in ["ADMIN@shop.example", "ärger@shop.example"] {
        let refused = made.change(&[UserChange::Name(None), UserChange::Email(email(taken))]);
        assert!(matches!(refused, Err(KeyringError::Duplicate("email"))), "{taken}");
        assert_eq!(made.dump(), before);
    }
    made.change(&[UserChange::Email(email("Ann@Shop.example"))]).unwrap();
    assert_eq!(made.ann().email.as_str(), "Ann@Shop.example");
}

#[test]
fn a_row_that_somebody_else_has_written_is_not_vouched_for_by_a_change() {
    let made = Made::new().tampered("UPDATE users SET is_admin = 1 WHERE email LIKE 'ann%'");
    let before = made.dump();
    let refused = made.change(&[UserChange::Disabled(false)]);
    assert!(matches!(refused, Err(KeyringError::Damaged(_))), "{refused:?}");
    assert_eq!(made.dump(), before);
    let nobody = made.open.change_user(&"gone".parse().unwrap(), &[UserChange::Admin(true)], NOW, &WHO);
    assert!(matches!(nobody, Err(KeyringError::NotFound("user"))));
}

#[test]
fn a_deleted_user_takes_keys_grants_and_memberships_along_and_the_store_that_is_left_with_nobody() {
    let made = Made::used();
    made.vault.end_key(&key_id(1), Ending::Expired, NOW, &WHO).unwrap();
    made.open.delete_user(&ann(), NOW, &WHO).unwrap();
    let told: Vec<_> = made.vault.log(None, 4).unwrap();
    assert_eq!(
        told.iter().map(|entry| (entry.action, entry.subject.as_str())).collect::<Vec<_>>(),
        [
            (Action::UserDeleted, ANN),
            (Action::StoreRemoved, "shop"),
            (Action::MemberRemoved, "shop"),
            (Action::KeyRevoked, key_id(2).as_str())
        ],
        "a key that had ended is not told again"
    );
    let made = made.reopened(|_| ());
    assert_eq!(made.vault.users().unwrap(), [admin().user]);
    assert_eq!(made.vault.keys().unwrap().len(), 0);
    assert_eq!(made.vault.memberships().unwrap(), []);
    assert_eq!(made.vault.stores().unwrap(), []);
    let granted = made.vault.request(&request_id(2)).unwrap().unwrap();
    assert!(granted.grant.is_none() && granted.request.status == RequestStatus::Approved, "history stays");
    assert_eq!(made.vault.never_collected().unwrap().len(), 0);
    assert_eq!(made.open.audit(NOW).unwrap(), []);
    assert_eq!(made.open.verify_log().unwrap().faults, [""; 0]);
    let again = made.open.delete_user(&ann(), NOW, &WHO);
    assert!(matches!(again, Err(KeyringError::NotFound("user"))));
}

#[test]
fn a_deleted_user_ends_no_store_of_others_and_none_by_a_membership_written_by_hand() {
    let made = Made::new();
    made.open.set_member(&shop(), &ADMIN.parse().unwrap(), Role::Guest, NOW, &WHO).unwrap();
    let other = store("other");
    made.open.create_store(&other, &ADMIN.parse().unwrap(), &WHO).unwrap();
    let made = made.tampered(&format!("UPDATE memberships SET user_id = '{ANN}' WHERE store_id = 'other'"));
    made.open.delete_user(&ann(), NOW, &WHO).unwrap();
    let left: Vec<_> = made.vault.memberships().unwrap().into_iter().map(|m| m.user).collect();
    assert_eq!(left, [ADMIN.parse().unwrap()]);
    assert_eq!(made.vault.stores().unwrap(), [other, store("shop")]);
}

#[test]
fn an_older_copy_of_a_row_neither_enables_nor_promotes_nor_revives_anybody() {
    type Change = fn(&Made);
    let cases: [(&str, Change); 3] = [
        ("disabled", |made| made.change(&[UserChange::Disabled(true)]).unwrap()),
        ("demoted", |made| made.change(&[UserChange::Admin(false)]).unwrap()),
        ("deleted", |made| made.open.delete_user(&ann(), NOW, &WHO).unwrap()),
    ];
    for (name, change) in cases {
        let made = Made::used();
        made.change(&[UserChange::Admin(true)]).unwrap();
        by_hand(&made.dir).execute_batch("CREATE TABLE kept AS SELECT * FROM users").unwrap();
        change(&made);
        let put_back =
            "INSERT OR REPLACE INTO users SELECT * FROM kept WHERE email LIKE 'ann%'; DROP TABLE kept";
        let made = made.tampered(&format!("PRAGMA foreign_keys = OFF; {put_back}"));
        assert_eq!(made.open.audit(NOW).unwrap(), [Damage::User(ann())], "{name}");
    }
}

#[test]
fn an_older_copy_of_a_deleted_users_key_is_named() {
    let made = Made::used();
    by_hand(&made.dir)
        .execute_batch("CREATE TABLE u AS SELECT * FROM users; CREATE TABLE k AS SELECT * FROM keys")
        .unwrap();
    made.open.delete_user(&ann(), NOW, &WHO).unwrap();
    let made = made.tampered(
        "INSERT INTO users SELECT * FROM u WHERE email LIKE 'ann%';
         INSERT INTO keys SELECT * FROM k WHERE label = 'key 1'; DROP TABLE u; DROP TABLE k",
    );
    assert_eq!(made.open.audit(NOW).unwrap(), [Damage::User(ann()), Damage::Key(key_id(1))]);
}
