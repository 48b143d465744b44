use proptest::prelude::*;
use url::form_urlencoded::byte_serialize;

use super::*;
use crate::permission::samples::{any_permission, permission, set};

const OWN: OwnAddress = OwnAddress { port: 21_420 };

fn parse(query: &str) -> Result<AuthorizeRequest, QueryError> {
    AuthorizeRequest::parse(query, &OWN)
}

fn ok(query: &str) -> AuthorizeRequest {
    parse(query).unwrap_or_else(|error| panic!("{query}: {error}"))
}

fn name(request: &AuthorizeRequest) -> Option<&str> {
    request.application_name().map(ClaimedText::as_str)
}

fn unknown(request: &AuthorizeRequest) -> Vec<&str> {
    request.unknown().iter().map(ClaimedText::as_str).collect()
}

fn encoded(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}

#[test]
fn each_documented_example_means_what_the_documentation_says() {
    let create_and_view = ["btcpay.store.cancreateinvoice", "btcpay.store.canviewinvoices"];
    let asked = "permissions=btcpay.store.cancreateinvoice&permissions=btcpay.store.canviewinvoices";
    for (query, called, redirect, identifier, permissions, strict, selective) in [
        ("", None, None, None, &[][..], true, false),
        ("applicationName=Your%20Application", Some("Your Application"), None, None, &[], true, false),
        (
            "applicationName=Your%20Application&redirect=http://gozo.com",
            Some("Your Application"),
            Some("http://gozo.com"),
            None,
            &[],
            true,
            false,
        ),
        (
            "applicationName=Your%20Application&redirect=http://gozo.com&applicationIdentifier=gozo",
            Some("Your Application"),
            Some("http://gozo.com"),
            Some("gozo"),
            &[],
            true,
            false,
        ),
        (asked, None, None, None, &create_and_view, true, false),
        (&format!("{asked}&selectiveStores=true"), None, None, None, &create_and_view, true, true),
        (&format!("{asked}&strict=false"), None, None, None, &create_and_view, false, false),
    ] {
        let request = ok(query);
        assert_eq!(name(&request), called, "{query}");
        assert_eq!(request.redirect().map(Redirect::as_sent), redirect, "{query}");
        assert_eq!(request.identifier(), identifier, "{query}");
        assert_eq!(request.permissions(), &set(permissions), "{query}");
        assert_eq!((request.is_strict(), request.is_selective()), (strict, selective), "{query}");
        assert_eq!(request.asked_nothing(), permissions.is_empty(), "{query}");
        assert!(request.unknown().is_empty() && !request.only_unknown(), "{query}");
    }
}

#[test]
fn requests_of_shop_plugins_are_understood_as_they_send_them() {
    let woo =
        ok("permissions=btcpay.store.canviewinvoices&permissions=btcpay.store.webhooks.canmodifywebhooks\
        &applicationName=WooCommerce&strict=true&selectiveStores=true\
        &redirect=https%3A%2F%2Fshop.example%2F%3Fbtcpay-settings-callback");
    assert_eq!(woo.redirect().unwrap().as_sent(), "https://shop.example/?btcpay-settings-callback");
    assert_eq!(woo.identity(None), ApplicationIdentity::Origin { origin: "https://shop.example".into() });
    let magento = ok(
        "applicationIdentifier=magento2&redirect=https%3A%2F%2Fshop.example%2Fsave%3Fsecret%3Dx%26store%3D1",
    );
    assert_eq!(magento.redirect().unwrap().as_sent(), "https://shop.example/save?secret=x&store=1");
    let shopware =
        ok("permissions=btcpay.store.cancreateinvoice&redirect=https://shop.example/api/cb?btcpay=1/x");
    assert_eq!(shopware.redirect().unwrap().as_sent(), "https://shop.example/api/cb?btcpay=1/x");
    let dotnet = ok("permissions=unrestricted&strict=True&selectiveStores=False");
    assert!(dotnet.is_strict() && !dotnet.is_selective());
}

#[test]
fn permissions_may_be_written_as_a_list_in_any_case() {
    let request = ok(
        "permissions=btcpay.store.cancreateinvoice&PERMISSIONS[]=%20BTCPay.Store.CanViewInvoices:AbC+\
        &permissions%5B0%5D=unrestricted&Permissions[17]=unrestricted&permissions=&permissions&permissions=%20",
    );
    assert_eq!(
        request.permissions(),
        &set(&["btcpay.store.cancreateinvoice", "btcpay.store.canviewinvoices:AbC", "unrestricted"])
    );
    for other in [
        "permissions[a]",
        "permissions[",
        "permissions]",
        "permissions[0][1]",
        "permission",
        "xpermissions[]",
    ] {
        assert!(ok(&format!("{other}=unrestricted")).asked_nothing(), "{other}");
    }
}

