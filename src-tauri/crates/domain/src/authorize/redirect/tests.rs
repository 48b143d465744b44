use proptest::prelude::*;

use super::*;

const OWN: OwnAddress = OwnAddress { port: 21_420 };

fn parse(raw: &str) -> Result<Redirect, BadRedirect> {
    Redirect::parse(raw, &OWN)
}

#[test]
fn each_broken_rule_is_named() {
    use BadRedirect::{
        Character, EmptyHost, Fragment, Malformed, OwnAddress, PortZero, Relative, Scheme, TooLong, UserInfo,
    };
    for (raw, rule) in [
        ("", Relative),
        ("/callback", Relative),
        ("//shop.example/callback", Relative),
        ("callback?x=1", Relative),
        ("shop.example/a:b", Relative),
        ("?redirect=http://shop.example", Relative),
        ("://shop.example", Relative),
        ("1http://shop.example", Relative),
        ("ftp://shop.example/", Scheme),
        ("javascript:alert(1)", Scheme),
        ("data:text/html,x", Scheme),
        ("file:///etc/passwd", Scheme),
        ("fieldgate://request/1", Scheme),
        ("localhost:3000/callback", Scheme),
        ("httpss://shop.example", Scheme),
        ("https:shop.example", Malformed),
        ("https:/shop.example", Malformed),
        ("http:", Malformed),
        ("http://", EmptyHost),
        ("http:///shop.example", EmptyHost),
        ("https://?x=1", EmptyHost),
        ("https://#x", EmptyHost),
        ("https://:443/", EmptyHost),
        ("https:////shop.example", EmptyHost),
        ("http://user@shop.example", UserInfo),
        ("http://user:pass@shop.example", UserInfo),
        ("http://@shop.example", UserInfo),
        ("http://:@shop.example", UserInfo),
        ("http://shop.example@evil.example/", UserInfo),
        ("http://127.0.0.1:21420@shop.example/", UserInfo),
        ("http://user%40shop.example/", Malformed),
        ("https://shop.example/#", Fragment),
        ("https://shop.example/a?b#c", Fragment),
        ("https://shop.example#@evil.example", Fragment),
        ("https://shop.example:0/", PortZero),
        ("https://shop.example:00000/", PortZero),
        ("https://shop.example:65536/", Malformed),
        ("https://shop.example:8o/", Malformed),
        ("https://[::1/", Malformed),
        ("https://shop<example/", Malformed),
        ("https://256.256.256.256/", Malformed),
        ("https://xn--a\u{FF0F}b/", Malformed),
        ("http://shop.example/\r\nX: y", Character),
        ("ht\ttp://shop.example/", Character),
        ("http://shop.example/\n", Character),
        ("\u{0}http://shop.example/", Character),
        (" http://shop.example/", Character),
        ("http://shop.example/a b", Character),
        ("http://shop.example/ ", Character),
        ("http:\\\\shop.example/", Character),
        ("http://shop.example\\@evil.example/", Character),
        ("http://shop.example/\u{7f}", Character),
        ("http://shop.example/\u{85}", Character),
        ("http://shop.example/\u{a0}", Character),
        ("http://sh\u{ad}op.example/", Character),
        ("http://shop.example/\u{202e}gpj", Character),
        (&format!("https://shop.example/{}", "a".repeat(2_028)), TooLong),
        ("http://127.0.0.1:21420/", OwnAddress),
    ] {
        assert_eq!(parse(raw).map(|r| r.as_sent().to_owned()), Err(rule), "{raw:?}");
    }
}

#[test]
fn the_gate_itself_is_recognised_however_it_is_written() {
    for host in [
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "0x7f.1",
        "0x7f000001",
        "2130706433",
        "017700000001",
        "0177.0.0.1",
        "127.255.255.254",
        "127.0.0.1.",
        "%31%32%37.0.0.1",
        "\u{ff11}27.0.0.1",
        "127\u{3002}0\u{3002}0\u{3002}1",
        "0.0.0.0",
        "0",
        "0x0",
        "localhost",
        "LOCALHOST",
        "LocalHost.",
        "loc%61lhost",
        "a.localhost",
        "a.b.localhost.",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::ffff:127.9.9.9]",
        "[::127.0.0.1]",
        "[::ffff:0.0.0.0]",
    ] {
        for raw in [format!("http://{host}:21420"), format!("HTTPS://{host}:021420/api-keys/authorize?x=1")] {
            assert_eq!(parse(&raw), Err(BadRedirect::OwnAddress), "{raw}");
        }
        assert!(
            parse(&format!("http://{host}:21421/callback")).is_ok(),
            "another port is another program: {host}"
        );
    }
    assert_eq!(Redirect::parse("http://localhost/", &OwnAddress { port: 80 }), Err(BadRedirect::OwnAddress));
    assert_eq!(Redirect::parse("https://[::1]", &OwnAddress { port: 443 }), Err(BadRedirect::OwnAddress));
    for elsewhere in
        ["http://128.0.0.1:21420/", "http://localhost.example:21420/", "http://notlocalhost:21420/"]
    {
        assert!(parse(elsewhere).is_ok(), "{elsewhere}");
    }
}

