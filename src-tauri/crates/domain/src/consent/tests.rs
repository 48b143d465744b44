use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::OwnAddress;
use crate::permission::samples::{any_set, every_known, permission, set};

const VIEW: &str = "btcpay.store.canviewinvoices";
const CREATE: &str = "btcpay.store.cancreateinvoice";

fn request(query: &str) -> AuthorizeRequest {
    AuthorizeRequest::parse(query, &OwnAddress { port: 21_420 }).unwrap()
}

/// A request for these permissions, with the rest of the query behind.
fn asking(permissions: &[&str], rest: &str) -> AuthorizeRequest {
    let asked: String = permissions.iter().map(|asked| format!("permissions={asked}&")).collect();
    request(&format!("{asked}{rest}"))
}

fn choice(stores: &[&str], permissions: Option<PermissionSet>) -> Choice {
    Choice {
        owner: "ana".parse().unwrap(),
        stores: stores.iter().map(|store| store.parse().unwrap()).collect(),
        permissions,
        label: String::new(),
        expires: None,
    }
}

fn granted(
    request: &AuthorizeRequest,
    stores: &[&str],
    chosen: Option<&[&str]>,
) -> Result<PermissionSet, ConsentError> {
    Consent::build(request, choice(stores, chosen.map(set))).map(|consent| consent.permissions().clone())
}

#[test]
fn a_strict_request_is_granted_exactly() {
    let request = asking(&[VIEW, CREATE], "");
    assert_eq!(granted(&request, &[], None), Ok(set(&[VIEW, CREATE])));
    assert_eq!(granted(&request, &[], Some(&[CREATE, VIEW])), Ok(set(&[VIEW, CREATE])));
    for other in [&[VIEW][..], &[], &[VIEW, CREATE, "unrestricted"], &["btcpay.store.canmodifyinvoices"]] {
        assert_eq!(granted(&request, &[], Some(other)), Err(ConsentError::StrictRequest), "{other:?}");
    }
}

#[test]
fn what_is_unticked_and_added_counts_when_not_strict() {
    let request = asking(&[VIEW, CREATE], "strict=false");
    assert_eq!(granted(&request, &[], None), Ok(set(&[VIEW, CREATE])));
    for chosen in [
        &[VIEW][..],
        &[],
        &["unrestricted"],
        &[CREATE, "btcpay.store.canviewwallet", "btcpay.user.canviewprofile"],
    ] {
        assert_eq!(granted(&request, &[], Some(chosen)), Ok(set(chosen)));
    }
    let plugin = "btcpay.plugin.store.canwater";
    let refused = ConsentError::UnknownPermission(permission(plugin));
    assert_eq!(granted(&request, &[], Some(&[VIEW, plugin])), Err(refused));
}

#[test]
fn chosen_stores_become_the_scope_of_every_store_permission() {
    let request = asking(&[VIEW, CREATE, "btcpay.user.canviewprofile"], "selectiveStores=true");
    let one =
        ["btcpay.store.cancreateinvoice:s1", "btcpay.store.canviewinvoices:s1", "btcpay.user.canviewprofile"];
    assert_eq!(granted(&request, &["s1"], None), Ok(set(&one)));
    assert_eq!(
        granted(&request, &["s1", "s1"], Some(&one)),
        Ok(set(&one)),
        "what it would grant may be spelt out"
    );
    assert_eq!(granted(&request, &["s1", "s2"], None).unwrap().len(), 5);
    assert_eq!(granted(&request, &[], None), Err(ConsentError::StoreNeeded));
    assert_eq!(granted(&request, &["s2"], Some(&one)), Err(ConsentError::StrictRequest));
}

#[test]
fn stores_are_chosen_only_where_there_is_something_to_choose() {
    let open = asking(&[VIEW], "");
    assert_eq!(granted(&open, &["s1"], None), Err(ConsentError::StoresNotAsked));
    let server = asking(&["btcpay.server.canviewusers"], "selectiveStores=true");
    assert_eq!(granted(&server, &[], None), Ok(set(&["btcpay.server.canviewusers"])));
    let scoped = asking(&["btcpay.store.canviewinvoices:s9"], "selectiveStores=true");
    assert_eq!(granted(&scoped, &[], None), Ok(set(&["btcpay.store.canviewinvoices:s9"])));
    let nothing = asking(&[], "selectiveStores=true");
    assert_eq!(granted(&nothing, &[], None), Ok(PermissionSet::new()));
    let added = asking(&[], "selectiveStores=true&strict=false");
    assert_eq!(granted(&added, &[], Some(&[VIEW])), Err(ConsentError::StoreNeeded));
}

#[test]
fn a_scope_that_was_asked_stays() {
    let scoped = "btcpay.store.canviewinvoices:s9";
    for rest in ["", "strict=false", "selectiveStores=true", "selectiveStores=true&strict=false"] {
        assert_eq!(granted(&asking(&[scoped], rest), &[], None), Ok(set(&[scoped])), "{rest}");
    }
    for (rest, stores) in [("strict=false", &[][..]), ("strict=false&selectiveStores=true", &["s1"])] {
        let request = asking(&[scoped], rest);
        for wider in [VIEW, "btcpay.store.canviewinvoices:s1"] {
            let refused = ConsentError::Wider(permission(wider));
            assert_eq!(granted(&request, stores, Some(&[scoped, wider])), Err(refused), "{rest}");
        }
    }
    let both = asking(&[scoped, VIEW], "strict=false");
    assert_eq!(granted(&both, &[], Some(&[VIEW])), Ok(set(&[VIEW])), "it was asked without a scope, too");
}

