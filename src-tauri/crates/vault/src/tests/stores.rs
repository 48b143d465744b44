//! What is set about a store, and who leaves it.

use desk::ports::Damage;
use domain::{Action, Role};

use super::*;

impl Made {
    /// The newest entries of the log, oldest of them first.
    fn last_entries(&self, count: u32) -> Vec<(Action, String, String)> {
        let entries = self.vault.log(None, count).unwrap().into_iter().rev();
        entries.map(|entry| (entry.action, entry.subject, entry.detail)).collect()
    }

    fn entries(&self) -> usize {
        self.vault.log(None, u32::MAX).unwrap().len()
    }
}

/// The admin is in the shop, too.
fn shared() -> Made {
    let made = Made::new();
    made.open.set_member(&shop(), &ADMIN.parse().unwrap(), Role::Owner, NOW, &WHO).unwrap();
    made
}

#[test]
fn a_changed_store_reads_back_with_its_settings_and_one_log_entry() {
    let made = Made::new();
    let before = made.entries();
    made.open.change_store(&shop(), &draft(), NOW, &WHO).unwrap();
    assert_eq!(made.entries(), before + 1);
    let made = made.reopened(|_| ());
    let (name, settings) = ("Bakery".to_owned(), draft().settings().clone());
    assert_eq!(made.vault.stores().unwrap(), [Store { name, settings, ..store("shop") }]);
    let entry = (Action::StoreChanged, "shop".to_owned(), "Bakery".to_owned());
    assert_eq!(made.last_entries(1), [entry]);
    assert_eq!(made.open.audit(NOW).unwrap(), [], "what is set decides nothing");
}

#[test]
fn a_new_store_keeps_what_it_was_created_with() {
    let made = Made::new();
    let new = Store { settings: draft().settings().clone(), ..store("other") };
    made.open.create_store(&new, &ANN.parse().unwrap(), &WHO).unwrap();
    assert!(made.reopened(|_| ()).vault.stores().unwrap().contains(&new));
}

#[test]
fn settings_that_are_absent_or_cannot_be_read_are_the_defaults() {
    let mut made = Made::new();
    made.open.change_store(&shop(), &draft(), NOW, &WHO).unwrap();
    for written in ["NULL", "'x'", "'[]'", "'{\"archived\":7}'", "CAST(x'ff' AS TEXT)", "'{\"unheard\":1}'"] {
        made = made.tampered(&format!("UPDATE stores SET settings = {written}"));
        let expected = Store { name: "Bakery".to_owned(), ..store("shop") };
        assert_eq!(made.vault.stores().unwrap(), [expected], "{written}");
    }
}

#[test]
fn a_store_stays_while_it_has_a_member_and_ends_with_the_last() {
    let made = shared();
    let who = |user: &str| made.open.remove_member(&shop(), &user.parse().unwrap(), NOW, &WHO);
    who(ANN).unwrap();
    let left = made.vault.memberships().unwrap();
    assert_eq!((left.len(), left[0].user.as_str()), (1, ADMIN));
    assert_eq!(made.vault.stores().unwrap().len(), 1);
    let removed = |user: &str| (Action::MemberRemoved, "shop".to_owned(), format!("user {user}"));
    assert_eq!(made.last_entries(1), [removed(ANN)]);
    who(ADMIN).unwrap();
    assert_eq!((made.vault.memberships().unwrap(), made.vault.stores().unwrap()), (vec![], vec![]));
    let ended = (Action::StoreRemoved, "shop".to_owned(), "its last member left".to_owned());
    assert_eq!(made.last_entries(2), [removed(ADMIN), ended]);
    assert_eq!(made.open.audit(NOW).unwrap(), []);
}

#[test]
fn what_is_not_there_can_neither_change_nor_be_left() {
    let made = Made::new();
    let before = made.dump();
    let other: StoreId = "other".parse().unwrap();
    let (ann, admin) = (ANN.parse().unwrap(), ADMIN.parse().unwrap());
    let changed = made.open.change_store(&other, &draft(), NOW, &WHO);
    assert!(matches!(changed, Err(KeyringError::NotFound("store"))));
    for (store, user) in [(&other, &ann), (&shop(), &admin)] {
        let removed = made.open.remove_member(store, user, NOW, &WHO);
        assert!(matches!(removed, Err(KeyringError::NotFound("member"))));
    }
    assert_eq!(made.dump(), before);
}