#[test]
fn what_was_sent_is_kept_byte_for_byte() {
    for raw in [
        "https://shop.example/?btcpay-settings-callback",
        "https://shop.example/rest/save?secret=x&store=1",
        "https://shop.example/admin?b=%7e&a=%7E&a=&=&?&&",
        "https://shop.example/%2e%2e/./../a//b/",
        "HTTPS://Shop.Example:443",
        "http://bücher.example/straße?q=ü'\"<>|{}^`",
        "https://shop.example/cb?next=https://other.example/a:b@c",
        "https://shop.example:/x",
        "http://127.0.0.1:40123/0f0f0f0f?%zz",
    ] {
        assert_eq!(parse(raw).unwrap().as_sent(), raw);
    }
}

#[test]
fn the_origin_is_scheme_host_and_port_in_one_spelling() {
    for (raw, origin, host) in [
        ("https://Shop.Example/x?y", "https://shop.example", "shop.example"),
        ("HTTPS://shop.example:443/", "https://shop.example", "shop.example"),
        ("http://shop.example:80", "http://shop.example", "shop.example"),
        ("https://shop.example:80", "https://shop.example:80", "shop.example"),
        ("http://shop.example:", "http://shop.example", "shop.example"),
        ("https://bücher.example/", "https://xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("https://\u{430}pple.example/", "https://xn--pple-43d.example", "xn--pple-43d.example"),
        ("http://127.1:3000/", "http://127.0.0.1:3000", "127.0.0.1"),
        ("http://[0::1]:3000/", "http://[::1]:3000", "[::1]"),
        ("http://shop.example./", "http://shop.example.", "shop.example."),
    ] {
        let redirect = parse(raw).unwrap();
        assert_eq!((redirect.origin(), redirect.host()), (origin, host), "{raw}");
    }
}

#[test]
fn http_crosses_no_network_only_on_this_computer() {
    for (raw, loopback, unencrypted) in [
        ("https://shop.example/", false, false),
        ("http://gozo.com", false, true),
        ("http://192.168.1.4:8080/", false, true),
        ("http://127.0.0.1:3000/", true, false),
        ("http://localhost.:3000/", true, false),
        ("http://[::1]:3000/", true, false),
        ("https://localhost/", true, false),
        ("http://0.0.0.0:3000/", true, false),
        ("http://127.0.0.1.example/", false, true),
        ("http://shop.localhost:3000/", false, true),
    ] {
        let redirect = parse(raw).unwrap();
        assert_eq!((redirect.is_loopback(), redirect.is_unencrypted()), (loopback, unencrypted), "{raw}");
    }
}

#[test]
fn debug_messages_and_the_short_form_show_no_query() {
    let redirect = parse("https://shop.example/save?secret=canary").unwrap();
    assert_eq!(redirect.without_query(), "https://shop.example/save");
    assert_eq!(format!("{redirect:?}"), r#"Redirect("https://shop.example")"#);
    let error = parse("https://shop.example/save?secret=canary#").unwrap_err();
    assert!(!format!("{error} {error:?}").contains("canary"));
}

#[test]
fn the_longest_redirect_is_still_taken() {
    let raw = format!("https://shop.example/{}", "a".repeat(2_027));
    assert_eq!(raw.len(), 2_048);
    assert!(parse(&raw).is_ok());
}

proptest! {
    #[test]
    fn no_text_makes_parsing_stumble(raw in "(https?:/{0,3}|HTTP:)?(\\PC|[@:?#\\[\\]%\\\\\r\n\t0-9.]){0,40}") {
        if let Ok(redirect) = parse(&raw) {
            prop_assert_eq!(redirect.as_sent(), &raw);
            prop_assert!(!redirect.host().is_empty());
            prop_assert!(redirect.url().port() != Some(0) && redirect.url().fragment().is_none());
        }
    }
}

#[test]
fn localhost_and_every_name_below_it_are_this_computers_own() {
    for (raw, own) in [
        ("http://localhost:8080/", true),
        ("https://LOCALHOST./", true),
        ("http://shop.localhost/", true),
        ("http://127.0.0.1/", false),
        ("http://[::1]/", false),
        ("http://notlocalhost/", false),
        ("http://localhost.example/", false),
    ] {
        assert_eq!(Redirect::parse(raw, &OwnAddress { port: 1 }).unwrap().is_localhost(), own, "{raw}");
    }
}
