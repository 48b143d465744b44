use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::permission::samples::{every_known, permission, set};
use crate::{Ending, Issuer, KeyEnd, OwnAddress};

const NOW: Timestamp = Timestamp(1_000);
const VIEW: &str = "btcpay.store.canviewinvoices:s1";
const CREATE: &str = "btcpay.store.cancreateinvoice:s1";
const MODIFY: &str = "btcpay.store.canmodifyinvoices:s1";

fn request(redirect: &str, identifier: &str, rest: &str) -> AuthorizeRequest {
    let query = format!("redirect={redirect}&applicationIdentifier={identifier}&{rest}");
    AuthorizeRequest::parse(&query, &OwnAddress { port: 21_420 }).unwrap()
}

fn key(id: &str, created: i64, permissions: &PermissionSet) -> ApiKey {
    ApiKey {
        id: id.parse().unwrap(),
        owner: "ana".parse().unwrap(),
        issuer: Issuer::Local,
        label: String::new(),
        permissions: permissions.clone(),
        application: None,
        created: Timestamp(created),
        expires: None,
        last_used: None,
        ended: None,
    }
}

fn identified(identifier: &str, origin: &str) -> ApplicationIdentity {
    ApplicationIdentity::Identifier { identifier: identifier.into(), origin: origin.into() }
}

fn find(request: &AuthorizeRequest, granted: &PermissionSet, keys: &[ApiKey]) -> Match {
    let identity = identified("shop", "https://shop.example");
    let keys = keys.iter().map(|key| Candidate { key, identity: &identity, same_receiver: true });
    find_existing(request, granted, &"ana".parse().unwrap(), keys, NOW)
}

fn shop(rest: &str) -> AuthorizeRequest {
    request("https://shop.example/cb", "shop", rest)
}

fn is_found(found: &Match, id: &str) -> bool {
    found.exact.as_ref().is_some_and(|found| found.as_str() == id)
}

