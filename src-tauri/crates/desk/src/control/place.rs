//! Where the socket lies, and who is at the other end of it.

use std::ffi::OsStr;
use std::fs::{self, File, Permissions};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::{Path, PathBuf};

use tokio::net::{UnixListener, UnixStream};

/// What a socket's address has room for (`sun_path` of unix(7), the last byte of 108 is zero).
const LONGEST_PATH: usize = 107;

/// Binds the control socket at `path`, mode 0600. A socket that lies there is taken for a stale one and replaced, so
/// **only the holder of the home's lock may call this**.
///
/// # Errors
/// `AlreadyExists` when something else than a socket lies there, a symbolic link included; what the system answers.
pub fn bind(path: &Path) -> io::Result<UnixListener> {
    remove_stale(path)?;
    let address = Address::of(path)?;
    let listener = UnixListener::bind(&address.path)?;
    fs::set_permissions(path, Permissions::from_mode(0o600))?;
    Ok(listener)
}

fn remove_stale(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.file_type().is_socket() => fs::remove_file(path),
        Ok(_) => Err(not_a_socket(path)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// The process that listens at `path`, whatever version it is.
///
/// # Errors
/// `NotFound` or `ConnectionRefused` when nobody listens; see [`connect`] for the rest.
pub async fn peer_pid(path: &Path) -> io::Result<u32> {
    pid_of(&connect(path).await?)
}

/// Connects to the socket of our own user at `path`.
///
/// # Errors
/// `NotFound` or `ConnectionRefused` when nobody listens, `AlreadyExists` when something else than a socket lies there,
/// a symbolic link included, `PermissionDenied` when another user listens.
pub(super) async fn connect(path: &Path) -> io::Result<UnixStream> {
    if !fs::symlink_metadata(path)?.file_type().is_socket() {
        return Err(not_a_socket(path));
    }
    let address = Address::of(path)?;
    let stream = UnixStream::connect(&address.path).await?;
    if is_ours(&stream) {
        return Ok(stream);
    }
    Err(io::Error::new(io::ErrorKind::PermissionDenied, "another user listens on the control socket"))
}

/// The process at the other end.
pub(super) fn pid_of(stream: &UnixStream) -> io::Result<u32> {
    let pid = stream.peer_cred()?.pid().and_then(|pid| u32::try_from(pid).ok());
    pid.ok_or_else(|| io::Error::other("the system does not say who listens on the control socket"))
}

/// Whether the other end runs as our own user.
pub(super) fn is_ours(stream: &UnixStream) -> bool {
    stream.peer_cred().is_ok_and(|peer| peer.uid() == rustix::process::geteuid().as_raw())
}

fn not_a_socket(path: &Path) -> io::Error {
    let message = format!("{} is in the way: it is no socket", path.display());
    io::Error::new(io::ErrorKind::AlreadyExists, message)
}

/// A path short enough for a socket's address. A longer one is reached through the open directory.
struct Address {
    path: PathBuf,
    _directory: Option<File>,
}

impl Address {
    fn of(path: &Path) -> io::Result<Self> {
        if path.as_os_str().as_bytes().len() <= LONGEST_PATH {
            return Ok(Self { path: path.to_owned(), _directory: None });
        }
        let directory = File::open(path.parent().unwrap_or(Path::new("/")))?;
        let through = PathBuf::from(format!("/proc/self/fd/{}", directory.as_raw_fd()));
        let name = path.file_name().unwrap_or(OsStr::new(""));
        Ok(Self { path: through.join(name), _directory: Some(directory) })
    }
}