#[test]
fn where_stores_are_chosen_no_other_store_slips_in() {
    let request = asking(&[VIEW], "strict=false&selectiveStores=true");
    let foreign = "btcpay.store.canviewwallet:s2";
    assert_eq!(granted(&request, &["s1"], Some(&[foreign])), Err(ConsentError::Wider(permission(foreign))));
    assert_eq!(granted(&request, &["s1", "s2"], Some(&[foreign])), Ok(set(&[foreign])));
}

#[test]
fn with_no_known_permission_left_there_is_nothing_to_grant() {
    for rest in ["", "strict=false"] {
        let request = asking(&["btcpay.store.cannotbe"], rest);
        assert_eq!(granted(&request, &[], None), Err(ConsentError::NothingToGrant));
        assert_eq!(granted(&request, &[], Some(&[VIEW])), Err(ConsentError::NothingToGrant));
    }
    let part = asking(&["btcpay.store.cannotbe", VIEW], "");
    assert_eq!(granted(&part, &[], None), Ok(set(&[VIEW])), "strict compares with the known rest");
}

#[test]
fn owner_label_and_end_are_the_chosen_ones_and_the_label_is_short_and_visible() {
    let label = format!("  My\n{}\u{202e}", "shop ".repeat(100));
    let chosen = Choice { label, expires: Some(Timestamp(99)), ..choice(&[], None) };
    let consent = Consent::build(&request(""), chosen).unwrap();
    assert_eq!((consent.owner().as_str(), consent.expires()), ("ana", Some(Timestamp(99))));
    assert!(consent.label().starts_with("My shop shop") && consent.label().chars().count() <= 200);
}

#[test]
fn every_error_names_the_part_that_has_to_change() {
    let wide = permission(VIEW);
    for (error, field) in [
        (ConsentError::NothingToGrant, "permissions"),
        (ConsentError::StrictRequest, "permissions"),
        (ConsentError::UnknownPermission(wide.clone()), "permissions"),
        (ConsentError::Wider(wide), "permissions"),
        (ConsentError::StoreNeeded, "stores"),
        (ConsentError::StoresNotAsked, "stores"),
    ] {
        assert_eq!(error.field(), field);
    }
}

/// Sets in which policies and stores meet often.
fn known_set() -> impl Strategy<Value = PermissionSet> {
    let near =
        every_known(&["s1", "s2", "s3"]).into_iter().filter(|p| p.policy().as_str().contains("invoice"));
    let near: Vec<_> = near.chain([permission("unrestricted")]).collect();
    proptest::collection::vec(select(near), 0..5).prop_map(PermissionSet::from_iter)
}

fn asked_with(asked: &PermissionSet, strict: bool, selective: bool) -> AuthorizeRequest {
    let texts: Vec<String> = asked.iter().map(ToString::to_string).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let encoded: Vec<String> =
        texts.iter().map(|t| url::form_urlencoded::byte_serialize(t.as_bytes()).collect()).collect();
    let encoded: Vec<&str> = encoded.iter().map(String::as_str).collect();
    asking(&encoded, &format!("strict={strict}&selectiveStores={selective}"))
}

fn some_stores() -> impl Strategy<Value = Vec<&'static str>> {
    proptest::collection::vec(select(vec!["s1", "s2"]), 0..3)
}

proptest! {
    #[test]
    fn a_strict_consent_is_never_wider_and_never_other_policies(
        asked in any_set(), chosen in proptest::option::of(known_set()), stores in some_stores(), selective: bool
    ) {
        let request = asked_with(&asked, true, selective);
        if let Ok(consent) = Consent::build(&request, choice(&stores, chosen)) {
            prop_assert!(request.permissions().covers_all(consent.permissions()));
            let policies = |set: &PermissionSet| -> std::collections::BTreeSet<_> {
                set.iter().map(|permission| permission.policy().clone()).collect()
            };
            prop_assert_eq!(policies(consent.permissions()), policies(request.permissions()));
        }
    }

    #[test]
    fn where_stores_are_chosen_every_scope_is_a_chosen_or_an_asked_one(
        asked in known_set(), chosen in proptest::option::of(known_set()), stores in some_stores(), strict: bool
    ) {
        let request = asked_with(&asked, strict, true);
        if let Ok(consent) = Consent::build(&request, choice(&stores, chosen)) {
            prop_assert!(!consent.permissions().has_unscoped_store_policy());
            for permission in consent.permissions() {
                let scope = permission.scope().map(StoreId::as_str);
                let chosen = scope.is_none_or(|scope| stores.contains(&scope));
                prop_assert!(chosen || asked.contains(permission), "{permission}");
            }
        }
    }

    #[test]
    fn a_policy_asked_only_for_one_store_is_granted_for_no_other(
        asked in known_set(), chosen in known_set(), stores in some_stores(), selective: bool
    ) {
        let request = asked_with(&asked, false, selective);
        if let Ok(consent) = Consent::build(&request, choice(&stores, Some(chosen))) {
            for permission in consent.permissions() {
                let alike = || asked.iter().filter(|asked| asked.policy() == permission.policy());
                let only_scoped = alike().count() > 0 && alike().all(|asked| asked.scope().is_some());
                prop_assert!(!only_scoped || asked.contains(permission), "{permission}");
            }
        }
    }
}
