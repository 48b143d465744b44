//! Takes the port on both loopback families, or says who has it.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};

use socket2::{Domain, Protocol, Socket, Type};

use crate::peer::{Holder, holder_of};

/// Connections the kernel keeps for us between two accepts.
const BACKLOG: i32 = 1024;
/// How often another free port is tried for port 0 when the first family's choice is taken on the second.
const TRIES: usize = 16;

/// The gate's listening sockets: `127.0.0.1:P` and, where the machine has it, `[::1]:P`.
#[derive(Debug)]
pub(crate) struct Listeners {
    v4: TcpListener,
    v6: Option<TcpListener>,
    port: u16,
}

impl Listeners {
    /// The port, the same on both families.
    #[must_use]
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// True on a machine without an IPv6 loopback address; the gate then listens on `127.0.0.1` only.
    #[must_use]
    pub(crate) fn v6_missing(&self) -> bool {
        self.v6.is_none()
    }

    pub(crate) fn into_tokio(self) -> io::Result<(tokio::net::TcpListener, Option<tokio::net::TcpListener>)> {
        let v6 = self.v6.map(tokio::net::TcpListener::from_std).transpose()?;
        Ok((tokio::net::TcpListener::from_std(self.v4)?, v6))
    }
}

/// Why the gate has no port.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// Somebody else listens there. Either family counts: browsers go to `[::1]` first for `localhost`.
    #[error("{addr} is already in use by {}", name(.holder.as_deref()))]
    Taken {
        /// The address that is taken.
        addr: SocketAddr,
        /// Who has it, as far as the system tells.
        holder: Option<Box<Holder>>,
    },
    /// Anything else, such as a port below 1024 without the right to it.
    #[error("cannot listen on {addr}")]
    Io {
        /// The address that was wanted.
        addr: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
}

fn name(holder: Option<&Holder>) -> String {
    holder.map_or_else(|| "an unknown program".to_owned(), Holder::to_string)
}

/// Listens on `127.0.0.1:port` and `[::1]:port`; 0 picks a port that is free on both. Never goes elsewhere in
/// silence. Blocks while it looks for the holder of a taken port.
///
/// # Errors
/// [`BindError::Taken`] when either family's port has a listener, [`BindError::Io`] for the rest.
pub(crate) fn bind(port: u16) -> Result<Listeners, BindError> {
    let mut tries = if port == 0 { TRIES } else { 1 };
    loop {
        tries -= 1;
        match bind_both(port) {
            Err(BindError::Taken { .. }) if tries > 0 => {}
            done => return done,
        }
    }
}

fn bind_both(port: u16) -> Result<Listeners, BindError> {
    let v4 = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let listener = listen(v4).map_err(|error| explain(v4, error))?;
    let port = listener.local_addr().map_err(|error| explain(v4, error))?.port();
    let v6 = SocketAddr::from((Ipv6Addr::LOCALHOST, port));
    let second = match listen(v6) {
        Ok(listener) => Some(listener),
        Err(error) if lacks_family(&error) => None,
        Err(error) => return Err(explain(v6, error)),
    };
    Ok(Listeners { v4: listener, v6: second, port })
}

/// SO_REUSEADDR means on Linux: connections still fading out do not matter, a listener does. SO_REUSEPORT, which
/// would share the port with others of this user, stays off.
fn listen(addr: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(addr), Type::STREAM, Some(Protocol::TCP))?;
    if addr.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&addr.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

/// The machine has no such family or no loopback address in it.
pub(crate) fn lacks_family(error: &io::Error) -> bool {
    use rustix::io::Errno;
    let missing = [Errno::AFNOSUPPORT, Errno::ADDRNOTAVAIL, Errno::PROTONOSUPPORT];
    error.raw_os_error().is_some_and(|code| missing.iter().any(|errno| errno.raw_os_error() == code))
}

fn explain(addr: SocketAddr, source: io::Error) -> BindError {
    if source.kind() == io::ErrorKind::AddrInUse {
        return BindError::Taken { addr, holder: holder_of(addr).map(Box::new) };
    }
    BindError::Io { addr, source }
}
