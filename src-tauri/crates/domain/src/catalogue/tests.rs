use std::collections::BTreeSet;

use super::*;
use crate::policy::PolicyKind;

fn policy(name: &str) -> Policy {
    Policy::parse(name).unwrap()
}

fn below_names(name: &str) -> Vec<&'static str> {
    closure(&policy(name)).map(|entry| entry.name).collect()
}

fn of_kind(kind: PolicyKind) -> Vec<&'static str> {
    all().iter().filter(|entry| entry.policy().kind() == kind).map(|entry| entry.name).collect()
}

#[test]
fn there_are_forty_six_policies_in_order_of_name() {
    assert_eq!(all().len(), 46);
    assert!(all().is_sorted_by(|a, b| a.name < b.name));
    assert!(all().iter().all(|entry| Policy::parse(entry.name).unwrap().as_str() == entry.name));
}

#[test]
fn thirty_two_are_of_stores_seven_of_servers_five_of_users_and_two_of_nothing() {
    assert_eq!(of_kind(PolicyKind::Store).len(), 32);
    assert_eq!(of_kind(PolicyKind::Server).len(), 7);
    assert_eq!(of_kind(PolicyKind::User).len(), 5);
    assert_eq!(of_kind(PolicyKind::Other), ["btcpay.impersonation.canimpersonate"]);
    assert_eq!(of_kind(PolicyKind::Unrestricted), ["unrestricted"]);
}

#[test]
fn every_policy_is_explained_in_one_sentence_under_a_title_of_its_own() {
    let titles: BTreeSet<_> = all().iter().map(|entry| entry.title.to_lowercase()).collect();
    assert_eq!(titles.len(), all().len());
    for PolicyEntry { name, title, description, .. } in all() {
        assert!((5..=45).contains(&title.chars().count()), "{name}: {title}");
        assert!(title.starts_with(|c: char| c.is_uppercase()) && !title.ends_with('.'), "{name}: {title}");
        assert!(description.len() > title.len() && description.ends_with('.'), "{name}: {description}");
        assert_eq!(description.matches(". ").count(), 0, "{name}: {description}");
    }
}

#[test]
fn every_child_is_in_the_catalogue() {
    for entry in all() {
        for child in entry.children {
            assert!(named(child).is_some(), "{} -> {child}", entry.name);
        }
    }
}

#[test]
fn unrestricted_is_the_parent_of_exactly_those_that_have_no_other() {
    let mut parentless: BTreeSet<_> = all().iter().map(|entry| entry.name).collect();
    for entry in all().iter().filter(|entry| entry.name != "unrestricted") {
        for child in entry.children {
            parentless.remove(child);
        }
    }
    parentless.remove("unrestricted");
    let children: BTreeSet<_> = named("unrestricted").unwrap().children.iter().copied().collect();
    assert_eq!(children, parentless);
}

#[test]
fn unrestricted_includes_all_the_other_forty_five() {
    let others: Vec<_> =
        all().iter().map(|entry| entry.name).filter(|name| *name != "unrestricted").collect();
    assert_eq!(below_names("unrestricted"), others);
}

#[test]
fn changing_store_settings_includes_all_the_other_store_policies_and_nothing_else() {
    let mut others = of_kind(PolicyKind::Store);
    others.retain(|name| *name != "btcpay.store.canmodifystoresettings");
    assert_eq!(others.len(), 31);
    assert_eq!(below_names("btcpay.store.canmodifystoresettings"), others);
}

#[test]
fn seeing_store_settings_includes_five_views_and_neither_wallet_nor_offerings_nor_lightning() {
    assert_eq!(
        below_names("btcpay.store.canviewstoresettings"),
        [
            "btcpay.store.canviewinvoices",
            "btcpay.store.canviewpaymentrequests",
            "btcpay.store.canviewpayouts",
            "btcpay.store.canviewpullpayments",
            "btcpay.store.canviewreports",
        ]
    );
}

#[test]
fn inclusion_goes_through_every_step_between() {
    let pull = policy("btcpay.store.canmanagepullpayments");
    assert!(includes(&pull, &policy("btcpay.store.cancreatenonapprovedpullpayments")));
    assert!(includes(&pull, &policy("btcpay.store.canviewpullpayments")));
    assert!(includes(
        &policy("btcpay.server.canmodifyserversettings"),
        &policy("btcpay.server.cancreateuser")
    ));
    assert!(includes(&policy("btcpay.store.canmanagewallets"), &policy("btcpay.store.canviewwallet")));
}

#[test]
fn an_administrator_of_the_server_has_no_store_for_it_and_does_not_list_users() {
    assert!(!includes(
        &policy("btcpay.server.canmodifyserversettings"),
        &policy("btcpay.store.canmodifystoresettings")
    ));
    assert!(!includes(
        &policy("btcpay.server.canmodifyserversettings"),
        &policy("btcpay.server.canviewusers")
    ));
    assert!(!includes(&Policy::MANAGE_USERS, &policy("btcpay.server.canviewusers")));
    assert!(includes(&Policy::UNRESTRICTED, &policy("btcpay.server.canviewusers")));
}

#[test]
fn inclusion_agrees_with_closure_and_never_goes_both_ways() {
    for granted in all().iter().map(PolicyEntry::policy) {
        let below: BTreeSet<_> = closure(&granted).map(PolicyEntry::policy).collect();
        assert!(!below.contains(&granted), "{granted}");
        for wanted in all().iter().map(PolicyEntry::policy) {
            assert_eq!(includes(&granted, &wanted), granted == wanted || below.contains(&wanted));
            assert!(granted == wanted || !includes(&granted, &wanted) || !includes(&wanted, &granted));
        }
    }
}

#[test]
fn an_unknown_policy_includes_nothing_and_is_included_by_nothing() {
    let unknown = policy("btcpay.plugin.store.canwater");
    assert!(!includes(&unknown, &unknown));
    assert!(!includes(&Policy::UNRESTRICTED, &unknown));
    assert!(!includes(&unknown, &policy("btcpay.impersonation.canimpersonate")));
    assert_eq!(closure(&unknown).count(), 0);
}
