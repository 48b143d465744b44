//! The one directory everything of one Fieldgate lives in.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::paths::{STORE, io};
use super::{FileError, HomeLock, LockError};

/// What may lie in a home beside the store and what SQLite puts next to it.
const OURS: [&str; 6] = ["lock", "gate.json", "gate.json.new", "control.sock", "log", "webview"];

/// A directory that is ours alone: no link, our owner, mode 0700.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home(PathBuf);

impl Home {
    /// Makes the directory if need be, or checks the one there is. One that other users could enter is closed to
    /// them if nothing but Fieldgate's own files is in it, and refused otherwise.
    ///
    /// # Errors
    /// [`FileError::Symlink`], [`FileError::WrongKind`], [`FileError::ForeignOwner`], [`FileError::HomeShared`],
    /// [`FileError::Io`].
    pub fn prepare(path: &Path) -> Result<Self, FileError> {
        match fs::symlink_metadata(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => make(path)?,
            Err(error) => return Err(io(path)(error)),
            Ok(found) => check(path, &found)?,
        }
        // Links further up the path are the system's business (/home may well be one); SQLite wants none at all.
        Ok(Self(fs::canonicalize(path).map_err(io(path))?))
    }

    /// The directory there is. Makes nothing.
    ///
    /// # Errors
    /// [`FileError::Absent`], and as [`Home::prepare`].
    pub fn at(path: &Path) -> Result<Self, FileError> {
        match fs::symlink_metadata(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Err(FileError::Absent(path.to_owned()))
            }
            Err(_) | Ok(_) => Self::prepare(path),
        }
    }

    /// Locks the home for this process, for as long as the answer or a clone of it lives.
    ///
    /// # Errors
    /// [`LockError::Held`] while another process has it.
    pub fn lock(&self) -> Result<HomeLock, LockError> {
        HomeLock::take(self)
    }

    /// The store's file, `fieldgate.db`.
    #[must_use]
    pub fn db(&self) -> PathBuf {
        self.0.join(STORE)
    }

    /// Where `fieldgatectl` reaches the Fieldgate that runs, `control.sock`.
    #[must_use]
    pub fn control_socket(&self) -> PathBuf {
        self.0.join("control.sock")
    }

    /// Where programs read the gate's address, `gate.json`.
    #[must_use]
    pub fn gate_json(&self) -> PathBuf {
        self.0.join("gate.json")
    }

    pub(super) fn lock_file(&self) -> PathBuf {
        self.0.join("lock")
    }

    /// The directory, absolute and without links.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

fn make(path: &Path) -> Result<(), FileError> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(io(path))?;
    close(path)
}

fn check(path: &Path, found: &fs::Metadata) -> Result<(), FileError> {
    if found.is_symlink() {
        return Err(FileError::Symlink(path.to_owned()));
    }
    if !found.is_dir() {
        return Err(FileError::WrongKind(path.to_owned()));
    }
    if found.uid() != rustix::process::geteuid().as_raw() {
        return Err(FileError::ForeignOwner(path.to_owned()));
    }
    if found.mode() & 0o077 == 0 {
        return Ok(());
    }
    for entry in fs::read_dir(path).map_err(io(path))? {
        if !is_ours(&entry.map_err(io(path))?.file_name()) {
            return Err(FileError::HomeShared(path.to_owned()));
        }
    }
    close(path)
}

fn is_ours(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| {
        // What SQLite adds begins with the same name.
        OURS.contains(&name)
            || name.strip_prefix(STORE).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '.']))
    })
}

fn close(path: &Path) -> Result<(), FileError> {
    fs::set_permissions(path, fs::Permissions::from_mode(0o700)).map_err(io(path))
}
