use std::net::SocketAddr;

use super::*;
use crate::http::{Headers, Version};

fn request(method: &str, target: &str, fields: &[(&str, &str)]) -> Request {
    Request {
        method: method.to_owned(),
        target: target.to_owned(),
        version: Version::Http11,
        headers: fields.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect::<Headers>(),
        body: Vec::new(),
        peer: SocketAddr::from(([127, 0, 0, 1], 50_000)),
        local: SocketAddr::from(([127, 0, 0, 1], 21_420)),
        guesser: std::sync::Arc::default(),
    }
}

#[test]
fn the_host_is_looked_at_whatever_else_is_wrong() {
    assert_eq!(host(&request("GET", "/", &[("hOsT", "LOCALHOST:21420")])), None);
    for fields in [
        &[][..],
        &[("Host", "")],
        &[("Host", "localhost:21420"), ("Host", "localhost:21420")],
        &[("Host", "localhost:21420 ")],
        &[("Host", "localhost:21420/")],
        &[("Host", "[::1%lo]:21420")],
        &[("Host", "::1:21420")],
    ] {
        assert_eq!(host(&request("GET", "/", fields)), Some(MISDIRECTED), "{fields:?}");
    }
}

#[test]
fn a_field_that_is_sent_twice_is_judged_by_its_worst_value() {
    let fields = [("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Mode", "cors")];
    assert_eq!(area(&request("GET", "/", &fields), Area::Authorize), Some(NOT_A_NAVIGATION));
    let fields = [("Host", "localhost:21420"), ("Origin", "http://localhost:21420"), ("Origin", "null")];
    assert_eq!(area(&request("GET", "/", &fields), Area::Api), Some(CROSS_ORIGIN));
}

#[test]
fn elsewhere_only_what_is_done_in_advance_is_refused() {
    let fields = [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site")];
    assert_eq!(area(&request("GET", "/", &fields), Area::Elsewhere), None);
    assert_eq!(area(&request("GET", "/", &[("Sec-Purpose", "prefetch")]), Area::Elsewhere), Some(PREFETCH));
}
