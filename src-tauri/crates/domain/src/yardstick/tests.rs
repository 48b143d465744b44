use proptest::prelude::*;

use super::*;
use crate::permission::samples::{any_set, permission, set};

const CREATE: &str = "btcpay.store.cancreateinvoice";
const INVOICES: &str = "btcpay.store.canviewinvoices";
const MODIFY: &str = "btcpay.store.canmodifyinvoices";
const SETTINGS: &str = "btcpay.store.canviewstoresettings";
const WEBHOOKS: &str = "btcpay.store.webhooks.canmodifywebhooks";
const WOO: [&str; 4] = [INVOICES, CREATE, SETTINGS, MODIFY];

fn said(permissions: &[&str]) -> Option<(&'static str, usize, usize)> {
    nearest(&set(permissions)).map(|fit| (fit.yardstick.name, fit.more.len(), fit.less.len()))
}

#[test]
fn every_policy_of_the_table_is_known_and_every_plugin_fits_itself_exactly() {
    for yardstick in all() {
        assert!(yardstick.policies().all(|policy| policy.is_known()), "{}", yardstick.name);
        assert_eq!(said(yardstick.required), Some((yardstick.name, 0, 0)));
        assert!(!yardstick.source.is_empty());
    }
}

#[test]
fn what_a_plugin_may_ask_for_as_well_is_exactly_what_it_asks() {
    let refunds = "btcpay.store.cancreatenonapprovedpullpayments";
    assert_eq!(said(&[&WOO[..], &[WEBHOOKS, refunds]].concat()), Some(("WooCommerce", 0, 0)));
    assert_eq!(
        said(&[&WOO[..], &[WEBHOOKS]].concat()),
        Some(("Magento", 0, 0)),
        "what asks for no less is nearer"
    );
}

#[test]
fn one_or_two_more_or_less_still_fit_and_three_do_not() {
    let (reports, payouts, requests) =
        ("btcpay.store.canviewreports", "btcpay.store.canviewpayouts", "btcpay.store.canviewpaymentrequests");
    assert_eq!(said(&[&WOO[..], &[reports]].concat()), Some(("WooCommerce", 1, 0)));
    assert_eq!(said(&[&WOO[..], &[reports, payouts]].concat()), Some(("WooCommerce", 2, 0)));
    assert_eq!(said(&[&WOO[..], &[reports, payouts, requests]].concat()), None);
    assert_eq!(said(&[INVOICES, CREATE, SETTINGS]), Some(("WooCommerce", 0, 1)));
    assert_eq!(said(&[INVOICES, "btcpay.user.canviewprofile"]), None, "it shares too little");
}

#[test]
fn nothing_and_everything_have_no_yardstick() {
    assert_eq!((said(&[]), said(&["unrestricted"])), (None, None));
}

#[test]
fn what_reaches_further_than_a_plugin_is_not_calmed_by_it() {
    assert_eq!(said(&[&WOO[..], &["btcpay.store.canmanagewallets"]].concat()), None);
    assert_eq!(said(&[&WOO[..], &["btcpay.plugin.store.unheardof"]].concat()), None);
}

proptest! {
    #[test]
    fn whatever_fits_differs_one_way_by_two_at_most_and_reaches_no_further(asked in any_set()) {
        if let Some(fit) = nearest(&asked) {
            prop_assert!(fit.more.is_empty() || fit.less.is_empty());
            prop_assert!(fit.more.len() + fit.less.len() <= 2);
            let plugin: PermissionSet = fit.yardstick.policies().map(Permission::from).collect();
            prop_assert!(asked.tier() <= plugin.tier());
        }
    }

    #[test]
    fn stores_make_no_difference_to_a_yardstick(at in 0..all().len(), extra in any_set(), drop in 0_usize..3) {
        let required = all()[at].required.iter().skip(drop).map(|name| permission(name));
        let wide: PermissionSet = required.chain(extra.iter().take(2).map(|one| one.policy().clone().into())).collect();
        let narrow = wide.narrowed_to(&["abc".parse().unwrap()]);
        prop_assert_eq!(nearest(&wide), nearest(&narrow));
    }
}
