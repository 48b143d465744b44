//! Who holds the other end of a socket, or a port, as the kernel tells it through procfs.
//!
//! Everything here blocks for some milliseconds and looks at the moment it is called: ask while the connection is
//! open, from a thread that may block. A socket's user is known of every socket that somebody has open; its program
//! only where we may look into that process, which is to say for programs of our own user.

mod listening;
mod process;
mod socket;

#[cfg(test)]
mod listening_tests;
#[cfg(test)]
mod tests;

use std::fmt;
use std::net::SocketAddr;

use domain::Program;

pub use listening::SystemProcesses;

pub(crate) use process::with_socket;
pub(crate) use socket::{Socket, connected};

/// Whoever has a socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Numeric id of the user who made the socket; a fact even where the program stays unknown.
    pub uid: u32,
    /// That user's name, if `/etc/passwd` has one.
    pub user: Option<String>,
    /// The program, where we may know it.
    pub program: Option<Program>,
}

/// Who would answer a connection to `addr` on this machine: the one who listens on exactly that address, else on
/// all addresses. Absent when nobody listens, or the system does not tell.
#[must_use]
pub(crate) fn holder_of(addr: SocketAddr) -> Option<Holder> {
    let socket = socket::listening(addr).ok()?;
    let user = process::user_name(socket.uid);
    Some(Holder { uid: socket.uid, user, program: process::with_socket(&socket) })
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let user = self.user.clone().unwrap_or_else(|| self.uid.to_string());
        let Some(program) = &self.program else { return write!(f, "a program of user {user}") };
        let exe = program.exe.as_deref().unwrap_or("a program");
        let script = program.script.as_deref().map(|script| format!(" {script}")).unwrap_or_default();
        write!(f, "{exe}{script} (process {}, user {user})", program.pid)
    }
}
