//! The control socket over real sockets, before a real desk.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::*;
use crate::calls::{Access, Call, Changes, Raise, Requests, Revealed, Status, Unlock};
use crate::testing::{PASSPHRASE, TestDesk};

/// A running server and the folder its socket lies in.
struct Running {
    folder: TempDir,
    wiped: mpsc::UnboundedReceiver<()>,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
}

impl Running {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let TestDesk { desk, keyring, .. } = TestDesk::locked().unwrap();
        let wiped = keyring.wipes();
        let listener = bind(&folder.path().join("control.sock")).unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let served = tokio::spawn(serve(listener, desk, async { drop(stopped.await) }));
        Self { folder, wiped, stop, served }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("control.sock")
    }

    async fn client(&self) -> Client {
        Client::connect(&self.path()).await.unwrap()
    }

    /// A connection that speaks frames by hand.
    async fn stream(&self) -> UnixStream {
        let mut stream = UnixStream::connect(self.path()).await.unwrap();
        assert_eq!(receive(&mut stream).await.unwrap()["protocol"], PROTOCOL);
        stream
    }
}

async fn send(stream: &mut UnixStream, value: &Value) {
    frame::write(stream, value).await.unwrap();
}

async fn receive(stream: &mut UnixStream) -> Option<Value> {
    let bytes = frame::read(stream, frame::ANSWER_CAP, FRAME_TIME).await.ok()??;
    Some(serde_json::from_slice(&bytes).unwrap())
}

fn greeting() -> Value {
    serde_json::to_value(Greeting::ours()).unwrap()
}

fn unlock(passphrase: &str) -> Unlock {
    Unlock { passphrase: Revealed::new(passphrase.to_owned()) }
}

#[tokio::test]
async fn without_the_passphrase_nothing_but_status_raise_and_unlock_is_answered() {
    let running = Running::start();
    let mut client = running.client().await;
    client.call(Status {}).await.unwrap();
    client.call(Raise {}).await.unwrap();
    let mut stream = running.stream().await;
    send(&mut stream, &greeting()).await;
    for call in every_call() {
        let open = call.access() == Access::Open;
        assert_eq!(open, ["status", "raise", "unlock"].contains(&call.name()), "{}", call.name());
        if open {
            continue;
        }
        send(&mut stream, &serde_json::to_value(&call).unwrap()).await;
        let answer = receive(&mut stream).await.unwrap();
        assert_eq!(answer["error"]["code"], "passphrase-needed", "{}", call.name());
    }
}

/// One of each: all arguments that calls have, for each name of the list.
fn every_call() -> Vec<Call> {
    let args = json!({
        "id": "a", "user": "u", "issuer": "local", "stores": [], "permissions": [], "label": "l", "expires": null,
        "proof": "passphrase", "matching": null, "block": false, "search": null, "reveal": false, "email": "a@b",
        "admin": false, "password": null, "name": "n", "owner": "o", "before": null, "limit": 1, "since": 0,
        "passphrase": "p", "offset": 0, "disabled": true, "basic": true, "lockAfter": null, "clearClipboard": null,
        "secret": "s", "standing": "known", "note": "n", "ids": [], "old": "now", "handOver": "copy",
        "store": "s", "role": "Guest", "path": "/p",
    });
    let read = |name: &&str| serde_json::from_value(json!({"call": name, "args": args})).unwrap();
    crate::calls::NAMES.iter().map(read).collect()
}