#[test]
fn forty_pairs_match_only_on_identifier_and_origin() {
    let unlike = [
        // Identifier asked, redirect asked, identifier known, origin known, same receiver.
        ("shop", "https://shop.example/", "Shop", "https://shop.example", true),
        ("Shop", "https://shop.example/", "shop", "https://shop.example", true),
        ("shop", "https://shop.example/", "shop2", "https://shop.example", true),
        ("shop", "https://shop.example/", "sho", "https://shop.example", true),
        ("shop", "https://shop.example/", "", "https://shop.example", true),
        ("sh%C3%B6p", "https://shop.example/", "sho\u{308}p", "https://shop.example", true),
        ("sh%D0%BEp", "https://shop.example/", "shop", "https://shop.example", true),
        ("shop%E2%80%8B", "https://shop.example/", "shop", "https://shop.example", true),
        ("shop%2Bx", "https://shop.example/", "shop x", "https://shop.example", true),
        ("shop", "http://shop.example/", "shop", "https://shop.example", true),
        ("shop", "https://shop.example/", "shop", "http://shop.example", true),
        ("shop", "https://shop.example:8443/", "shop", "https://shop.example", true),
        ("shop", "https://shop.example/", "shop", "https://shop.example:8443", true),
        ("shop", "https://shop.example:80/", "shop", "http://shop.example", true),
        ("shop", "https://shop.example:1/", "shop", "https://shop.example:2", true),
        ("shop", "https://evil.example/shop.example", "shop", "https://shop.example", true),
        ("shop", "https://shop.example.evil.example/", "shop", "https://shop.example", true),
        ("shop", "https://sub.shop.example/", "shop", "https://shop.example", true),
        ("shop", "https://shop.example/", "shop", "https://sub.shop.example", true),
        ("shop", "https://shop.example./", "shop", "https://shop.example", true),
        ("shop", "https://sh%D0%BEp.example/", "shop", "https://shop.example", true),
        ("shop", "https://10.0.0.1:1/", "shop", "https://10.0.0.1:2", true),
        ("shop", "http://127.0.0.1:4001/", "shop", "http://127.0.0.1:4000", false),
        ("shop", "http://127.0.0.1:4000/", "shop", "http://localhost:4000", true),
        ("shop", "http://localhost:4000/", "shop", "http://127.0.0.1:4000", true),
        ("shop", "http://[::1]:4000/", "shop", "http://127.0.0.1:4000", true),
        ("shop", "https://127.0.0.1:4000/", "shop", "http://127.0.0.1:4000", true),
        ("shop", "http://127.0.0.2:4000/", "shop", "http://127.0.0.1:4000", true),
    ];
    let alike = [
        ("shop", "https://shop.example/", "shop", "https://shop.example", false),
        ("shop", "https://shop.example/other?path", "shop", "https://shop.example", false),
        ("shop", "HTTPS://Shop.Example:443/", "shop", "https://shop.example", false),
        ("+shop+", "https://shop.example/", "shop", "https://shop.example", false),
        ("My+Shop", "http://gozo.com", "My Shop", "http://gozo.com", false),
        ("shop", "https://b%C3%BCcher.example/", "shop", "https://xn--bcher-kva.example", false),
        ("shop", "http://127.0.0.1:4000/", "shop", "http://127.0.0.1:4000", false),
        ("shop", "http://127.1:4000/", "shop", "http://127.0.0.1:4000", false),
        ("shop", "http://127.0.0.1:4001/", "shop", "http://127.0.0.1:4000", true),
        ("shop", "http://localhost/", "shop", "http://localhost:4000", true),
        ("shop", "http://[::1]:4001/", "shop", "http://[::1]", true),
        ("shop", "http://[::1]/", "shop", "http://[::1]:4000", true),
    ];
    assert_eq!(unlike.len() + alike.len(), 40);
    for (pairs, expected) in [(&unlike[..], false), (&alike[..], true)] {
        for (asked, redirect, known, origin, same_receiver) in pairs {
            let key = key("k", 1, &PermissionSet::new());
            let identity = identified(known, origin);
            let candidate = Candidate { key: &key, identity: &identity, same_receiver: *same_receiver };
            let request = request(redirect, asked, "");
            let found = find_existing(&request, &PermissionSet::new(), &key.owner, [candidate], NOW);
            assert_eq!(is_found(&found, "k"), expected, "{asked} at {redirect}, known {known} at {origin}");
        }
    }
}

#[test]
fn without_an_identifier_or_a_redirect_nothing_is_found() {
    let key = key("k", 1, &PermissionSet::new());
    let origin = ApplicationIdentity::Origin { origin: "https://shop.example".into() };
    for identity in [identified("shop", "https://shop.example"), origin, ApplicationIdentity::Unknown] {
        let candidate = Candidate { key: &key, identity: &identity, same_receiver: true };
        for query in ["", "applicationIdentifier=shop", "redirect=https://shop.example/"] {
            let request = AuthorizeRequest::parse(query, &OwnAddress { port: 1 }).unwrap();
            let found = find_existing(&request, &PermissionSet::new(), &key.owner, [candidate], NOW);
            assert_eq!(found, Match::default(), "{query} {identity:?}");
        }
    }
}

#[test]
fn a_strict_request_finds_exactly_what_it_would_be_granted() {
    let granted = set(&[VIEW, CREATE]);
    let found = |held: &[&str]| {
        is_found(&find(&shop("permissions=unrestricted"), &granted, &[key("k", 1, &set(held))]), "k")
    };
    assert!(found(&[CREATE, VIEW]));
    for other in
        [&[VIEW][..], &[], &[VIEW, CREATE, MODIFY], &[MODIFY], &["btcpay.store.canviewinvoices:s2", CREATE]]
    {
        assert!(!found(other), "{other:?}");
    }
}

#[test]
fn a_request_that_is_not_strict_is_also_content_with_a_part() {
    let granted = set(&[VIEW, CREATE]);
    let found =
        |held: &[&str]| is_found(&find(&shop("strict=false"), &granted, &[key("k", 1, &set(held))]), "k");
    assert!(found(&[CREATE, VIEW]) && found(&[VIEW]));
    assert!(!found(&[VIEW, MODIFY]) && !found(&["btcpay.store.canviewinvoices"]));
}

