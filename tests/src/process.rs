//! What the system tells about a process.

use std::fs;
use std::os::unix::fs::FileExt;

use anyhow::{Context, Result};
use rustix::process::{Pid, Resource, Rlimit, Signal, getrlimit, kill_process, prlimit, setrlimit};

/// A process by its number.
#[derive(Debug, Clone, Copy)]
pub struct Process {
    /// The number.
    pub pid: u32,
}

impl Process {
    /// How many threads it has.
    ///
    /// # Errors
    /// When it is gone.
    pub fn threads(self) -> Result<u64> {
        self.status("Threads:")
    }

    /// How much of it is in memory, in KiB.
    ///
    /// # Errors
    /// When it is gone.
    pub fn resident(self) -> Result<u64> {
        self.status("VmRSS:")
    }

    /// Its arguments and its environment, as anybody of the same user can read them.
    ///
    /// # Errors
    /// When it is gone.
    pub fn surroundings(self) -> Result<Vec<u8>> {
        let mut all = fs::read(format!("/proc/{}/cmdline", self.pid))?;
        all.extend(fs::read(format!("/proc/{}/environ", self.pid))?);
        Ok(all)
    }

    /// All that it could change in its memory, piece after piece: whatever it has made or read.
    ///
    /// # Errors
    /// When it is gone, or we may not look into it.
    pub fn memory(self) -> Result<Vec<u8>> {
        let maps = fs::read_to_string(format!("/proc/{}/maps", self.pid))?;
        let memory = fs::File::open(format!("/proc/{}/mem", self.pid))?;
        let mut all = Vec::new();
        for line in
            maps.lines().filter(|line| line.split(' ').nth(1).is_some_and(|may| may.starts_with("rw")))
        {
            let (begin, end) =
                line.split(' ').next().and_then(|span| span.split_once('-')).context("a span")?;
            let (begin, end) = (u64::from_str_radix(begin, 16)?, u64::from_str_radix(end, 16)?);
            let mut piece = vec![0; usize::try_from(end - begin)?];
            // A piece that is given back meanwhile has nothing in it any more.
            if memory.read_exact_at(&mut piece, begin).is_ok() {
                all.extend(piece);
            }
        }
        Ok(all)
    }

    /// The largest core file it may leave, in bytes: its own limit and how far it could raise that.
    ///
    /// # Errors
    /// When it is gone.
    pub fn core_limits(self) -> Result<[String; 2]> {
        let limits = fs::read_to_string(format!("/proc/{}/limits", self.pid))?;
        let line = limits.lines().find_map(|line| line.strip_prefix("Max core file size"));
        let mut words = line.context("such a limit")?.split_whitespace().map(ToOwned::to_owned);
        Ok([words.next().context("a soft limit")?, words.next().context("a hard limit")?])
    }

    /// Lets no file of its get larger than this many bytes; or as large as it may be at all.
    ///
    /// # Errors
    /// When it is gone.
    pub fn limit_files(self, bytes: Option<u64>) -> Result<()> {
        let pid = Pid::from_raw(i32::try_from(self.pid)?);
        // As ours, which it has inherited: to go beyond that takes more than being the same user.
        let maximum = getrlimit(Resource::Fsize).maximum;
        prlimit(pid, Resource::Fsize, Rlimit { current: bytes.or(maximum), maximum })?;
        Ok(())
    }

    fn status(self, field: &str) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid))?;
        let line = status.lines().find_map(|line| line.strip_prefix(field)).context("no such field")?;
        Ok(line.trim().trim_end_matches(" kB").parse()?)
    }
}

/// Lets this process open as many files as it is allowed to.
///
/// # Errors
/// What the system says.
pub fn open_many_files() -> Result<()> {
    let maximum = getrlimit(Resource::Nofile).maximum;
    Ok(setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum })?)
}

/// The processes that have `text` in one of their arguments.
#[must_use]
pub fn with_argument(text: &str) -> Vec<u32> {
    those_with("cmdline", |arguments| arguments.contains(text))
}

/// The processes whose environment sets `variable` to `value`, as their children inherit it.
#[must_use]
pub fn with_environment(variable: &str, value: &str) -> Vec<u32> {
    let wanted = format!("{variable}={value}");
    those_with("environ", |environment| environment.split('\0').any(|entry| entry == wanted))
}

fn those_with(file: &str, has_it: impl Fn(&str) -> bool) -> Vec<u32> {
    let all = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = all.filter_map(|entry| entry.file_name().to_string_lossy().parse().ok());
    let has_it = |pid: &u32| {
        let bytes = fs::read(format!("/proc/{pid}/{file}")).unwrap_or_default();
        has_it(&String::from_utf8_lossy(&bytes))
    };
    pids.filter(has_it).collect()
}

/// Its share of the memory it uses, in kB; nothing when it is gone.
#[must_use]
pub fn weight(pid: u32) -> Option<u64> {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

/// Whether it runs; one that has ended and is not yet waited for does not.
#[must_use]
pub fn is_alive(pid: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    status.lines().any(|line| line.starts_with("State:") && !line.contains('Z'))
}

/// Ends a process at once. One that is gone already is fine.
pub fn kill(pid: u32) {
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        let _ = kill_process(pid, Signal::KILL);
    }
}
