//! The files of a store by name: made with mode 0600, and never reached through a link.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::{FileError, Home};

pub(super) const STORE: &str = "fieldgate.db";
/// Where a new store is built.
pub(super) const DRAFT: &str = "fieldgate.db.new";
/// One page. SQLite takes anything shorter for an empty database.
const SHORTEST: u64 = 4096;
/// What SQLite puts beside a database.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// The path of a store that is there and safe to open.
pub(super) fn existing(home: &Home) -> Result<PathBuf, FileError> {
    let path = home.path().join(STORE);
    if !guard(&path)? {
        return Err(FileError::Absent(home.path().to_owned()));
    }
    for beside in beside(&path) {
        guard(&beside)?;
    }
    let length = fs::metadata(&path).map_err(io(&path))?.len();
    if length < SHORTEST { Err(FileError::NotADatabase(path)) } else { Ok(path) }
}

/// Whether the file ends inside a page. SQLite reads the rest as zeros and says nothing. With a write-ahead log beside
/// it that may be a checkpoint cut off by a power failure, which SQLite repairs.
pub(super) fn is_torn(path: &Path, page: u64) -> Result<bool, FileError> {
    let [log, ..] = beside(path);
    let pending = fs::metadata(log).is_ok_and(|log| log.len() > 0);
    let length = fs::metadata(path).map_err(io(path))?.len();
    Ok(!pending && !length.is_multiple_of(page))
}

/// An empty file to build a new store in; what an interrupted first start left is cleared away.
pub(super) fn new_draft(home: &Home) -> Result<PathBuf, FileError> {
    if guard(&home.path().join(STORE))? {
        return Err(FileError::Exists(home.path().to_owned()));
    }
    let draft = home.path().join(DRAFT);
    for left in beside(&draft).into_iter().chain([draft.clone()]) {
        remove(&left)?;
    }
    create_private(&draft)?;
    Ok(draft)
}

/// Gives the finished draft its name, for good.
pub(super) fn publish(home: &Home, draft: &Path) -> Result<(), FileError> {
    File::open(draft).and_then(|file| file.sync_all()).map_err(io(draft))?;
    let path = home.path().join(STORE);
    fs::rename(draft, &path).map_err(io(&path))?;
    File::open(home.path()).and_then(|directory| directory.sync_all()).map_err(io(home.path()))
}

/// A new empty file that is ours alone.
pub(super) fn create_private(path: &Path) -> Result<File, FileError> {
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(io(path))?;
    close_to_others(path, &file)?;
    Ok(file)
}

/// Whether the file is there. If it is, it is a plain file, ours, and from here on closed to others.
pub(super) fn guard(path: &Path) -> Result<bool, FileError> {
    let found = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(io(path)(error)),
        Ok(found) => found,
    };
    if found.is_symlink() {
        return Err(FileError::Symlink(path.to_owned()));
    }
    if !found.is_file() {
        return Err(FileError::WrongKind(path.to_owned()));
    }
    if found.uid() != rustix::process::geteuid().as_raw() {
        return Err(FileError::ForeignOwner(path.to_owned()));
    }
    if found.mode() & 0o077 != 0 {
        let nofollow = rustix::fs::OFlags::NOFOLLOW.bits().cast_signed();
        let file = OpenOptions::new().read(true).custom_flags(nofollow).open(path).map_err(io(path))?;
        close_to_others(path, &file)?;
    }
    Ok(true)
}

pub(super) fn close_to_others(path: &Path, file: &File) -> Result<(), FileError> {
    file.set_permissions(fs::Permissions::from_mode(0o600)).map_err(io(path))
}

/// Removes a file that need not be there; of a symbolic link the link.
pub(super) fn remove(path: &Path) -> Result<(), FileError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(io(path)(error)),
        _ => Ok(()),
    }
}

fn beside(path: &Path) -> [PathBuf; 3] {
    BESIDE.map(|suffix| {
        let mut name = OsString::from(path);
        name.push(suffix);
        name.into()
    })
}

pub(super) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> FileError {
    let path = path.to_owned();
    move |source| FileError::Io { path, source }
}