#[test]
fn booleans_that_cannot_be_read_mean_their_defaults() {
    for (text, read) in [
        ("true", Some(true)),
        ("TRUE", Some(true)),
        ("fAlse", Some(false)),
        ("+true%20", Some(true)),
        ("1", None),
        ("0", None),
        ("yes", None),
        ("", None),
        ("tru e", None),
        ("%00true", None),
    ] {
        let request = ok(&format!("Strict={text}&SELECTIVESTORES={text}"));
        assert_eq!(request.is_strict(), read.unwrap_or(true), "{text}");
        assert_eq!(request.is_selective(), read.unwrap_or(false), "{text}");
    }
    assert!(ok("strict").is_strict() && !ok("selectiveStores").is_selective());
}

#[test]
fn each_bad_query_names_its_field() {
    let many = "permissions=unrestricted&".repeat(101);
    let long = format!("redirect=http://a.example&applicationIdentifier={}", "x".repeat(201));
    for (query, error, field) in [
        ("strict=true&STRICT=true", QueryError::Doubled { field: "strict" }, "strict"),
        ("redirect=&redirect=http://a.example", QueryError::Doubled { field: "redirect" }, "redirect"),
        ("state=1&state=2", QueryError::Doubled { field: "state" }, "state"),
        (
            "applicationName=a&applicationname=b",
            QueryError::Doubled { field: "applicationName" },
            "applicationName",
        ),
        ("applicationName=%ff", QueryError::NotText { field: "applicationName" }, "applicationName"),
        ("permissions[]=%C3%28", QueryError::NotText { field: "permissions" }, "permissions"),
        ("state=a%0Db", QueryError::ControlCharacter { field: "state" }, "state"),
        (
            "redirect=http://a.example&applicationIdentifier=a%00b",
            QueryError::ControlCharacter { field: "applicationIdentifier" },
            "applicationIdentifier",
        ),
        (&long, QueryError::TooLong { field: "applicationIdentifier" }, "applicationIdentifier"),
        (&many, QueryError::TooMany, "permissions"),
        ("redirect=/callback", QueryError::Redirect { rule: BadRedirect::Relative }, "redirect"),
        (
            "redirect=http%3A%2F%2Fa.example%2F%0A",
            QueryError::Redirect { rule: BadRedirect::Character },
            "redirect",
        ),
        ("redirect=http://a.example/x+y", QueryError::Redirect { rule: BadRedirect::Character }, "redirect"),
        ("redirect=http://0x7f.1:21420/", QueryError::Redirect { rule: BadRedirect::OwnAddress }, "redirect"),
    ] {
        let found = parse(query).map(|request| request.fingerprint()).unwrap_err();
        assert_eq!((found, found.field()), (error, field), "{query}");
        assert!(!found.to_string().is_empty());
    }
    assert_eq!(ok(&"permissions=unrestricted&".repeat(100)).permissions(), &set(&["unrestricted"]));
}

#[test]
fn what_means_nothing_here_is_ignored() {
    let request = ok(
        "&&=&=x&utm_source=%ff&%ff=1&applicationName=&redirect=&applicationIdentifier=+&foo=1&foo=2&state",
    );
    assert!(request.asked_nothing() && request.redirect().is_none() && request.display_name().is_none());
    assert_eq!(request.state(), Some(""), "a state was sent, even an empty one");
}

#[test]
fn unknown_policies_are_named_and_left_out() {
    let request = ok(
        "permissions=btcpay.store.canviewinvoices&permissions=btcpay.store.cannotbe&permissions=unrestricted:x\
        &permissions=btcpay.server.canviewusers:s&permissions=btcpay.store.canviewinvoices:&permissions=%E2%80%AEb+%0A\
        &permissions=unrestricted:x&permissions=btcpay.plugin.store.canwater:s",
    );
    assert_eq!(request.permissions(), &set(&["btcpay.store.canviewinvoices"]));
    assert_eq!(
        unknown(&request),
        [
            "btcpay.plugin.store.canwater:s",
            "btcpay.server.canviewusers:s",
            "btcpay.store.cannotbe",
            "btcpay.store.canviewinvoices:",
            "unrestricted:x",
            "\u{FFFD}b"
        ]
    );
    assert!(!request.only_unknown() && !request.asked_nothing());
    for query in [
        "permissions=nonsense".to_owned(),
        "permissions=%EF%B8%8F".into(),
        format!("permissions={}", "x".repeat(9_000)),
    ] {
        let request = ok(&query);
        assert!(request.only_unknown() && !request.asked_nothing());
        assert!(unknown(&request)[0].chars().count() <= 200);
    }
}