#[tokio::test]
async fn unlocking_one_connection_opens_no_other_and_ends_with_it() {
    let mut running = Running::start();
    let (mut one, mut other) = (running.client().await, running.client().await);
    one.call(unlock(PASSPHRASE)).await.unwrap();
    assert_eq!(one.call(Requests {}).await, Ok(vec![]));
    assert_eq!(other.call(Requests {}).await.unwrap_err().code, Code::PassphraseNeeded);
    drop(one);
    tokio::time::timeout(FRAME_TIME, running.wiped.recv()).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_caller_that_goes_while_it_waits_for_a_change_is_forgotten_at_once() {
    let mut running = Running::start();
    let mut stream = running.stream().await;
    send(&mut stream, &greeting()).await;
    send(&mut stream, &serde_json::to_value(Call::from(unlock(PASSPHRASE))).unwrap()).await;
    receive(&mut stream).await.unwrap();
    send(&mut stream, &json!({"call": "changes", "args": {"since": u64::MAX}})).await;
    drop(stream);
    tokio::time::timeout(FRAME_TIME, running.wiped.recv()).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_call_sent_while_another_waits_is_answered_after_it() {
    let running = Running::start();
    let mut stream = running.stream().await;
    send(&mut stream, &greeting()).await;
    for call in [Call::from(unlock(PASSPHRASE)), Changes { since: 0 }.into(), Status {}.into()] {
        send(&mut stream, &serde_json::to_value(call).unwrap()).await;
    }
    assert_eq!(receive(&mut stream).await.unwrap(), json!({"ok": {}}));
    assert!(receive(&mut stream).await.unwrap()["ok"]["revision"].is_u64());
    assert!(receive(&mut stream).await.unwrap()["ok"]["version"].is_string());
}

/// More connections than are served at once.
const CROWD: usize = 70;

#[tokio::test]
async fn a_crowd_that_shows_no_passphrase_keeps_nobody_out_and_pushes_no_open_one_away() {
    let running = Running::start();
    let mut open = running.client().await;
    open.call(unlock(PASSPHRASE)).await.unwrap();
    let mut crowd = Vec::new();
    for _ in 0..CROWD {
        let mut stream = running.stream().await;
        send(&mut stream, &greeting()).await;
        send(&mut stream, &json!({"call": "status", "args": {}})).await;
        receive(&mut stream).await.unwrap();
        crowd.push(stream);
    }
    let mut newcomer = running.client().await;
    newcomer.call(unlock(PASSPHRASE)).await.unwrap();
    assert_eq!(newcomer.call(Requests {}).await, Ok(vec![]));
    assert_eq!(open.call(Requests {}).await, Ok(vec![]));
    assert_eq!(receive(&mut crowd[0]).await, None, "the one that was silent longest is gone");
    let last = crowd.last_mut().unwrap();
    send(last, &json!({"call": "status", "args": {}})).await;
    assert!(receive(last).await.is_some(), "the one that spoke last is not");
}

#[tokio::test]
async fn a_connection_that_does_not_unlock_is_closed_on_soon_and_one_that_did_is_not() {
    let running = Running::start();
    let mut open = running.client().await;
    open.call(unlock(PASSPHRASE)).await.unwrap();
    let mut locked = running.stream().await;
    send(&mut locked, &greeting()).await;
    send(&mut locked, &json!({"call": "status", "args": {}})).await;
    receive(&mut locked).await.unwrap();

    tokio::time::pause();
    let (start, mut byte) = (tokio::time::Instant::now(), [0]);
    let end = tokio::io::AsyncReadExt::read(&mut locked, &mut byte).await.unwrap();
    assert!(end == 0 && start.elapsed() <= LOCKED_IDLE + LOCKED_IDLE, "{:?}", start.elapsed());
    tokio::time::advance(IDLE - LOCKED_IDLE * 3).await;
    tokio::time::resume();
    assert_eq!(open.call(Requests {}).await, Ok(vec![]));
}

#[tokio::test]
async fn a_wrong_passphrase_opens_nothing() {
    let running = Running::start();
    let mut client = running.client().await;
    assert_eq!(client.call(unlock("wrong horse")).await.unwrap_err().code, Code::WrongPassphrase);
    assert_eq!(client.call(Requests {}).await.unwrap_err().code, Code::PassphraseNeeded);
}

#[tokio::test]
async fn a_caller_of_another_version_is_told_so_and_closed_on() {
    let running = Running::start();
    let call = serde_json::to_value(Call::from(Status {})).unwrap();
    for first in [
        json!({"fieldgate": "9.9.9", "protocol": PROTOCOL}),
        json!({"fieldgate": env!("CARGO_PKG_VERSION"), "protocol": PROTOCOL + 1}),
        call,
    ] {
        let mut stream = running.stream().await;
        send(&mut stream, &first).await;
        let answer = receive(&mut stream).await.unwrap();
        assert_eq!(answer["error"]["code"], "version-mismatch", "{first}");
        assert_eq!(receive(&mut stream).await, None, "{first}");
    }
}

#[tokio::test]
async fn a_server_of_another_version_is_an_error_that_names_both_versions() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("control.sock");
    let listener = bind(&path).unwrap();
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        send(&mut stream, &json!({"fieldgate": "9.9.9", "protocol": PROTOCOL, "more": 1})).await;
    });
    let error = Client::connect(&path).await.unwrap_err();
    assert_eq!(error.code, Code::VersionMismatch);
    assert!(error.message.contains("9.9.9") && error.message.contains(env!("CARGO_PKG_VERSION")), "{error}");
    server.await.unwrap();
}

