//! Who listens at an address of this computer, and who still runs.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use desk::ports::Processes;
use domain::{Listener, Program};
use procfs::process::Process;

use super::{Socket, process, socket, socket::Unseen};

/// The programs of this computer as procfs tells of them. On a system without it nothing is known of anybody: nobody
/// may ask there, and no listener is told.
#[derive(Debug, Default)]
pub struct SystemProcesses;

impl Processes for SystemProcesses {
    fn listener(&self, address: SocketAddr) -> Listener {
        match socket::all_listening(dialled(address)) {
            Ok(sockets) => Listener::gravest(sockets.iter().map(listener)),
            Err(Unseen::Gone) => Listener::Nobody,
            Err(error) => {
                tracing::warn!(%error, "nothing is known of a listener");
                Listener::Unknown
            }
        }
    }

    fn is_running(&self, program: &Program) -> Option<bool> {
        let own = i32::try_from(program.pid).ok()?;
        let Ok(found) = Process::new(own) else {
            // Where not even our own process can be seen, nothing is known of any.
            return Process::myself().ok().map(|_| false);
        };
        let now = process::describe(&found, program.uid);
        Some(now.started == program.started && now.identity() == program.identity())
    }
}

/// Where a connection to `address` goes: one to "any address" reaches this computer's own.
fn dialled(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip().to_canonical() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip @ (IpAddr::V4(_) | IpAddr::V6(_)) => ip,
    };
    SocketAddr::new(ip, address.port())
}

fn listener(socket: &Socket) -> Listener {
    let program = process::with_socket(socket);
    if socket.uid == rustix::process::geteuid().as_raw() {
        return Listener::Own { program };
    }
    if socket.uid == 0 {
        return Listener::Root { program };
    }
    Listener::OtherUser { uid: socket.uid, user: process::user_name(socket.uid), program }
}
