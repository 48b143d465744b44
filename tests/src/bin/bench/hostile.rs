//! Half a minute of everything hostile at once, an honest caller beside it, and what is left afterwards.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::Result;
use blackbox::dice::Dice;
use blackbox::{ADMIN, Asker, World, process, wire};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout, timeout_at};

const LOAD: Duration = Duration::from_secs(30);
/// Silent connections.
const IDLE: usize = 2_000;
/// Connections at once that are at it, of each kind.
const AT_IT: u64 = 16;
/// How long an honest caller thinks between two calls.
const PAUSE: Duration = Duration::from_millis(20);
/// How long what was taken may take to come back.
const SETTLED: Duration = Duration::from_secs(30);

/// What somebody hostile sends, again and again.
#[derive(Clone, Copy)]
enum Kind {
    /// A head that never ends, byte by byte.
    HalfOpen,
    /// Lengths that nothing has.
    HugeLength,
    /// Bytes without any sense.
    Random,
}

pub(crate) async fn figures() -> Result<()> {
    process::open_many_files()?;
    let world = World::new().await?;
    let key = world.home.key(ADMIN, &["unrestricted"]).await?;
    world.asker.current(&key).await?;
    println!("before anything hostile: {}", footing(&world)?);

    let (addr, until) = (world.gate.addr(), Instant::now() + LOAD);
    let mut hostile = JoinSet::new();
    hostile.spawn(idle(addr, until));
    for nth in 0..AT_IT {
        for kind in [Kind::HalfOpen, Kind::HugeLength, Kind::Random] {
            hostile.spawn(attack(addr, until, kind, Dice::seeded(nth * 31 + kind as u64 + 1)));
        }
    }
    let (took, failed) = honest(&world.asker, &key, until).await;
    println!("at the end of {} s of it: {}", LOAD.as_secs(), footing(&world)?);
    let sent: u64 = hostile.join_all().await.into_iter().sum();
    println!("{sent} hostile connections; {} honest calls, {failed} of them failed", took.len());
    println!("- honest calls: {}", slow(took));
    sleep(SETTLED).await;
    println!("{} s later: {}", SETTLED.as_secs(), footing(&world)?);
    Ok(())
}

fn footing(world: &World) -> Result<String> {
    let process = world.gate.process();
    Ok(format!("{} threads, {} kB resident", process.threads()?, process.resident()?))
}

async fn honest(asker: &Asker, key: &str, until: Instant) -> (Vec<Duration>, u32) {
    let (mut took, mut failed) = (Vec::new(), 0);
    while Instant::now() < until {
        let began = Instant::now();
        match asker.current(key).await {
            Ok(answer) if answer.status == 200 => took.push(began.elapsed()),
            Ok(_) | Err(_) => failed += 1,
        }
        sleep(PAUSE).await;
    }
    (took, failed)
}

fn slow(mut took: Vec<Duration>) -> String {
    took.sort_unstable();
    let ninety_nine = took.get(took.len() * 99 / 100).copied().unwrap_or_default();
    let worst = took.last().copied().unwrap_or_default();
    format!("99 of 100 within {ninety_nine:.1?}, the slowest {worst:.1?}")
}

/// Keeps its connections open and says nothing; one that was closed is not missed.
async fn idle(addr: SocketAddr, until: Instant) -> u64 {
    let mut open = Vec::new();
    while open.len() < IDLE {
        open.extend(TcpStream::connect(addr).await);
    }
    sleep(until.saturating_duration_since(Instant::now())).await;
    IDLE as u64
}

async fn attack(addr: SocketAddr, until: Instant, kind: Kind, mut dice: Dice) -> u64 {
    let mut connections = 0;
    while Instant::now() < until {
        // Nobody hostile minds how it ends.
        let _ = timeout_at(until.into(), once(addr, kind, &mut dice)).await;
        connections += 1;
    }
    connections
}

async fn once(addr: SocketAddr, kind: Kind, dice: &mut Dice) -> Result<()> {
    let post =
        format!("POST /api/v1/api-keys HTTP/1.1\r\nHost: {addr}\r\nContent-Type: application/json\r\n");
    match kind {
        Kind::HalfOpen => trickle(addr, post.as_bytes()).await,
        Kind::HugeLength => {
            let lengths = ["99999999999999999999999", "18446744073709551615", "16384", "-1", "4294967296"];
            let length = lengths.get(usize::try_from(dice.below(5))?).copied().unwrap_or_default();
            let claimed = format!("{post}Content-Length: {length}\r\n\r\n");
            flood(addr, &[claimed.as_bytes(), &vec![b'x'; 16_384]].concat()).await
        }
        Kind::Random => {
            let length = dice.below(60_000);
            let bytes: Vec<u8> = (0..length).map(|_| dice.next().to_le_bytes()[0]).collect();
            flood(addr, &bytes).await
        }
    }
}

/// Sends what there is, says that nothing more will come, and waits for the end.
async fn flood(addr: SocketAddr, bytes: &[u8]) -> Result<()> {
    wire::exchange(addr, bytes).await.map(drop)
}

/// Sends a byte now and then, until it is closed on.
async fn trickle(addr: SocketAddr, bytes: &[u8]) -> Result<()> {
    let mut stream = TcpStream::connect(addr).await?;
    for byte in bytes {
        stream.write_all(&[*byte]).await?;
        if timeout(Duration::from_millis(100), stream.read_u8()).await.is_ok() {
            break;
        }
    }
    Ok(())
}
