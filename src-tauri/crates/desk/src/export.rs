//! The log in a file of its own, to be kept or checked elsewhere.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, ErrorKind, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    CallError, Caller, Code, Desk,
    calls::{Folders, FoldersView, LogExport, LogExportedView},
    desk::off_thread,
    ports::Keyring,
};

/// How many entries are read at a time.
const PAGE: u32 = 1_000;

impl Desk {
    /// Says which folder a file for the user is put into unless another is named; known once the host has looked.
    pub fn exports_go_to(&self, folder: PathBuf) {
        // Who looks twice finds the same; the first answer stays.
        let _ = self.exports.set(folder);
    }

    pub(crate) async fn folders(self: &Arc<Self>, _: &Caller, _: Folders) -> Result<FoldersView, CallError> {
        let exports = self.exports.get().map(|folder| folder.to_string_lossy().into_owned());
        Ok(FoldersView { exports })
    }

    pub(crate) async fn log_export(
        self: &Arc<Self>,
        _: &Caller,
        args: LogExport,
    ) -> Result<LogExportedView, CallError> {
        let path = PathBuf::from(&args.path);
        if !path.is_absolute() {
            return Err(CallError::invalid("path", "the path has to begin with a slash"));
        }
        let keyring = Arc::clone(&self.keyring);
        let entries = off_thread(move || export(&*keyring, &path)).await?;
        Ok(LogExportedView { path: args.path, entries })
    }
}

/// Writes the log into a new file. Half a log could pass for a whole one, so none is left where it breaks off.
fn export(keyring: &dyn Keyring, path: &Path) -> Result<u64, CallError> {
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(not_made)?;
    write_lines(keyring, &made).inspect_err(|_| {
        if let Err(error) = fs::remove_file(path) {
            tracing::warn!(%error, "a log that was not written to its end is left");
        }
    })
}

/// Says how many there were.
fn write_lines(keyring: &dyn Keyring, file: &File) -> Result<u64, CallError> {
    let mut out = BufWriter::new(file);
    let (mut last, mut count) = (0, 0);
    loop {
        let lines = keyring.log_lines(last, PAGE)?;
        let Some(end) = lines.last() else { break };
        last = end.seq;
        for line in &lines {
            serde_json::to_writer(&mut out, line).map_err(|error| not_written(&error.into()))?;
            out.write_all(b"\n").map_err(|error| not_written(&error))?;
            count += 1;
        }
    }
    out.flush().and_then(|()| file.sync_all()).map_err(|error| not_written(&error))?;
    Ok(count)
}

/// Why a file cannot be made, in words for a person.
const REASONS: [(ErrorKind, &str); 4] = [
    (ErrorKind::NotFound, "there is no such folder"),
    (ErrorKind::NotADirectory, "there is no such folder"),
    (ErrorKind::PermissionDenied, "nothing may be written into this folder"),
    (ErrorKind::IsADirectory, "this is a folder: add a name for the file"),
];

fn not_made(error: io::Error) -> CallError {
    let kind = error.kind();
    if kind == ErrorKind::AlreadyExists {
        return CallError::new(Code::AlreadyExists, "there is something of this name already").of("path");
    }
    if kind == ErrorKind::StorageFull {
        return not_written(&error);
    }
    let known = REASONS.iter().find(|(reason, _)| *reason == kind);
    let why = known.map_or_else(|| format!("the file cannot be made: {error}"), |(_, why)| (*why).to_owned());
    CallError::invalid("path", why)
}

fn not_written(error: &io::Error) -> CallError {
    if error.kind() == ErrorKind::StorageFull {
        return CallError::new(Code::DiskFull, "the disk is full; nothing was written");
    }
    CallError::new(Code::Failed, format!("the log could not be written: {error}")).of("path")
}