#[tokio::test]
async fn a_call_that_cannot_be_read_is_refused_without_an_echo_and_the_connection_goes_on() {
    let running = Running::start();
    let mut stream = running.stream().await;
    send(&mut stream, &greeting()).await;
    for bad in [
        json!({"call": "unlock", "args": {"passphrase": ["canary"]}}),
        json!({"call": "canary"}),
        json!("canary"),
    ] {
        send(&mut stream, &bad).await;
        let answer = receive(&mut stream).await.unwrap();
        assert_eq!(answer["error"]["code"], "invalid");
        assert!(!answer.to_string().contains("canary"), "{answer}");
    }
    send(&mut stream, &json!({"call": "status", "args": {}})).await;
    assert!(receive(&mut stream).await.unwrap()["ok"]["version"].is_string());
}

#[tokio::test]
async fn a_frame_that_is_too_long_ends_the_connection_before_it_is_read() {
    let running = Running::start();
    let mut stream = running.stream().await;
    send(&mut stream, &greeting()).await;
    tokio::io::AsyncWriteExt::write_all(&mut stream, &(frame::CALL_CAP + 1).to_be_bytes()).await.unwrap();
    assert_eq!(receive(&mut stream).await, None);
    running.client().await.call(Status {}).await.unwrap();
}

#[tokio::test]
async fn when_the_server_stops_its_connections_end() {
    let running = Running::start();
    let mut client = running.client().await;
    client.call(Status {}).await.unwrap();
    running.stop.send(()).unwrap();
    running.served.await.unwrap();
    assert_eq!(client.call(Status {}).await.unwrap_err().code, Code::NotRunning);
    let path = running.folder.path().join("control.sock");
    assert_eq!(Client::connect(&path).await.unwrap_err().code, Code::NotRunning);
}

#[tokio::test]
async fn the_process_at_the_other_end_is_known() {
    let running = Running::start();
    assert_eq!(running.client().await.peer_pid().unwrap(), std::process::id());
    assert_eq!(peer_pid(&running.path()).await.unwrap(), std::process::id());
}

#[tokio::test]
async fn the_socket_is_ours_alone_and_replaces_a_stale_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("control.sock");
    drop(UnixListener::bind(&path).unwrap());
    fs::set_permissions(&path, fs::Permissions::from_mode(0o777)).unwrap();
    let _listener = bind(&path).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    UnixStream::connect(&path).await.unwrap();
}

#[tokio::test]
async fn a_link_or_a_file_in_the_sockets_place_is_refused_by_both_sides() {
    let folder = tempfile::tempdir().unwrap();
    let (elsewhere, path) = (folder.path().join("elsewhere.sock"), folder.path().join("control.sock"));
    let _listener = UnixListener::bind(&elsewhere).unwrap();
    symlink(&elsewhere, &path).unwrap();
    assert_eq!(bind(&path).unwrap_err().kind(), std::io::ErrorKind::AlreadyExists);
    assert_eq!(Client::connect(&path).await.unwrap_err().code, Code::Failed);
    assert_eq!(peer_pid(&path).await.unwrap_err().kind(), std::io::ErrorKind::AlreadyExists);
    fs::remove_file(&path).unwrap();
    fs::write(&path, "mine").unwrap();
    assert_eq!(bind(&path).unwrap_err().kind(), std::io::ErrorKind::AlreadyExists);
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
}

#[tokio::test]
async fn a_home_with_a_long_name_is_reached_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("d".repeat(120));
    fs::create_dir(&deep).unwrap();
    let path = deep.join("control.sock");
    let _listener = bind(&path).unwrap();
    assert_eq!(peer_pid(&path).await.unwrap(), std::process::id());
}
