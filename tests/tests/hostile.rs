//! Bytes that are no honest request, and crowds that never ask.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use blackbox::{Asker, Gate, Home, Start, World, process, wire};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

/// Behind every hostile head stands a request that would be honest by itself: answered too, it was smuggled in.
fn smuggled(host: &str) -> String {
    format!("GET /api/v1/health HTTP/1.1\r\nHost: {host}\r\n\r\n")
}

fn hostile(host: &str) -> Vec<(&'static str, Vec<u8>)> {
    let get = format!("GET /api/v1/health HTTP/1.1\r\nHost: {host}\r\n");
    let post =
        format!("POST /api/v1/api-keys HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n");
    let behind = smuggled(host);
    let with = |head: &str, lines: &str| format!("{head}{lines}\r\n\r\n{behind}").into_bytes();
    let fields: String = (0..120).map(|n| format!("X-{n}: y\r\n")).collect();
    vec![
        ("a request line over 8 KiB", with(&get.replace("/health", &"/h".repeat(5_000)), "X: y")),
        ("a head over 32 KiB", with(&get, &format!("X: {}", "y".repeat(40_000)))),
        (
            "a head over 32 KiB in many fields",
            with(&get, &format!("X: {}\r\n", "y".repeat(4_000)).repeat(10)),
        ),
        ("over 100 fields", with(&get, &format!("{fields}Z: z"))),
        ("a body over 16 KiB", [with(&post, "Content-Length: 16385"), vec![b'x'; 16_385]].concat()),
        ("bare line feeds", get.replace("\r\n", "\n").into_bytes().into_iter().chain(*b"\n").collect()),
        ("a bare line feed between fields", with(&get, "X: y\nTransfer-Encoding: chunked")),
        ("a bare line feed at the end", format!("{get}X: y\n\n{behind}").into_bytes()),
        ("a bare carriage return", with(&get, "X: y\rZ: z")),
        ("chunks", with(&post, "Transfer-Encoding: chunked")),
        ("chunks and a length", with(&post, "Content-Length: 4\r\nTransfer-Encoding: chunked")),
        ("a length and chunks", with(&post, "Transfer-Encoding: chunked\r\nContent-Length: 4")),
        ("an encoding nobody knows", with(&post, "Transfer-Encoding: xchunked")),
        ("identity", with(&post, "Transfer-Encoding: identity")),
        ("two lengths", with(&post, "Content-Length: 0\r\nContent-Length: 44")),
        ("two equal lengths", with(&post, "Content-Length: 0\r\nContent-Length: 0")),
        ("a list of lengths", with(&post, "Content-Length: 0, 0")),
        ("the largest length", with(&post, "Content-Length: 18446744073709551615")),
        ("a length beyond that", with(&post, "Content-Length: 18446744073709551616")),
        ("an endless length", with(&post, &format!("Content-Length: {}", "9".repeat(400)))),
        ("a negative length", with(&post, "Content-Length: -1")),
        ("a length with a sign", with(&post, "Content-Length: +0")),
        ("a length in hex", with(&post, "Content-Length: 0x0")),
        ("an empty length", with(&post, "Content-Length:")),
        ("a blank before the colon", with(&get, "Content-Length : 5")),
        ("a folded field", with(&get, "X: y\r\n z")),
        (
            "a first field that begins with a blank",
            with(&format!("GET / HTTP/1.1\r\n Host: {host}\r\n"), "X: y"),
        ),
        ("a field without a colon", with(&get, "nonsense")),
        ("a field without a name", with(&get, ": y")),
        ("a zero byte", with(&get, "X: \0")),
        ("bad UTF-8 in a field's name", [get.as_bytes(), b"X\xff: y\r\n\r\n", behind.as_bytes()].concat()),
        (
            "bad UTF-8 in the target",
            [b"GET /\xff\xfe HTTP/1.1\r\nHost: ", host.as_bytes(), b"\r\n\r\n"].concat(),
        ),
        ("HTTP/0.9", b"GET /api/v1/health\r\n\r\n".to_vec()),
        ("HTTP/2 without a word", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec()),
        ("HTTP/1.2", with(&get.replace("HTTP/1.1", "HTTP/1.2"), "X: y")),
        ("two blanks in the request line", with(&get.replace("GET ", "GET  "), "X: y")),
        ("no method", format!(" /api/v1/health HTTP/1.1\r\nHost: {host}\r\n\r\n").into_bytes()),
        ("no Host", b"GET /api/v1/health HTTP/1.1\r\n\r\n".to_vec()),
        ("an expectation nobody knows", with(&post, "Expect: the unexpected\r\nContent-Length: 0")),
        ("the beginning of TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".repeat(40)),
        ("half a head", get.clone().into_bytes()),
        ("half a body", with(&post, "Content-Length: 400")),
        ("nothing but line ends", b"\r\n".repeat(3_000)),
        ("bytes at random", (0..=255).cycle().take(50_000).collect()),
    ]
}

async fn check_honest(gate: &Gate) -> Result<()> {
    let asker = Asker::of(gate)?;
    let answer = timeout(Duration::from_secs(1), asker.get("/api/v1/health")).await;
    let answer = answer.context("an honest caller waits for more than a second")??;
    ensure!(answer.status == 200, "{answer:?}");
    Ok(())
}

