//! Requests that want something else than an answer. Each gets at most one, and nothing behind it is ever read.

use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::time::timeout;

use super::testkit::{PATIENCE, quick, rest, run, statuses, unhurried};
use super::{Config, MAX_BODY, MAX_FIELDS, MAX_HEAD, MAX_REQUEST_LINE};

const SMUGGLED: &str = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

/// A head with these field lines, complete.
fn head(lines: &str) -> String {
    format!("POST /x HTTP/1.1\r\nHost: a\r\n{lines}\r\n")
}

fn fields(count: usize) -> String {
    (0..count).map(|number| format!("F{number}: v\r\n")).collect()
}

#[rustfmt::skip]
fn malformed() -> Vec<(&'static str, Vec<u8>, u16)> {
    let text: Vec<(&str, String, u16)> = vec![
        ("bare LF everywhere", "GET / HTTP/1.1\nHost: a\n\n".into(), 400),
        ("bare LF after the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n".into(), 400),
        ("bare LF between fields", head("A: b\nC: d\r\n"), 400),
        ("bare LF as the end of the head", "GET / HTTP/1.1\r\nHost: a\r\n\n".into(), 400),
        ("bare CR in a value", head("A: b\rc\r\n"), 400),
        ("CR CR LF", head("A: b\r\r\n"), 400),
        ("NUL in a value", head("A: b\0c\r\n"), 400),
        ("NUL in the target", "GET /\0 HTTP/1.1\r\n\r\n".into(), 400),
        ("control character in a value", head("A: b\x07\r\n"), 400),
        ("DEL in a value", head("A: b\x7f\r\n"), 400),
        ("a folded line", head("A: b\r\n c\r\n"), 400),
        ("a line folded by a tab", head("A: b\r\n\tc\r\n"), 400),
        ("a blank before the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n".into(), 400),
        ("a blank before the colon", head("Content-Length : 5\r\n"), 400),
        ("a tab before the colon", head("Content-Length\t: 5\r\n"), 400),
        ("no colon", head("Content-Length 5\r\n"), 400),
        ("no name", head(": 5\r\n"), 400),
        ("a name with a bracket", head("A(: 5\r\n"), 400),
        ("a name with an umlaut", head("Ä: 5\r\n"), 400),
        ("Transfer-Encoding: chunked", head("Transfer-Encoding: chunked\r\n") + "0\r\n\r\n", 400),
        ("Transfer-Encoding: identity", head("Transfer-Encoding: identity\r\n"), 400),
        ("Transfer-Encoding without a value", head("Transfer-Encoding:\r\n"), 400),
        ("Transfer-Encoding before Content-Length", head("tRANSFER-eNCODING: chunked\r\nContent-Length: 4\r\n"), 400),
        ("Transfer-Encoding behind Content-Length", head("Content-Length: 4\r\nTransfer-Encoding: xchunked\r\n"), 400),
        ("Content-Length twice, different", head("Content-Length: 0\r\nContent-Length: 5\r\n"), 400),
        ("Content-Length twice, the same", head("Content-Length: 0\r\ncontent-length: 0\r\n"), 400),
        ("Content-Length as a list", head("Content-Length: 0, 0\r\n"), 400),
        ("Content-Length with a plus", head("Content-Length: +0\r\n"), 400),
        ("Content-Length below zero", head("Content-Length: -1\r\n"), 400),
        ("Content-Length in hex", head("Content-Length: 0x0\r\n"), 400),
        ("Content-Length with a blank inside", head("Content-Length: 0 0\r\n"), 400),
        ("Content-Length empty", head("Content-Length: \r\n"), 400),
        ("Content-Length of other digits", head("Content-Length: ٣\r\n"), 400),
        ("Content-Length of 2^64-1", head("Content-Length: 18446744073709551615\r\n"), 413),
        ("Content-Length of 2^64", head("Content-Length: 18446744073709551616\r\n"), 413),
        ("Content-Length of 40 digits", head(&format!("Content-Length: {}\r\n", "9".repeat(40))), 413),
        ("Content-Length one too long", head(&format!("Content-Length: {}\r\n", MAX_BODY + 1)), 413),
        ("HTTP/0.9", "GET /\r\n".into(), 400),
        ("HTTP/0.9 by name", "GET / HTTP/0.9\r\n\r\n".into(), 505),
        ("HTTP/1.2", "GET / HTTP/1.2\r\n\r\n".into(), 505),
        ("HTTP/2 with prior knowledge", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".into(), 505),
        ("HTTP in small letters", "GET / http/1.1\r\n\r\n".into(), 400),
        ("a version too many", "GET / HTTP/1.1 HTTP/1.1\r\n\r\n".into(), 400),
        ("two spaces", "GET  / HTTP/1.1\r\n\r\n".into(), 400),
        ("a tab for a space", "GET\t/\tHTTP/1.1\r\n\r\n".into(), 400),
        ("a space behind the version", "GET / HTTP/1.1 \r\n\r\n".into(), 400),
        ("a method that is no token", "G@T / HTTP/1.1\r\n\r\n".into(), 400),
        ("no method", " / HTTP/1.1\r\n\r\n".into(), 400),
        ("two empty lines first", "\r\n\r\nGET / HTTP/1.1\r\n\r\n".into(), 400),
        ("authority-form", "CONNECT a:80 HTTP/1.1\r\n\r\n".into(), 400),
        ("a relative target", "GET x HTTP/1.1\r\n\r\n".into(), 400),
        ("another scheme", "GET ftp://a/ HTTP/1.1\r\n\r\n".into(), 400),
        ("a fragment", "GET /a#b HTTP/1.1\r\n\r\n".into(), 400),
        ("an expectation nobody knows", head("Expect: miracles\r\n"), 417),
        ("an expectation twice", head("Expect: 100-continue\r\nExpect: 100-continue\r\n"), 417),
        ("a long request line", format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(MAX_REQUEST_LINE)), 414),
        ("a request line without end", "a".repeat(MAX_REQUEST_LINE + 2), 414),
        ("a large head", head(&format!("A: {}\r\n", "a".repeat(MAX_HEAD))), 431),
        ("a head without end", format!("GET / HTTP/1.1\r\nA: {}", "a".repeat(MAX_HEAD)), 431),
        ("too many fields", head(&fields(MAX_FIELDS)), 431),
    ];
    let mut all: Vec<_> = text.into_iter().map(|(name, text, status)| (name, text.into_bytes(), status)).collect();
    all.push(("bad UTF-8 in a value", [b"GET / HTTP/1.1\r\nA: \xff".as_slice(), b"\r\n\r\n"].concat(), 400));
    all.push(("bad UTF-8 in the target", b"GET /\xc3\x28 HTTP/1.1\r\n\r\n".to_vec(), 400));
    all.push(("overlong UTF-8", b"GET /\xc0\xaf HTTP/1.1\r\n\r\n".to_vec(), 400));
    all.push(("a TLS hello", b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03".to_vec(), 400));
    all
}

#[tokio::test]
async fn a_malformed_request_gets_one_refusal_and_hides_no_second_request() {
    let gate = run(unhurried());
    for (name, mut bytes, status) in malformed() {
        bytes.extend_from_slice(SMUGGLED.as_bytes());
        let answers = gate.talk(&bytes).await;
        assert_eq!(statuses(&answers), [status], "{name}");
        assert_eq!(answers[0].field("connection"), Some("close"), "{name}");
        assert_eq!(gate.calls(), 0, "{name}");
    }
    gate.is_well().await;
}

#[tokio::test]
async fn a_malformed_request_behind_a_good_one_ends_the_connection() {
    let gate = run(unhurried());
    for (index, (name, bytes, status)) in malformed().into_iter().enumerate() {
        let behind = [SMUGGLED.replace("smuggled", "good").as_bytes(), &bytes, SMUGGLED.as_bytes()].concat();
        let answers = gate.talk(&behind).await;
        assert_eq!(statuses(&answers), [200, status], "{name}");
        assert_eq!(gate.calls(), index + 1, "{name}");
    }
}

#[tokio::test]
async fn the_largest_head_and_body_are_accepted() {
    let gate = run(unhurried());
    let line = format!("GET /{} HTTP/1.1\r\n", "a".repeat(MAX_REQUEST_LINE - "GET / HTTP/1.1".len()));
    assert_eq!(statuses(&gate.talk(format!("{line}Connection: close\r\n\r\n").as_bytes()).await), [200]);

    let full = format!("GET / HTTP/1.1\r\nConnection: close\r\n{}\r\n", fields(MAX_FIELDS - 1));
    assert_eq!(statuses(&gate.talk(full.as_bytes()).await), [200]);

    let bare = "GET / HTTP/1.1\r\nConnection: close\r\nA: \r\n\r\n".len();
    let large = format!("GET / HTTP/1.1\r\nConnection: close\r\nA: {}\r\n\r\n", "a".repeat(MAX_HEAD - bare));
    assert_eq!(statuses(&gate.talk(large.as_bytes()).await), [200]);

    let body = "a".repeat(MAX_BODY);
    let post = format!("POST / HTTP/1.1\r\nConnection: close\r\nContent-Length: {MAX_BODY}\r\n\r\n{body}");
    assert_eq!(gate.talk(post.as_bytes()).await[0].body, format!("POST / {MAX_BODY}"));
}

#[tokio::test]
async fn a_request_inside_a_body_stays_a_body() {
    let gate = run(unhurried());
    let length = SMUGGLED.len();
    let post = format!("POST /x HTTP/1.1\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{SMUGGLED}");
    let answers = gate.talk(post.as_bytes()).await;
    assert_eq!(statuses(&answers), [200]);
    assert_eq!(answers[0].body, format!("POST /x {length}"));
    assert_eq!(gate.calls(), 1);
}

#[tokio::test]
async fn nothing_is_parsed_behind_a_last_request() {
    let gate = run(unhurried());
    for last in ["GET / HTTP/1.1\r\nConnection: x, Close\r\n\r\n", "GET / HTTP/1.0\r\n\r\n"] {
        assert_eq!(statuses(&gate.talk(format!("{last}{SMUGGLED}").as_bytes()).await), [200]);
    }
    assert_eq!(gate.calls(), 2);
}

#[tokio::test]
async fn a_slow_request_is_ended_by_the_deadline() {
    let gate = run(quick());
    let unfinished =
        ["G", "GET / HTTP/1.1\r\nHost: a\r\n", "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nabcd"];
    for part in unfinished {
        let answers = gate.talk(part.as_bytes()).await;
        assert_eq!(statuses(&answers), [408], "{part}");
    }
    assert_eq!(gate.calls(), 0);
}

#[tokio::test]
async fn bytes_that_trickle_in_do_not_move_the_deadline() {
    let gate = run(quick());
    let mut stream = gate.connect().await;
    let (mut reading, mut writing) = stream.split();
    let trickle = async {
        loop {
            // The pause is the attack, not a wait for something.
            tokio::time::sleep(Duration::from_millis(20)).await;
            if writing.write_all(b"a").await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    };
    let mut answer = String::new();
    let read = tokio::io::AsyncReadExt::read_to_string(&mut reading, &mut answer);
    tokio::select! {
        () = trickle => {}
        read = timeout(PATIENCE, read) => { read.expect("the gate closes").unwrap(); }
    }
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
}

#[tokio::test]
async fn a_connection_that_says_nothing_is_closed_without_an_answer() {
    let gate = run(Config { idle: Duration::from_millis(100), ..unhurried() });
    assert_eq!(gate.talk(b"").await, []);
    let answers = gate.talk(b"GET / HTTP/1.1\r\n\r\n").await;
    assert_eq!(statuses(&answers), [200]);
}

#[tokio::test]
async fn a_request_that_ends_early_is_not_acted_on() {
    let gate = run(unhurried());
    for part in ["GET / HTTP/1.1\r\n", "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nabcd"] {
        let mut stream = gate.connect().await;
        stream.write_all(part.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        assert_eq!(statuses(&rest(&mut stream).await), [400], "{part}");
    }
    assert_eq!(gate.calls(), 0);
}
