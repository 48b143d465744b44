//! A running gate core with an echo behind it, and clients that see every byte.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::accept::serve_with;
use super::{Config, Handler, Request, Response, bind};

/// Longer than anything that works takes, even on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Answers with what it was asked; a few paths do what handlers should not.
#[derive(Debug)]
pub(crate) struct Echo {
    pub(crate) calls: AtomicUsize,
    /// One permit per request that has reached `/wait`.
    pub(crate) entered: Semaphore,
    /// One permit lets one request at `/wait` go on.
    pub(crate) release: Semaphore,
}

#[async_trait::async_trait]
impl Handler for Echo {
    async fn handle(&self, request: Request) -> Response {
        self.calls.fetch_add(1, Ordering::SeqCst);
        match request.path() {
            "/panic" => panic!("on purpose"),
            "/empty" => return Response::new(204),
            "/split" => return Response::see_other("/a\r\nSet-Cookie: b=c"),
            "/lie" => {
                return Response::text(200, "four").with("Content-Length", "2").with("Connection", "upgrade");
            }
            "/wait" => {
                self.entered.add_permits(1);
                self.release.acquire().await.unwrap().forget();
            }
            _ => {}
        }
        Response::text(200, format!("{} {} {}", request.method, request.target, request.body.len()))
    }
}

pub(crate) struct Running {
    pub(crate) port: u16,
    pub(crate) echo: Arc<Echo>,
    pub(crate) stop: watch::Sender<bool>,
    pub(crate) served: JoinHandle<std::io::Result<()>>,
}

/// Times short enough to wait for; tests that must not be cut off by one of them set it themselves.
pub(crate) fn quick() -> Config {
    Config { deadline: Duration::from_millis(300), idle: PATIENCE, ..Config::default() }
}

pub(crate) fn unhurried() -> Config {
    Config { deadline: PATIENCE, idle: PATIENCE, ..Config::default() }
}

pub(crate) fn run(config: Config) -> Running {
    let listeners = bind(0).unwrap();
    let port = listeners.port();
    let echo =
        Arc::new(Echo { calls: AtomicUsize::new(0), entered: Semaphore::new(0), release: Semaphore::new(0) });
    let (stop, stopped) = watch::channel(false);
    let served = tokio::spawn(serve_with(config, listeners, Arc::clone(&echo), stopped));
    Running { port, echo, stop, served }
}

impl Running {
    pub(crate) fn calls(&self) -> usize {
        self.echo.calls.load(Ordering::SeqCst)
    }

    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(("127.0.0.1", self.port)).await.unwrap()
    }

    /// Sends `bytes` and returns every answer until the gate closes the connection.
    pub(crate) async fn talk(&self, bytes: &[u8]) -> Vec<Answer> {
        let mut stream = self.connect().await;
        // The gate may close while we still send; what it answered counts.
        let _ = stream.write_all(bytes).await;
        rest(&mut stream).await
    }

    pub(crate) async fn is_well(&self) {
        let answers = self.talk(b"GET /well HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
        assert_eq!(statuses(&answers), [200]);
        assert_eq!(answers[0].body, "GET /well 0");
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.split("\r\n").filter_map(|line| line.split_once(": "));
        lines.find(|(sent, _)| sent.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

pub(crate) fn statuses(answers: &[Answer]) -> Vec<u16> {
    answers.iter().map(|answer| answer.status).collect()
}

/// Everything the gate still says, cut into answers; a reset instead of an orderly end is a failure.
pub(crate) async fn rest(stream: &mut TcpStream) -> Vec<Answer> {
    let bytes = rest_bytes(stream).await;
    let mut answers = Vec::new();
    let mut left = bytes.as_str();
    while !left.is_empty() {
        let (answer, behind) = cut(left);
        answers.push(answer);
        left = behind;
    }
    answers
}

pub(crate) async fn rest_bytes(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    timeout(PATIENCE, stream.read_to_end(&mut bytes))
        .await
        .expect("the gate closes")
        .expect("without a reset");
    String::from_utf8(bytes).unwrap()
}

fn cut(bytes: &str) -> (Answer, &str) {
    let (head, behind) = bytes.split_once("\r\n\r\n").expect("a complete head");
    let status = head.strip_prefix("HTTP/1.").expect("an answer starts here")[2..5].parse().unwrap();
    let mut answer = Answer { status, head: head.to_owned(), body: String::new() };
    let length = answer.field("content-length").map_or(0, |length| length.parse().unwrap());
    let (body, behind) = behind.split_at(length);
    body.clone_into(&mut answer.body);
    (answer, behind)
}

/// One answer on a connection that stays open.
pub(crate) async fn one(stream: &mut TcpStream) -> Answer {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        bytes.push(timeout(PATIENCE, stream.read_u8()).await.expect("an answer").unwrap());
    }
    let head = String::from_utf8(bytes).unwrap();
    let length = Answer { status: 0, head: head.clone(), body: String::new() }
        .field("content-length")
        .map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    timeout(PATIENCE, stream.read_exact(&mut body)).await.expect("a body").unwrap();
    cut(&(head + std::str::from_utf8(&body).unwrap())).0
}

pub(crate) async fn ask(stream: &mut TcpStream, bytes: &[u8]) -> Answer {
    stream.write_all(bytes).await.unwrap();
    one(stream).await
}
