//! The window, beside a bare one of the same library that shows nothing.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use blackbox::{Home, binary, driver, process, screen::Screen};
use tokio::process::{Child, Command};

use crate::spread;

const ROUNDS: usize = 10;
/// How long a window is left alone before it is weighed.
const SETTLED: Duration = Duration::from_secs(4);

/// One kind of window, round after round.
struct Kind {
    name: &'static str,
    program: PathBuf,
    took: Vec<Duration>,
    weight: Vec<u64>,
}

impl Kind {
    fn new(name: &'static str, program: PathBuf) -> Self {
        Self { name, program, took: Vec::new(), weight: Vec::new() }
    }

    async fn round(&mut self, home: &Home) -> Result<()> {
        let (took, weight) = started(&self.program, home.path()).await?;
        self.took.push(took);
        self.weight.push(weight);
        Ok(())
    }

    fn say(&mut self) {
        self.weight.sort_unstable();
        let weight = self.weight.get(self.weight.len() / 2).copied().unwrap_or_default();
        let took = spread(self.took.clone());
        println!("{} window: there after {took}; its processes weigh {} MB (PSS)", self.name, weight / 1_000);
    }
}

pub(crate) async fn figures() -> Result<()> {
    let home = Home::new().await?;
    let bare = binary::fieldgate()?.with_file_name("examples").join("bare");
    let mut kinds = [Kind::new("bare", bare), Kind::new("our", binary::fieldgate()?)];
    // In turn, so that whatever else the machine does meets both.
    for _ in 0..ROUNDS {
        for kind in &mut kinds {
            kind.round(&home).await?;
        }
    }
    kinds.iter_mut().for_each(Kind::say);
    Ok(())
}

/// How long until its window is on the screen, and the weight of all its processes in kB a while later.
async fn started(program: &Path, home: &Path) -> Result<(Duration, u64)> {
    let screen = Screen::new().await?;
    let appearing = screen.next_window()?;
    let mut command = Command::new(program);
    driver::surroundings(&mut command, home, &screen)?;
    command.env("FIELDGATE_PORT", "0").kill_on_drop(true);
    let began = Instant::now();
    let mut window: Child = command.spawn().with_context(|| format!("{}", program.display()))?;
    appearing.wait().await?;
    let took = began.elapsed();
    tokio::time::sleep(SETTLED).await;
    let weight = process::with_environment(driver::HOME, &home.to_string_lossy());
    let weight = weight.into_iter().filter_map(process::weight).sum();
    window.kill().await?;
    process::with_environment(driver::HOME, &home.to_string_lossy()).into_iter().for_each(process::kill);
    Ok((took, weight))
}
