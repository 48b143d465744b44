//! Many clients at once. These tests count threads and descriptors of their process: nextest gives each its own.

use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use socket2::{Domain, Socket, Type};
use tokio::io::AsyncWriteExt as _;
use tokio::time::timeout;

use super::Config;
use super::testkit::{PATIENCE, Running, ask, one, rest, run, statuses, unhurried};

const GET: &[u8] = b"GET / HTTP/1.1\r\n\r\n";

/// Raises this process's descriptors as far as it may and returns how many idle clients fit.
fn idle_clients() -> usize {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum }).unwrap();
    let descriptors = limit.maximum.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap());
    // The once-used ones, the gate's own ends and everything else of this process.
    let idle = descriptors.saturating_sub(300 + 512 + 200).min(2000);
    assert!(idle >= 1500, "only {idle} idle clients fit into {descriptors} descriptors");
    idle
}

fn threads() -> usize {
    std::fs::read_dir("/proc/self/task").unwrap().count()
}

async fn honest_caller(gate: &Running) {
    timeout(Duration::from_secs(1), gate.is_well()).await.expect("an answer within a second");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_of_idle_connections_cost_an_honest_caller_nothing() {
    let count = idle_clients();
    let gate = run(unhurried());
    honest_caller(&gate).await;
    let before = threads();

    let mut used = Vec::new();
    for _ in 0..300 {
        let mut stream = gate.connect().await;
        assert_eq!(ask(&mut stream, GET).await.status, 200);
        used.push(stream);
    }
    honest_caller(&gate).await;
    let mut idle = Vec::new();
    for number in 0..count {
        idle.push(gate.connect().await);
        if number % 500 == 0 {
            honest_caller(&gate).await;
        }
    }
    honest_caller(&gate).await;
    assert!(threads() <= before, "{} threads, {before} before", threads());
    drop((used, idle));
    honest_caller(&gate).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_of_unfinished_requests_cost_an_honest_caller_nothing() {
    let count = idle_clients();
    let gate = run(unhurried());
    let mut slow = Vec::new();
    for _ in 0..count {
        let mut stream = gate.connect().await;
        // Those sent away before may be gone already.
        let _ = stream.write_all(b"GET / HTTP/1.1\r\nA: ").await;
        slow.push(stream);
    }
    honest_caller(&gate).await;
    drop(slow);
}

#[tokio::test]
async fn the_one_that_has_waited_longest_leaves_for_the_newcomer() {
    let gate = run(Config { seats: Some(3), ..unhurried() });
    let (mut first, mut second, mut third) =
        (gate.connect().await, gate.connect().await, gate.connect().await);
    for stream in [&mut first, &mut second, &mut third] {
        assert_eq!(ask(stream, GET).await.status, 200);
    }
    // The first speaks again and so has waited least; the second has waited longest now.
    assert_eq!(ask(&mut first, GET).await.status, 200);

    let mut newcomer = gate.connect().await;
    assert_eq!(ask(&mut newcomer, GET).await.status, 200);
    assert_eq!(rest(&mut second).await, []);
    for stream in [&mut third, &mut first, &mut newcomer] {
        assert_eq!(ask(stream, GET).await.status, 200);
    }
}

#[tokio::test]
async fn a_request_being_answered_is_never_pushed_out() {
    let gate = run(Config { seats: Some(2), ..unhurried() });
    let (mut first, mut second) = (gate.connect().await, gate.connect().await);
    for stream in [&mut first, &mut second] {
        stream.write_all(b"GET /wait HTTP/1.1\r\n\r\n").await.unwrap();
        gate.echo.entered.acquire().await.unwrap().forget();
    }
    let mut newcomer = gate.connect().await;
    let answers = rest(&mut newcomer).await;
    assert_eq!(statuses(&answers), [503]);
    assert_eq!(answers[0].field("retry-after"), Some("1"));

    gate.echo.release.add_permits(2);
    for stream in [&mut first, &mut second] {
        assert_eq!(one(stream).await.status, 200);
    }
    gate.is_well().await;
}

#[tokio::test]
async fn running_out_of_descriptors_does_not_end_the_accept_loop() {
    let gate = run(Config { seats: Some(100), ..unhurried() });
    gate.is_well().await;
    let client = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    let limit = getrlimit(Resource::Nofile);
    // No number below the limit is free now, so the next accept fails.
    setrlimit(Resource::Nofile, Rlimit { current: Some(0), maximum: limit.maximum }).unwrap();
    client.connect(&std::net::SocketAddr::from(([127, 0, 0, 1], gate.port)).into()).unwrap();
    client.send(b"GET /late HTTP/1.1\r\nConnection: close\r\n\r\n").unwrap();
    // Let the loop fail a few times; its first pauses are 50 and 100 ms, and nothing tells us of them.
    tokio::time::sleep(Duration::from_millis(200)).await;
    setrlimit(Resource::Nofile, limit).unwrap();

    client.set_nonblocking(true).unwrap();
    let mut client = tokio::net::TcpStream::from_std(client.into()).unwrap();
    let answers = timeout(PATIENCE, rest(&mut client)).await.unwrap();
    assert_eq!(answers[0].body, "GET /late 0");
    gate.is_well().await;
}
