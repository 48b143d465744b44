use std::sync::atomic::{AtomicUsize, Ordering};

use desk::ports::Courier as _;
use desk::testing::RecordedProcesses;
use domain::{KeySecret, Listener, OwnAddress, Permission, Receiver, UserId};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    sync::mpsc,
};

use super::*;

const GATE: u16 = 21420;

/// A callback that answers with each of `answers` in turn, then with the last one for good.
async fn callback(answers: &'static [&'static str]) -> (u16, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (heard, requests) = mpsc::unbounded_channel();
    let count = AtomicUsize::new(0);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut text = Vec::new();
            let mut chunk = [0; 4096];
            while !is_whole(&text) {
                match stream.read(&mut chunk).await {
                    Ok(n) if n > 0 => text.extend_from_slice(&chunk[..n]),
                    _ => break,
                }
            }
            let turn = count.fetch_add(1, Ordering::Relaxed).min(answers.len() - 1);
            let _ = stream.write_all(answers[turn].as_bytes()).await;
            let _ = heard.send(String::from_utf8_lossy(&text).into_owned());
        }
    });
    (port, requests)
}

fn is_whole(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length =
        head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    length.is_none_or(|length: usize| body.len() >= length)
}

fn courier() -> Courier {
    Courier { waits: [Duration::ZERO; 2], ..Courier::default() }
}

fn parcel() -> Parcel {
    Parcel {
        secret: KeySecret::from_random([0xab; 20]),
        user: "u-1".parse::<UserId>().unwrap(),
        permissions: [Permission::parse("btcpay.store.canviewinvoices:S1").unwrap()].into_iter().collect(),
    }
}

/// A check of deliveries to this test's own program, wherever it listens.
fn check() -> ReceiverCheck {
    check_with(Arc::new(RecordedProcesses::default()))
}

fn check_with(processes: Arc<RecordedProcesses>) -> ReceiverCheck {
    let approved =
        Receiver { origin: "http://127.0.0.1".to_owned(), listener: Some(RecordedProcesses::own("apache2")) };
    ReceiverCheck::new(processes, approved)
}

fn redirect(text: &str) -> Redirect {
    Redirect::parse(text, &OwnAddress { port: GATE }).unwrap()
}

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
const BUSY: &str = "HTTP/1.1 503 Busy\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
const ELSEWHERE: &str = "HTTP/1.1 303 See Other\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

#[tokio::test]
async fn the_key_is_posted_as_json_to_the_path_and_query_that_were_asked() {
    let (port, mut requests) = callback(&[OK]).await;
    let to = redirect(&format!("http://127.0.0.1:{port}/cb?secret=x&store=1"));
    courier().post(&to, GATE, &parcel(), &check()).await.unwrap();
    let request = requests.recv().await.unwrap();
    assert!(request.starts_with("POST /cb?secret=x&store=1 HTTP/1.1\r\n"), "{request}");
    assert!(request.to_lowercase().contains("content-type: application/json"), "{request}");
    let body = request.split_once("\r\n\r\n").unwrap().1;
    let key = "ab".repeat(20);
    let expected =
        format!(r#"{{"apiKey":"{key}","userId":"u-1","permissions":["btcpay.store.canviewinvoices:S1"]}}"#);
    assert_eq!(body, expected);
}

#[tokio::test]
async fn an_app_that_is_busy_twice_gets_the_key_at_the_third_try() {
    let (port, mut requests) = callback(&[BUSY, BUSY, OK]).await;
    courier().post(&redirect(&format!("http://127.0.0.1:{port}/")), GATE, &parcel(), &check()).await.unwrap();
    for _ in 0..3 {
        requests.recv().await.unwrap();
    }
}

#[tokio::test]
async fn an_app_that_never_takes_it_is_asked_three_times_and_no_more() {
    let (port, mut requests) = callback(&[BUSY]).await;
    let error = courier()
        .post(&redirect(&format!("http://127.0.0.1:{port}/")), GATE, &parcel(), &check())
        .await
        .unwrap_err();
    assert_eq!(error.why(), "the app answered 503");
    for _ in 0..3 {
        requests.recv().await.unwrap();
    }
    assert!(requests.try_recv().is_err());
}

#[tokio::test]
async fn a_redirect_in_the_answer_is_taken_for_success_and_not_followed() {
    let (port, mut requests) = callback(&[ELSEWHERE]).await;
    courier().post(&redirect(&format!("http://127.0.0.1:{port}/")), GATE, &parcel(), &check()).await.unwrap();
    requests.recv().await.unwrap();
    assert!(requests.try_recv().is_err());
}

#[tokio::test]
async fn an_answer_that_says_the_key_should_go_elsewhere_is_no_delivery() {
    for status in ["301 Moved", "304 Not Modified", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let answer =
            format!("HTTP/1.1 {status}\r\nlocation: /\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        let (port, _requests) = callback(&*vec![&*answer.leak()].leak()).await;
        let to = redirect(&format!("http://127.0.0.1:{port}/"));
        let error = courier().post(&to, GATE, &parcel(), &check()).await.unwrap_err();
        assert_eq!(error.why(), format!("the app answered {}", &status[..3]));
    }
}

#[tokio::test]
async fn an_app_that_never_answers_is_given_up_on_in_time() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let to = redirect(&format!("http://127.0.0.1:{}/", silent.local_addr().unwrap().port()));
    let courier = Courier { a_try: Duration::from_millis(50), ..courier() };
    let error = courier.post(&to, GATE, &parcel(), &check()).await.unwrap_err();
    assert_eq!(error.why(), "the app did not answer in 10 s");
}

#[tokio::test]
async fn our_own_gate_is_refused_by_address_whatever_name_leads_there() {
    let (port, mut requests) = callback(&[OK]).await;
    for host in ["127.0.0.1", "localhost", "127.9.8.7"] {
        let to = Redirect::parse(&format!("http://{host}:{port}/"), &OwnAddress { port: GATE }).unwrap();
        let error = courier().post(&to, port, &parcel(), &check()).await.unwrap_err();
        assert_eq!(error.why(), "the address is Fieldgate's own", "{host}");
    }
    assert!(requests.try_recv().is_err());
}

#[tokio::test]
async fn an_error_names_neither_the_key_nor_the_query() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let to = redirect(&format!("http://127.0.0.1:{closed}/cb?canary=1"));
    let error = courier().post(&to, GATE, &parcel(), &check()).await.unwrap_err();
    assert_eq!(error.why(), "the app does not listen");
    assert!(!format!("{error:?} {to:?}").contains("canary"));
}

