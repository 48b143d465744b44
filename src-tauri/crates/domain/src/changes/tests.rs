use proptest::prelude::*;

use super::*;
use crate::permission::samples::{any_set, set};

const VIEW: &str = "btcpay.store.canviewinvoices";
const MODIFY: &str = "btcpay.store.canmodifyinvoices";
const SETTINGS: &str = "btcpay.store.canmodifystoresettings";

fn at<'a>(permissions: &'a PermissionSet, program: &'a ProgramIdentity) -> Terms<'a> {
    Terms { permissions, origin: Some("http://localhost:8080"), program: Some(program) }
}

fn till() -> ProgramIdentity {
    ProgramIdentity { exe: "/usr/bin/till".to_owned(), script: None }
}

fn changes(before: &[&str], now: &[&str]) -> Changes {
    let (before, now, till) = (set(before), set(now), till());
    Changes::between(at(&before, &till), at(&now, &till))
}

fn policies(names: &[&str]) -> BTreeSet<Policy> {
    names.iter().map(|name| Policy::parse(name).unwrap()).collect()
}

#[test]
fn one_permission_more_is_one_more_whatever_was_there() {
    let found = changes(&[VIEW], &[VIEW, SETTINGS]);
    assert_eq!((found.more, found.less), (policies(&[SETTINGS]), policies(&[])));
}

#[test]
fn one_in_two_stores_is_one_more_and_not_two() {
    let both = [format!("{SETTINGS}:a"), format!("{SETTINGS}:b")];
    let found = changes(&[&format!("{VIEW}:a"), &format!("{VIEW}:b")], &[&both[0], &both[1]]);
    assert_eq!((found.more, found.wider), (policies(&[SETTINGS]), Extent::default()));
}

#[test]
fn what_another_permission_includes_is_neither_more_nor_less() {
    let found = changes(&[MODIFY], &[MODIFY, VIEW]);
    assert!(!found.widens() && found.less.is_empty());
    assert!(!found.exactly, "it is not the very same list, though");
    assert_eq!(changes(&[MODIFY], &[VIEW]).less, policies(&[MODIFY]));
}

#[test]
fn another_store_is_said_as_a_store_and_all_stores_as_all() {
    let found = changes(&[&format!("{VIEW}:a")], &[&format!("{VIEW}:b")]);
    let only = |store: &str| Extent { stores: [store.parse().unwrap()].into(), everywhere: false };
    assert_eq!((found.more.len(), found.wider, found.narrower), (0, only("b"), only("a")));
    let all = changes(&[&format!("{VIEW}:a")], &[VIEW]);
    assert!(all.wider.everywhere && all.widens() && all.more.is_empty());
}

#[test]
fn another_origin_or_program_is_a_change_and_a_program_that_is_not_recognised_is_another() {
    let (same, till) = (set(&[VIEW]), till());
    assert!(Changes::between(at(&same, &till), at(&same, &till)).is_none());
    let elsewhere = Terms { origin: Some("http://localhost:9090"), ..at(&same, &till) };
    assert!(Changes::between(at(&same, &till), elsewhere).other_origin);
    let other = ProgramIdentity { script: Some("x.py".to_owned()), ..till.clone() };
    assert!(Changes::between(at(&same, &till), at(&same, &other)).other_program);
    let unseen = Terms { program: None, ..at(&same, &till) };
    assert!(Changes::between(unseen, unseen).other_program);
}

proptest! {
    #[test]
    fn it_widens_exactly_when_something_is_not_covered_by_what_was_granted(before in any_set(), now in any_set()) {
        let till = till();
        let found = Changes::between(at(&before, &till), at(&now, &till));
        prop_assert_eq!(found.widens(), !before.covers_all(&now));
        let back = Changes::between(at(&now, &till), at(&before, &till));
        prop_assert_eq!((found.less, found.narrower), (back.more, back.wider));
    }

    #[test]
    fn whatever_is_called_more_was_granted_in_no_store(before in any_set(), now in any_set()) {
        let till = till();
        let found = Changes::between(at(&before, &till), at(&now, &till));
        for policy in found.more {
            prop_assert!(!before.iter().any(|held| *held.policy() == policy));
            prop_assert!(now.iter().any(|asked| *asked.policy() == policy));
        }
    }
}