#[test]
fn a_membership_put_back_after_it_ended_is_named() {
    let made = shared();
    made.open.remove_member(&shop(), &ANN.parse().unwrap(), NOW, &WHO).unwrap();
    let made = made.tampered(&format!(
        "INSERT INTO memberships SELECT store_id, '{ANN}', role, mac FROM memberships WHERE user_id = '{ADMIN}'"
    ));
    let damage = Damage::Membership(shop(), ANN.parse().unwrap());
    assert_eq!(made.open.audit(NOW).unwrap(), [damage]);
}

#[test]
fn a_member_gets_a_role_and_another_one_each_told_and_vouched_for() {
    let made = shared();
    let admin: UserId = ADMIN.parse().unwrap();
    made.open.set_member(&shop(), &admin, Role::Guest, NOW, &WHO).unwrap();
    let told = |action, detail: &str| (action, "shop".to_owned(), format!("user {ADMIN} as {detail}"));
    let expected = [told(Action::MemberAdded, "Owner"), told(Action::MemberChanged, "Guest, Owner before")];
    assert_eq!(made.last_entries(2), expected);
    let made = made.reopened(|_| ());
    let roles: Vec<Role> = made.vault.memberships().unwrap().into_iter().map(|m| m.role).collect();
    assert_eq!(roles, [Role::Guest, Role::Owner]);
    assert_eq!(made.open.audit(NOW).unwrap(), []);
    let before = made.dump();
    for (store, user) in [("other", ADMIN), ("shop", "nobody")] {
        let set =
            made.open.set_member(&store.parse().unwrap(), &user.parse().unwrap(), Role::Owner, NOW, &WHO);
        assert!(matches!(set, Err(KeyringError::NotFound("store" | "user"))), "{set:?}");
    }
    assert_eq!(made.dump(), before);
}

#[test]
fn a_role_given_over_a_row_that_somebody_else_has_written_is_a_new_membership() {
    let made = shared()
        .tampered(&format!("UPDATE memberships SET role = 'Owner', mac = x'00' WHERE user_id = '{ADMIN}'"));
    assert_eq!(made.open.audit(NOW).unwrap().len(), 1);
    made.open.set_member(&shop(), &ADMIN.parse().unwrap(), Role::Guest, NOW, &WHO).unwrap();
    assert_eq!(made.last_entries(1)[0].0, Action::MemberAdded);
    assert_eq!(made.open.audit(NOW).unwrap(), []);
}

#[test]
fn an_older_copy_of_a_membership_gives_no_role_back() {
    type Change = fn(&Made);
    let cases: [(&str, Change); 3] = [
        ("another role", |made| {
            made.open.set_member(&shop(), &ANN.parse().unwrap(), Role::Guest, NOW, &WHO).unwrap();
        }),
        ("taken out", |made| made.open.remove_member(&shop(), &ANN.parse().unwrap(), NOW, &WHO).unwrap()),
        ("taken out and let in again", |made| {
            made.open.remove_member(&shop(), &ANN.parse().unwrap(), NOW, &WHO).unwrap();
            made.open.set_member(&shop(), &ANN.parse().unwrap(), Role::Employee, NOW, &WHO).unwrap();
        }),
    ];
    for (name, change) in cases {
        let made = shared();
        by_hand(&made.dir).execute_batch("CREATE TABLE kept AS SELECT * FROM memberships").unwrap();
        change(&made);
        let made = made.tampered(&format!(
            "INSERT OR REPLACE INTO memberships SELECT * FROM kept WHERE user_id = '{ANN}'; DROP TABLE kept"
        ));
        assert_eq!(
            made.open.audit(NOW).unwrap(),
            [Damage::Membership(shop(), ANN.parse().unwrap())],
            "{name}"
        );
    }
}