#[tokio::test]
async fn another_program_than_the_one_decided_on_is_not_even_connected_to_and_ends_the_tries() {
    let (port, mut requests) = callback(&[OK]).await;
    let processes = Arc::new(RecordedProcesses::default());
    processes.set_listener(port, RecordedProcesses::own("evil"));
    let to = redirect(&format!("http://127.0.0.1:{port}/"));
    let error = courier().post(&to, GATE, &parcel(), &check_with(processes)).await.unwrap_err();
    assert!(matches!(&error, Undelivered::Withheld(why) if why.contains("/usr/sbin/evil")), "{error}");
    assert!(requests.try_recv().is_err());
}

#[tokio::test]
async fn who_listens_is_looked_at_before_every_try() {
    let (port, mut requests) = callback(&[BUSY]).await;
    let processes = Arc::new(RecordedProcesses::default());
    let courier = Courier { waits: [Duration::from_secs(3_600); 2], ..Courier::default() };
    let (to, check) = (redirect(&format!("http://127.0.0.1:{port}/")), check_with(Arc::clone(&processes)));
    let posting = tokio::spawn(async move { courier.post(&to, GATE, &parcel(), &check).await });
    requests.recv().await.unwrap();
    // The program is another one before the second try.
    processes.set_listener(port, RecordedProcesses::other_user());
    tokio::time::pause();
    let error = posting.await.unwrap().unwrap_err();
    assert!(matches!(error, Undelivered::Withheld(_)), "{error}");
    assert!(requests.try_recv().is_err());
}

#[tokio::test]
async fn an_app_that_is_restarted_meanwhile_is_tried_again() {
    let (port, mut requests) = callback(&[OK]).await;
    let processes = Arc::new(RecordedProcesses::default());
    processes.set_listener(port, Listener::Nobody);
    let courier = Courier { waits: [Duration::from_secs(3_600); 2], ..Courier::default() };
    let (to, check) = (redirect(&format!("http://127.0.0.1:{port}/")), check_with(Arc::clone(&processes)));
    tokio::time::pause();
    let posting = tokio::spawn(async move { courier.post(&to, GATE, &parcel(), &check).await });
    while processes.looks() == 0 {
        tokio::task::yield_now().await;
    }
    processes.set_listener(port, RecordedProcesses::own("apache2"));
    posting.await.unwrap().unwrap();
    assert!(requests.recv().await.is_some());
}
