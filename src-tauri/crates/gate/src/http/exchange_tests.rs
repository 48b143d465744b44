//! What honest clients may count on.

use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::testkit::{Answer, PATIENCE, ask, one, rest, rest_bytes, run, statuses, unhurried};
use super::{Config, MAX_BODY};

#[tokio::test]
async fn both_families_answer_and_the_request_knows_its_ends() {
    let gate = run(unhurried());
    for host in ["127.0.0.1", "::1"] {
        let mut stream = TcpStream::connect((host, gate.port)).await.unwrap();
        assert_eq!(ask(&mut stream, b"GET /a?b HTTP/1.1\r\n\r\n").await.body, "GET /a?b 0");
    }
}

#[tokio::test]
async fn a_connection_is_used_again_unless_one_side_says_otherwise() {
    let gate = run(unhurried());
    let mut stream = gate.connect().await;
    for path in ["/1", "/2", "/3"] {
        let answer = ask(&mut stream, format!("GET {path} HTTP/1.1\r\n\r\n").as_bytes()).await;
        assert_eq!(answer.body, format!("GET {path} 0"));
        assert_eq!(answer.field("connection"), None);
    }
    let last = ask(&mut stream, b"GET /4 HTTP/1.1\r\nConnection: close\r\n\r\n").await;
    assert_eq!(last.field("connection"), Some("close"));
    assert_eq!(rest(&mut stream).await, []);
}

#[tokio::test]
async fn http_1_0_stays_only_when_it_asks_to() {
    let gate = run(unhurried());
    let mut stream = gate.connect().await;
    let kept = ask(&mut stream, b"GET /1 HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").await;
    assert!(kept.head.starts_with("HTTP/1.0 200 "));
    assert_eq!(kept.field("connection"), Some("keep-alive"));
    let last = ask(&mut stream, b"GET /2 HTTP/1.0\r\n\r\n").await;
    assert_eq!(last.field("connection"), Some("close"));
    assert_eq!(rest(&mut stream).await, []);
}

#[tokio::test]
async fn pipelined_requests_are_answered_in_their_order() {
    let gate = run(unhurried());
    let requests = "GET /1 HTTP/1.1\r\n\r\nPOST /2 HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc\r\n\
                    HEAD /3 HTTP/1.1\r\n\r\n";
    let mut stream = gate.connect().await;
    stream.write_all(requests.as_bytes()).await.unwrap();
    assert_eq!(one(&mut stream).await.body, "GET /1 0");
    assert_eq!(one(&mut stream).await.body, "POST /2 3");
    stream.shutdown().await.unwrap();
    let head = rest_bytes(&mut stream).await;
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n") && head.ends_with("\r\n\r\n"), "{head}");
    assert!(head.contains("Content-Length: 9\r\n"), "{head}");
}

#[tokio::test]
async fn an_answer_without_content_has_neither_body_nor_length() {
    let gate = run(unhurried());
    let mut stream = gate.connect().await;
    let empty = ask(&mut stream, b"GET /empty HTTP/1.1\r\n\r\n").await;
    assert_eq!((empty.status, empty.field("content-length")), (204, None));
    assert!(empty.head.contains("X-Frame-Options: DENY"), "{}", empty.head);
    assert_eq!(ask(&mut stream, b"GET /x HTTP/1.1\r\n\r\n").await.status, 200);
}

#[tokio::test]
async fn a_client_that_expects_it_is_told_to_continue() {
    let gate = run(unhurried());
    let mut stream = gate.connect().await;
    let head = "POST / HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-Continue\r\n\r\n";
    assert_eq!(ask(&mut stream, head.as_bytes()).await.head, "HTTP/1.1 100 Continue");
    assert_eq!(ask(&mut stream, b"abc").await.body, "POST / 3");
    // A body that is already there needs no leave, and neither does none.
    assert_eq!(ask(&mut stream, format!("{head}abc").as_bytes()).await.status, 200);
    assert_eq!(ask(&mut stream, b"GET / HTTP/1.1\r\nExpect: 100-continue\r\n\r\n").await.status, 200);
}

#[tokio::test]
async fn a_body_that_would_be_refused_is_not_asked_for() {
    let gate = run(unhurried());
    let head = format!("POST / HTTP/1.1\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\r\n", MAX_BODY + 1);
    assert_eq!(statuses(&gate.talk(head.as_bytes()).await), [413]);
}

