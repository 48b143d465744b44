use proptest::prelude::*;

use super::*;
use crate::permission::samples::{any_set, set};
use crate::{ProgramIdentity, Terms};

const VIEW: &str = "btcpay.store.canviewinvoices:s1";
const SETTINGS: &str = "btcpay.store.canmodifystoresettings:s1";

fn till() -> ProgramIdentity {
    ProgramIdentity { exe: "/usr/bin/till".to_owned(), script: None }
}

fn unchanged(permissions: &PermissionSet) -> Changes {
    let till = till();
    let terms = Terms { permissions, origin: None, program: Some(&till) };
    Changes::between(terms, terms)
}

fn known<'a>(permissions: &'a PermissionSet, changes: &'a Changes) -> ComesAgain<'a> {
    ComesAgain {
        standing: Standing::Known,
        changes,
        granted: permissions,
        held: permissions,
        asks_unknown: false,
        alone: true,
        same_receiver: true,
    }
}

#[test]
fn a_known_application_that_asks_for_what_it_has_is_decided_with_others() {
    let view = set(&[VIEW]);
    let changes = unchanged(&view);
    assert!(known(&view, &changes).may_be_decided_with_others());
}

#[test]
fn whatever_is_not_as_it_was_is_decided_alone() {
    let (view, nothing) = (set(&[VIEW]), set(&[]));
    let changes = unchanged(&view);
    let same = known(&view, &changes);
    for standing in [Standing::New, Standing::Blocked] {
        assert!(!ComesAgain { standing, ..same }.may_be_decided_with_others());
    }
    let moved = Changes { other_origin: true, ..changes.clone() };
    let replaced = Changes { other_program: true, ..changes.clone() };
    let unlike = Changes { exactly: false, ..changes.clone() };
    for changes in [&moved, &replaced, &unlike] {
        assert!(!ComesAgain { changes, ..same }.may_be_decided_with_others(), "{changes:?}");
    }
    assert!(!ComesAgain { held: &nothing, ..same }.may_be_decided_with_others());
    assert!(!ComesAgain { asks_unknown: true, ..same }.may_be_decided_with_others());
    assert!(!ComesAgain { alone: false, ..same }.may_be_decided_with_others());
    assert!(!ComesAgain { same_receiver: false, ..same }.may_be_decided_with_others());
}

#[test]
fn what_needs_a_number_or_the_passphrase_is_decided_alone() {
    let settings = set(&[SETTINGS]);
    let changes = unchanged(&settings);
    assert!(!known(&settings, &changes).may_be_decided_with_others());
}

proptest! {
    #[test]
    fn nobody_in_the_list_gets_more_than_before_nor_more_than_selling(
        before in any_set(),
        now in any_set(),
        held in any_set(),
        same in any::<bool>(),
        standing in prop_oneof![Just(Standing::New), Just(Standing::Known), Just(Standing::Blocked)],
    ) {
        let (now, held) = if same { (before.clone(), before.clone()) } else { (now, held) };
        let till = till();
        let terms = |permissions| Terms { permissions, origin: None, program: Some(&till) };
        let changes = Changes::between(terms(&before), terms(&now));
        let judged = ComesAgain { standing, granted: &now, held: &held, ..known(&now, &changes) };
        if judged.may_be_decided_with_others() {
            prop_assert!(before == now && now == held && standing == Standing::Known);
            prop_assert!(now.tier() <= Tier::Sell);
        }
    }
}
