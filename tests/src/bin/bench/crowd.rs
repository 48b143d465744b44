//! Two hundred callers with mixed work: reading, making and ending keys, being refused.

use std::time::{Duration, Instant};

use anyhow::Result;
use blackbox::World;
use blackbox::crowd::{CALLERS, Crowd, DAY, Worker};
use tokio::task::JoinSet;

const LOAD: Duration = Duration::from_secs(30);

/// What callers saw.
#[derive(Default)]
struct Seen {
    /// Calls that write: what makes or ends a key waits for its turn and for the disk.
    writing: Vec<Duration>,
    /// All others, the refused ones too.
    reading: Vec<Duration>,
    errors: Vec<anyhow::Error>,
}

pub(crate) async fn figures() -> Result<()> {
    let world = World::new().await?;
    let crowd = Crowd::of(&world.home).await?;
    let until = Instant::now() + LOAD;
    let mut callers = JoinSet::new();
    for worker in crowd.workers(&world) {
        callers.spawn(works(worker, until));
    }
    let mut all = Seen::default();
    while let Some(seen) = callers.join_next().await {
        let seen = seen?;
        all.writing.extend(seen.writing);
        all.reading.extend(seen.reading);
        all.errors.extend(seen.errors);
    }
    all.say();
    println!("resident after that: {} kB", world.gate.process().resident()?);
    Ok(())
}

async fn works(mut worker: Worker, until: Instant) -> Seen {
    let mut seen = Seen::default();
    for errand in DAY.into_iter().cycle() {
        let began = Instant::now();
        if began >= until {
            break;
        }
        match worker.run(errand).await {
            Ok(()) if errand.writes() => seen.writing.push(began.elapsed()),
            Ok(()) => seen.reading.push(began.elapsed()),
            Err(error) => seen.errors.push(error),
        }
    }
    seen
}

impl Seen {
    fn say(self) {
        let calls = self.writing.len() + self.reading.len();
        println!(
            "mixed work, {CALLERS} callers: {} calls a second, {} errors",
            calls as u64 / LOAD.as_secs(),
            self.errors.len()
        );
        println!("- of those that make or end a key 99 of 100 within {:.1?}", slow(self.writing));
        println!("- of all others 99 of 100 within {:.1?}", slow(self.reading));
        if let Some(first) = self.errors.first() {
            println!("- the first error: {first:#}");
        }
    }
}

fn slow(mut took: Vec<Duration>) -> Duration {
    took.sort_unstable();
    took.get(took.len() * 99 / 100).copied().unwrap_or_default()
}