#[tokio::test]
async fn a_client_that_sends_too_much_still_reads_why() {
    let gate = run(unhurried());
    let length = 300 * 1024;
    let post = format!("POST / HTTP/1.1\r\nContent-Length: {length}\r\n\r\n{}", "a".repeat(length));
    for _ in 0..20 {
        let answers = gate.talk(post.as_bytes()).await;
        assert_eq!(statuses(&answers), [413]);
    }
}

#[tokio::test]
async fn a_panic_is_the_end_of_its_request_and_of_nothing_else() {
    let gate = run(unhurried());
    let mut stream = gate.connect().await;
    assert_eq!(ask(&mut stream, b"GET /panic HTTP/1.1\r\n\r\n").await.status, 500);
    assert_eq!(ask(&mut stream, b"GET /next HTTP/1.1\r\n\r\n").await.body, "GET /next 0");
    gate.is_well().await;
}

#[tokio::test]
async fn a_header_that_would_split_the_answer_is_never_sent() {
    let gate = run(unhurried());
    let answers = gate.talk(b"GET /split HTTP/1.1\r\nConnection: close\r\n\r\n").await;
    assert_eq!(statuses(&answers), [500]);
    assert_eq!(answers[0].field("set-cookie"), None);
}

#[tokio::test]
async fn a_handler_cannot_lie_about_the_length() {
    let gate = run(unhurried());
    let mut stream = gate.connect().await;
    let answer = ask(&mut stream, b"GET /lie HTTP/1.1\r\n\r\n").await;
    assert_eq!((answer.body.as_str(), answer.field("connection")), ("four", None));
    assert_eq!(ask(&mut stream, b"GET / HTTP/1.1\r\n\r\n").await.status, 200);
}

#[tokio::test]
async fn every_answer_is_protected() {
    let gate = run(unhurried());
    let requests: [(&[u8], u16); 5] = [
        (b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", 200),
        (b"GET /empty HTTP/1.1\r\nConnection: close\r\n\r\n", 204),
        (b"GET /panic HTTP/1.1\r\nConnection: close\r\n\r\n", 500),
        (b"GET /split HTTP/1.1\r\nConnection: close\r\n\r\n", 500),
        (b"nonsense\r\n\r\n", 400),
    ];
    for (request, status) in requests {
        let answers = gate.talk(request).await;
        assert_eq!(statuses(&answers), [status]);
        is_protected(&answers[0]);
    }
}

fn is_protected(answer: &Answer) {
    assert!(answer.field("content-security-policy").unwrap().contains("frame-ancestors 'none'"));
    assert_eq!(answer.field("x-frame-options"), Some("DENY"));
    assert_eq!(answer.field("x-content-type-options"), Some("nosniff"));
    assert_eq!(answer.field("cache-control"), Some("no-store"));
    assert_eq!(answer.field("server"), Some("Fieldgate"));
    assert_eq!(answer.field("www-authenticate"), None);
    assert_eq!(answer.field("access-control-allow-origin"), None);
}

#[tokio::test]
async fn stopping_lets_an_answer_in_flight_finish_and_closes_the_rest() {
    let gate = run(unhurried());
    let mut idle = gate.connect().await;
    ask(&mut idle, b"GET / HTTP/1.1\r\n\r\n").await;
    let mut busy = gate.connect().await;
    busy.write_all(b"GET /wait HTTP/1.1\r\n\r\n").await.unwrap();
    gate.echo.entered.acquire().await.unwrap().forget();

    gate.stop.send(true).unwrap();
    assert_eq!(rest(&mut idle).await, []);
    gate.echo.release.add_permits(1);
    let answers = rest(&mut busy).await;
    assert_eq!(statuses(&answers), [200]);
    assert_eq!(answers[0].field("connection"), Some("close"));
    drop(busy);
    timeout(PATIENCE, gate.served).await.expect("it ends").unwrap().unwrap();
    assert!(TcpStream::connect(("127.0.0.1", gate.port)).await.is_err());
}

#[tokio::test]
async fn stopping_does_not_wait_for_an_answer_that_never_comes() {
    let gate = run(Config { grace: Duration::from_millis(100), ..unhurried() });
    let mut busy = gate.connect().await;
    busy.write_all(b"GET /wait HTTP/1.1\r\n\r\n").await.unwrap();
    gate.echo.entered.acquire().await.unwrap().forget();
    drop(gate.stop);
    timeout(PATIENCE, gate.served).await.expect("it ends").unwrap().unwrap();
    assert_eq!(rest(&mut busy).await, []);
}