#[test]
fn a_wider_key_is_named_with_what_it_has_more_and_never_handed_over() {
    let wide = key("wide", 9, &set(&[MODIFY, "btcpay.user.canviewprofile"]));
    let other = key("other", 8, &set(&["btcpay.user.canviewprofile"]));
    for rest in ["", "strict=false"] {
        let found = find(&shop(rest), &set(&[VIEW]), &[wide.clone(), other.clone()]);
        assert_eq!(found.exact, None);
        assert_eq!(found.wider, [(wide.id.clone(), set(&[MODIFY, "btcpay.user.canviewprofile"]))]);
    }
    let all_stores = key("all", 9, &set(&["btcpay.store.canviewinvoices"]));
    let found = find(&shop(""), &set(&[VIEW]), std::slice::from_ref(&all_stores));
    assert_eq!(
        found,
        Match { exact: None, wider: vec![(all_stores.id.clone(), all_stores.permissions.clone())] }
    );
}

#[test]
fn when_nothing_is_asked_only_a_key_without_permissions_will_do() {
    let bare = key("bare", 1, &PermissionSet::new());
    let found = find(&shop(""), &PermissionSet::new(), &[bare, key("more", 2, &set(&[VIEW]))]);
    assert!(is_found(&found, "bare"));
    assert_eq!(found.wider.len(), 1);
    let only_unknown = shop("permissions=nonsense");
    assert_eq!(
        find(&only_unknown, &PermissionSet::new(), &[key("bare", 1, &PermissionSet::new())]),
        Match::default()
    );
}

#[test]
fn the_newest_of_several_is_found() {
    let granted = set(&[VIEW]);
    let keys = [key("old", 1, &granted), key("new", 3, &granted), key("middle", 2, &granted)];
    assert!(is_found(&find(&shop(""), &granted, &keys), "new"));
}

#[test]
fn ended_expired_and_other_peoples_keys_are_not_found() {
    let granted = set(&[VIEW]);
    let good = key("k", 1, &granted);
    let revoked = ApiKey { ended: Some(KeyEnd { how: Ending::Revoked, at: Timestamp(5) }), ..good.clone() };
    let seen_expired =
        ApiKey { ended: Some(KeyEnd { how: Ending::Expired, at: Timestamp(5) }), ..good.clone() };
    let overdue = ApiKey { expires: Some(NOW), ..good.clone() };
    let foreign = ApiKey { owner: "bob".parse().unwrap(), ..good.clone() };
    for dead in [revoked, seen_expired, overdue, foreign] {
        let wide = ApiKey { permissions: set(&[VIEW, CREATE]), ..dead.clone() };
        assert_eq!(find(&shop(""), &granted, &[dead, wide]), Match::default());
    }
    let lasting = ApiKey { expires: Some(Timestamp(NOW.0 + 1)), ..good };
    assert!(is_found(&find(&shop(""), &granted, &[lasting]), "k"));
}

fn near_set() -> impl Strategy<Value = PermissionSet> {
    let near = every_known(&["s1", "s2"]).into_iter().filter(|p| p.policy().as_str().contains("invoices"));
    let near: Vec<_> = near.chain([permission("unrestricted")]).collect();
    proptest::collection::vec(select(near), 0..4).prop_map(PermissionSet::from_iter)
}

proptest! {
    #[test]
    fn a_wider_key_is_never_found(
        granted in near_set(), held in proptest::collection::vec(near_set(), 0..6), strict: bool
    ) {
        let keys: Vec<ApiKey> = held.iter().enumerate().map(|(n, held)| key(&format!("k{n}"), n as i64, held)).collect();
        let found = find(&shop(&format!("strict={strict}")), &granted, &keys);
        if let Some(id) = &found.exact {
            let key = keys.iter().find(|key| key.id == *id).unwrap();
            prop_assert!(granted.covers_all(&key.permissions));
            prop_assert!(!strict || key.permissions == granted);
        }
        for (id, extra) in &found.wider {
            prop_assert!(!extra.is_empty() && found.exact.as_ref() != Some(id));
        }
    }
}
