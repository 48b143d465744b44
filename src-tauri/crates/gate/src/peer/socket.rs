//! Sockets in the kernel's tables.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use procfs::ProcError;
use procfs::net::{TcpNetEntry, TcpState, tcp, tcp6};

/// What the kernel tells of one socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Socket {
    pub(crate) inode: u64,
    pub(crate) uid: u32,
}

/// Why nothing is known of a socket, not even its user.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unseen {
    /// Nobody has it open, or nobody any more.
    #[error("nobody has such a socket open")]
    Gone,
    /// The kernel's tables could not be read.
    #[error("the system's tables of sockets cannot be read")]
    Unreadable(#[from] ProcError),
}

/// The socket whose own address is `own` and that is connected to `other`.
///
/// # Errors
/// [`Unseen`].
pub(crate) fn connected(own: SocketAddr, other: SocketAddr) -> Result<Socket, Unseen> {
    let ends = (canonical(own), canonical(other));
    find(own.ip(), |entry| (canonical(entry.local_address), canonical(entry.remote_address)) == ends)
}

/// The socket a connection to `addr` would reach: see [`all_listening`].
///
/// # Errors
/// [`Unseen`].
pub(crate) fn listening(addr: SocketAddr) -> Result<Socket, Unseen> {
    all_listening(addr)?.first().copied().ok_or(Unseen::Gone)
}

/// The sockets a connection to `addr` could reach; several share a port among themselves. The exact address comes
/// before all addresses of its family, and those before an IPv6 socket that also takes IPv4.
///
/// # Errors
/// [`Unseen`]; never none at all.
pub(crate) fn all_listening(addr: SocketAddr) -> Result<Vec<Socket>, Unseen> {
    let wanted = canonical(addr);
    let any: IpAddr = match wanted.ip() {
        IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let listens = |ip: IpAddr| {
        move |entry: &TcpNetEntry| {
            entry.state == TcpState::Listen
                && canonical(entry.local_address) == SocketAddr::new(ip, wanted.port())
        }
    };
    for ip in [wanted.ip(), any, Ipv6Addr::UNSPECIFIED.into()] {
        let found = all(wanted.ip(), listens(ip))?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Err(Unseen::Gone)
}

/// A socket without an inode belongs to nobody any more: the kernel only waits for its last packets.
fn find(ip: IpAddr, matches: impl Fn(&TcpNetEntry) -> bool) -> Result<Socket, Unseen> {
    all(ip, matches)?.first().copied().ok_or(Unseen::Gone)
}

fn all(ip: IpAddr, matches: impl Fn(&TcpNetEntry) -> bool) -> Result<Vec<Socket>, Unseen> {
    let fits = |entry: &TcpNetEntry| entry.inode != 0 && matches(entry);
    // IPv4 connections of an IPv6 socket stand in the second table.
    let first = if ip.to_canonical().is_ipv4() { tcp()? } else { Vec::new() };
    let mut entries: Vec<TcpNetEntry> = first.into_iter().filter(&fits).collect();
    if entries.is_empty() {
        entries = tcp6()?.into_iter().filter(&fits).collect();
    }
    Ok(entries.iter().map(|entry| Socket { inode: entry.inode, uid: entry.uid }).collect())
}

fn canonical(addr: SocketAddr) -> SocketAddr {
    SocketAddr::new(addr.ip().to_canonical(), addr.port())
}