#[test]
fn an_identifier_counts_only_with_a_redirect_and_letter_case_makes_another() {
    assert_eq!(ok("applicationIdentifier=gozo").identifier(), None);
    assert_eq!(ok("applicationIdentifier=a%00b").identifier(), None, "ignored means ignored");
    let shop = ok("redirect=http://gozo.com&applicationIdentifier=%20Gozo+Shop%20");
    assert_eq!(shop.identifier(), Some("Gozo Shop"));
    assert_eq!(shop.display_name().map(ClaimedText::as_str), Some("Gozo Shop"));
    let program = ProgramIdentity { exe: "/usr/bin/pos".into(), script: None };
    assert_eq!(
        shop.identity(Some(&program)),
        ApplicationIdentity::Identifier { identifier: "Gozo Shop".into(), origin: "http://gozo.com".into() }
    );
    let bare = ok("applicationName=Till&applicationIdentifier=till");
    assert_eq!(bare.identity(Some(&program)), ApplicationIdentity::Program { program });
    assert_eq!(bare.identity(None), ApplicationIdentity::Unknown);
    assert_eq!(bare.display_name().map(ClaimedText::as_str), Some("Till"));
}

#[test]
fn requests_fold_exactly_when_everything_is_equal() {
    let base = "permissions=unrestricted&permissions=btcpay.user.canviewprofile&redirect=http://a.example/?x&applicationName=A\
        &applicationIdentifier=i&state=s&strict=true&selectiveStores=false";
    let same = "applicationIDENTIFIER=+i&state=s&permissions[]=btcpay.user.canviewprofile&applicationName=%41&foo=bar\
        &redirect=http%3A%2F%2Fa.example%2F%3Fx&permissions=unrestricted&permissions=UNRESTRICTED";
    assert_eq!(ok(base).fingerprint(), ok(same).fingerprint());
    let mut all = vec![ok(base).fingerprint()];
    for (part, other) in [
        ("permissions=unrestricted&", ""),
        ("permissions=unrestricted&", "permissions=unrestricted&permissions=nonsense&"),
        ("permissions=unrestricted&", "permissions=unrestricted&permissions=%EF%B8%8Fnonsense&"),
        ("a.example/?x", "a.example/?y"),
        ("a.example/?x", "a.example?x"),
        ("applicationName=A", "applicationName=B"),
        ("applicationName=A", "applicationName=A%E2%80%8B"),
        ("Identifier=i", "Identifier=I"),
        ("state=s", "state=t"),
        ("state=s", "state="),
        ("&state=s", ""),
        ("strict=true", "strict=false"),
        ("Stores=false", "Stores=true"),
    ] {
        let changed = base.replacen(part, other, 1);
        assert_ne!(changed, base, "{part} is there to be changed");
        all.push(ok(&changed).fingerprint());
    }
    let distinct: std::collections::HashSet<_> = all.iter().collect();
    assert_eq!(distinct.len(), all.len());
}

#[test]
fn debug_shows_neither_state_nor_the_query_of_the_redirect() {
    let shown = format!(
        "{:?}",
        ok("redirect=http://a.example/?secret%3Dcanary&state=canary&applicationIdentifier=i")
    );
    assert!(!shown.contains("canary"), "{shown}");
}

proptest! {
    #[test]
    fn no_query_makes_parsing_stumble(query in any::<String>()) {
        let _ = parse(&query);
    }

    #[test]
    fn no_query_of_known_parameters_makes_parsing_stumble(
        query in "((permissions|redirect|state|strict|applicationIdentifier|applicationName)(\\[[0-9]?\\])?=?(https?://|%[0-9a-f]{2}|\\PC|[+:/?#%&]){0,9}&){0,6}"
    ) {
        if let Ok(request) = parse(&query) {
            prop_assert!(request.permissions().iter().all(Permission::is_known));
            prop_assert!(request.identifier().is_none() || request.redirect().is_some());
        }
    }

    #[test]
    fn any_name_comes_through_form_encoding_as_it_was(text in any::<String>()) {
        let request = ok(&format!("applicationName={}", encoded(&text)));
        prop_assert_eq!(request.application_name().cloned(), ClaimedText::new(&text));
    }

    #[test]
    fn any_state_and_redirect_come_through_byte_for_byte(state in "\\PC{0,60}", query in "[!-\"$-\\[\\]-~]{0,60}") {
        let redirect = format!("https://shop.example/cb?{query}");
        let request = ok(&format!("state={}&redirect={}", encoded(&state), encoded(&redirect)));
        prop_assert_eq!(request.state(), Some(state.as_str()));
        prop_assert_eq!(request.redirect().map(Redirect::as_sent), Some(redirect.as_str()));
    }

    #[test]
    fn every_permission_asked_is_either_granted_or_named(asked in proptest::collection::vec(any_permission(), 0..20)) {
        let query: String = asked.iter().map(|p| format!("permissions={}&", encoded(&p.to_string()))).collect();
        let request = ok(&query);
        for permission in &asked {
            let text = permission.to_string();
            prop_assert_eq!(request.permissions().contains(permission), permission.is_known());
            prop_assert_eq!(unknown(&request).contains(&text.as_str()), !permission.is_known());
        }
    }
}

#[test]
fn a_plugin_policy_is_named_though_it_is_well_formed() {
    assert!(!permission("btcpay.plugin.store.canwater").is_known());
    assert_eq!(unknown(&ok("permissions=btcpay.plugin.store.canwater")), ["btcpay.plugin.store.canwater"]);
}