#[tokio::test]
async fn a_hostile_request_gets_at_most_one_answer_and_hurts_nobody() -> Result<()> {
    let mut world = World::new().await?;
    let (addr, host) = (world.gate.addr(), format!("127.0.0.1:{}", world.gate.port()));
    // More often than there are threads: one of them lost each time would show.
    for round in 0..3 {
        for (what, bytes) in hostile(&host) {
            let answer =
                wire::exchange(addr, &bytes).await.with_context(|| format!("{what}, round {round}"))?;
            let shown = String::from_utf8_lossy(&answer).into_owned();
            ensure!(wire::answers(&answer) <= 1, "{what}: more than one answer:\n{shown}");
            if !answer.is_empty() {
                let status = wire::answer(&answer)?.status;
                ensure!((400..=599).contains(&status), "{what}: {status}");
            }
        }
        check_honest(&world.gate).await?;
    }
    assert_eq!(world.home.ok(&["requests"]).await?, serde_json::json!([]));
    let (exit, _) = world.gate.end().await?;
    let stderr = world.gate.stderr()?;
    assert_eq!(exit, Some(0), "{stderr}");
    assert!(!stderr.contains("panicked"), "{stderr}");
    Ok(())
}

#[tokio::test]
async fn pipelined_requests_are_answered_once_each_and_in_order() -> Result<()> {
    let world = World::new().await?;
    let host = format!("127.0.0.1:{}", world.gate.port());
    let three = format!(
        "GET /api/v1/health HTTP/1.1\r\nHost: {host}\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: {host}\r\n\r\n\
         GET /api/v1/health HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    );
    let answer = wire::exchange(world.gate.addr(), three.as_bytes()).await?;
    let text = String::from_utf8_lossy(&answer);
    let statuses: Vec<&str> = text.split("HTTP/1.1 ").skip(1).map(|rest| &rest[..3]).collect();
    assert_eq!(statuses, ["200", "404", "200"]);
    Ok(())
}

#[tokio::test]
async fn an_expected_continue_is_answered_before_the_body_comes() -> Result<()> {
    let world = World::new().await?;
    let mut stream = TcpStream::connect(world.gate.addr()).await?;
    let head = format!(
        "POST /api/v1/api-keys HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/json\r\n\
         Expect: 100-continue\r\nContent-Length: 2\r\n\r\n",
        world.gate.port()
    );
    stream.write_all(head.as_bytes()).await?;
    assert!(wire::read_head(&mut stream).await?.starts_with("HTTP/1.1 100 "));
    stream.write_all(b"{}").await?;
    assert!(wire::read_head(&mut stream).await?.starts_with("HTTP/1.1 401 "));
    Ok(())
}

/// How long an honest caller waits, at worst of some tries.
async fn worst_wait(gate: &Gate) -> Result<Duration> {
    let mut worst = Duration::ZERO;
    for _ in 0..5 {
        let begun = Instant::now();
        check_honest(gate).await?;
        worst = worst.max(begun.elapsed());
    }
    Ok(worst)
}

async fn a_crowd(start: Start) -> Result<()> {
    process::open_many_files()?;
    let home = Home::new().await?;
    let mut gate = Gate::start(&home, start).await?;
    let host = format!("127.0.0.1:{}", gate.port());
    check_honest(&gate).await?;
    let threads = gate.process().threads()?;

    let mut silent = Vec::new();
    for _ in 0..2_000 {
        silent.push(TcpStream::connect(gate.addr()).await?);
    }
    println!("beside 2,000 silent connections: {:?}", worst_wait(&gate).await?);
    ensure!(gate.process().threads()? <= threads, "no thread for a connection");

    let mut idle = Vec::new();
    for _ in 0..300 {
        let mut stream = TcpStream::connect(gate.addr()).await?;
        stream.write_all(smuggled(&host).as_bytes()).await?;
        ensure!(wire::read_head(&mut stream).await?.starts_with("HTTP/1.1 200 "));
        idle.push(stream);
    }
    println!("beside 300 more that asked once: {:?}", worst_wait(&gate).await?);
    ensure!(gate.process().threads()? <= threads, "no thread for a connection");
    let (exit, _) = gate.end().await?;
    let stderr = gate.stderr()?;
    ensure!(exit == Some(0) && !stderr.contains("panicked"), "{exit:?}: {stderr}");
    Ok(())
}

#[tokio::test]
async fn a_silent_crowd_keeps_nobody_waiting() -> Result<()> {
    a_crowd(Start::default()).await
}

#[tokio::test]
async fn a_silent_crowd_keeps_nobody_waiting_with_few_descriptors() -> Result<()> {
    a_crowd(Start { prelude: Some("ulimit -n 1024"), ..Start::default() }).await
}

#[tokio::test]
async fn a_slow_caller_is_not_waited_for() -> Result<()> {
    let world = World::new().await?;
    let mut stream = TcpStream::connect(world.gate.addr()).await?;
    stream.write_all(b"GET /api/v1/health HTTP/1.1\r\nHost: 127").await?;
    // It keeps its side open: the gate ends it by its own clock.
    let head = wire::read_head(&mut stream).await?;
    assert!(head.starts_with("HTTP/1.1 408 "), "{head}");
    Ok(())
}

#[tokio::test]
async fn an_idle_gate_takes_less_than_40_mb() -> Result<()> {
    let world = World::new().await?;
    check_honest(&world.gate).await?;
    let resident = world.gate.process().resident()?;
    println!("resident: {resident} KiB");
    assert!(resident < 40 * 1024, "{resident} KiB");
    Ok(())
}
