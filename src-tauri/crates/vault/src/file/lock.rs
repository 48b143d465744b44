//! The right to work in a home: one process at a time.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;

use super::paths::{close_to_others, guard, io};
use super::{FileError, Home};

/// Why a home was not locked.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process works in it.
    #[error("another Fieldgate has this home{}", pid.map(|pid| format!(" (process {pid})")).unwrap_or_default())]
    Held {
        /// Its process id; absent for the moment before it is written.
        pid: Option<u32>,
    },
    /// The lock's file is not ours to use.
    #[error(transparent)]
    File(#[from] FileError),
}

/// That this process, and no other, works in a home. Shared by cloning; the last owner to go unlocks. However a
/// process ends, the system unlocks for it.
#[derive(Debug, Clone)]
pub struct HomeLock(Arc<Held>);

#[derive(Debug)]
struct Held {
    home: Home,
    file: File,
    after_unclean_stop: bool,
}

impl HomeLock {
    pub(super) fn take(home: &Home) -> Result<Self, LockError> {
        let path = home.lock_file();
        guard(&path)?;
        let nofollow = rustix::fs::OFlags::NOFOLLOW.bits().cast_signed();
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(0o600).custom_flags(nofollow);
        let mut file = options.open(&path).map_err(io(&path))?;
        close_to_others(&path, &file)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LockError::Held { pid: read_pid(&mut file) }),
            Err(TryLockError::Error(error)) => return Err(FileError::Io { path, source: error }.into()),
        }
        let after_unclean_stop = file.metadata().map_err(io(&path))?.len() > 0;
        write_pid(&mut file, &path)?;
        Ok(Self(Arc::new(Held { home: home.clone(), file, after_unclean_stop })))
    }

    /// The home.
    #[must_use]
    pub fn home(&self) -> &Home {
        &self.0.home
    }

    /// Whether the last holder was killed, or the power failed, before it unlocked.
    #[must_use]
    pub fn follows_unclean_stop(&self) -> bool {
        self.0.after_unclean_stop
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // An empty file is what a clean stop leaves. Should this fail, the next start checks more than it had to.
        let _ = self.file.set_len(0);
    }
}

fn write_pid(file: &mut File, path: &Path) -> Result<(), FileError> {
    file.set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| writeln!(file, "{}", std::process::id()))
        .map_err(io(path))
}

fn read_pid(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.take(32).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}
