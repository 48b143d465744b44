//! The parser by itself: no input makes it panic, and what was written is what is read.

use proptest::prelude::*;

use super::fuzzing::read;
use super::message::{Headers, Request, Response, Version};
use super::scan::Scan;
use super::write::{Manner, Unprintable, encode};

/// Pieces of requests, so that random sequences get far into the parser.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(b"GET ".to_vec()),
        Just(b"/ HTTP/1.1".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"\r".to_vec()),
        Just(b"\n".to_vec()),
        Just(b": ".to_vec()),
        Just(b"Content-Length".to_vec()),
        Just(b"Transfer-Encoding".to_vec()),
        Just(b"Expect: 100-continue".to_vec()),
        "[0-9]{1,25}".prop_map(String::into_bytes),
        proptest::collection::vec(any::<u8>(), 0..8),
    ]
}

fn well_formed() -> impl Strategy<Value = (String, String, bool, Vec<(String, String)>)> {
    let name = "[A-Za-z0-9!#$%&'*+.^_`|~-]{1,20}".prop_filter("decided by other tests", |name| {
        !["transfer-encoding", "content-length", "expect"].contains(&name.to_ascii_lowercase().as_str())
    });
    // A value starts and ends with something visible: surrounding blanks are not part of it.
    let value = "([!-~é€]([ -~é€]{0,30}[!-~é€])?)?";
    ("[A-Z]{1,10}", "/[!-\"$-~é]{0,40}", any::<bool>(), proptest::collection::vec((name, value), 0..20))
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes);
    }

    #[test]
    fn random_pieces_never_panic_and_heads_end_where_they_say(pieces in proptest::collection::vec(piece(), 0..30)) {
        let bytes = pieces.concat();
        if let Ok(Some((length, _, _))) = read(&bytes) {
            prop_assert!(bytes[..length].ends_with(b"\r\n\r\n"));
            prop_assert!(!bytes[..length].contains(&0));
        }
    }

    #[test]
    fn what_arrives_in_pieces_reads_like_what_arrives_at_once(
        pieces in proptest::collection::vec(piece(), 0..30),
        step in 1_usize..9,
    ) {
        let bytes = pieces.concat();
        let whole = Scan::default().advance(&bytes);
        let mut scan = Scan::default();
        let mut ends = (0..bytes.len()).step_by(step).chain([bytes.len()]);
        let pieced = ends.find_map(|end| scan.advance(&bytes[..end]).transpose()).transpose();
        prop_assert_eq!(pieced, whole);
    }

    #[test]
    fn a_well_formed_request_reads_as_it_was_written((method, target, old, fields) in well_formed()) {
        let version = if old { "HTTP/1.0" } else { "HTTP/1.1" };
        let lines: String = fields.iter().map(|(name, value)| format!("{name}: \t{value} \r\n")).collect();
        let written = format!("{method} {target} {version}\r\n{lines}\r\n");
        let behind = format!("{written}more");
        let (length, head, framing) = read(behind.as_bytes()).unwrap().unwrap();
        prop_assert_eq!((length, framing.length), (written.len(), 0));
        prop_assert_eq!((&head.method, &head.target), (&method, &target));
        prop_assert_eq!(head.version == Version::Http10, old);
        prop_assert!(head.headers == fields.into_iter().collect());
    }

    #[test]
    fn no_answer_has_more_than_one_head(status in 0_u16..1000, name in ".{0,10}", value in ".{0,20}", body in "[a-z]*") {
        let manner = Manner { version: Version::Http11, head_only: false, closes: true };
        let response = Response::text(status, body.clone()).with(&name, value);
        if let Ok(bytes) = encode(&response, manner) {
            let text = String::from_utf8(bytes).unwrap();
            let (head, sent) = text.split_once("\r\n\r\n").unwrap();
            prop_assert!(head.split("\r\n").skip(1).all(|line| line.contains(": ") && !line.contains('\r')));
            prop_assert_eq!(sent, if matches!(status, 204 | 304) { "" } else { body.as_str() });
        }
    }
}

fn request(target: &str) -> Request {
    let nowhere = std::net::SocketAddr::from(([127, 0, 0, 1], 1));
    Request {
        method: "GET".into(),
        target: target.into(),
        version: Version::Http11,
        headers: Headers::default(),
        body: b"password=hidden".to_vec(),
        peer: nowhere,
        local: nowhere,
        guesser: std::sync::Arc::default(),
    }
}

#[test]
fn a_target_is_taken_apart_in_each_of_its_forms() {
    for (target, authority, path, query) in [
        ("/a/b?c=d?e", None, "/a/b", Some("c=d?e")),
        ("/a", None, "/a", None),
        ("/?", None, "/", Some("")),
        ("//evil/x", None, "//evil/x", None),
        ("*", None, "*", None),
        ("http://h:1/a?b", Some("h:1"), "/a", Some("b")),
        ("HTTP://h:1?b", Some("h:1"), "/", Some("b")),
        ("http://h", Some("h"), "/", None),
        ("http://u@h/", Some("u@h"), "/", None),
        ("http://", Some(""), "/", None),
    ] {
        let request = request(target);
        assert_eq!(
            (request.authority(), request.path(), request.query()),
            (authority, path, query),
            "{target}"
        );
    }
}

#[test]
fn a_doubled_field_is_as_good_as_none() {
    let headers: Headers = [("Host", "a"), ("hOST", "b"), ("Accept", "c")]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    assert_eq!((headers.one("host"), headers.count("HOST")), (None, 2));
    assert_eq!((headers.one("accept"), headers.one("origin")), (Some("c"), None));
}

#[test]
fn debug_of_a_message_shows_no_secret() {
    let mut asked = request("/api-keys/canary?c=canary");
    asked.headers = [("Authorization".to_owned(), "token canary".to_owned())].into_iter().collect();
    asked.body = b"canary".to_vec();
    let answered = Response::new(200)
        .with_body("application/json", "{\"apiKey\":\"canary\"}")
        .with("Location", "/?c=canary");
    assert!(!format!("{asked:?}{answered:?}").contains("canary"));
}

#[test]
fn a_header_with_a_line_end_is_refused() {
    let manner = Manner { version: Version::Http11, head_only: false, closes: false };
    for (name, value) in
        [("A", "b\r\nC: d"), ("A", "b\nc"), ("A", "b\rc"), ("A", "ä"), ("A\r\nB", "c"), ("", "d")]
    {
        assert_eq!(
            encode(&Response::new(200).with(name, value), manner),
            Err(Unprintable),
            "{name:?} {value:?}"
        );
    }
    for status in [0, 100, 199, 600] {
        assert_eq!(encode(&Response::new(status), manner), Err(Unprintable), "{status}");
    }
}
