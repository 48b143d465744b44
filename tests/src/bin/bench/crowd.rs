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
    took: Vec<Duration>,
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
        all.took.extend(seen.took);
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
            Ok(()) => seen.took.push(began.elapsed()),
            Err(error) => seen.errors.push(error),
        }
    }
    seen
}

impl Seen {
    fn say(mut self) {
        self.took.sort_unstable();
        let slow = self.took.get(self.took.len() * 99 / 100).copied().unwrap_or_default();
        let per_second = self.took.len() as u64 / LOAD.as_secs();
        println!(
            "mixed work, {CALLERS} callers: {per_second} calls a second, 99 of 100 within {slow:.1?}, {} errors",
            self.errors.len()
        );
        if let Some(first) = self.errors.first() {
            println!("the first of them: {first:#}");
        }
    }
}
