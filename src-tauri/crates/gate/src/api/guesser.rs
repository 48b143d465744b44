//! Who is behind a failed sign-in: looked up while the connection is open, and only once it matters.

use std::net::SocketAddr;

use desk::Peer;
use domain::Guesser;
use tokio::{sync::Semaphore, task::spawn_blocking};

use crate::{gate::Gate, http::Request, peer};

/// How many failed sign-ins may be looked into at once. Each reads tables of the whole system.
const LOOK_UPS: usize = 2;
/// How many may be at it or wait for it. Those beyond are not known, and so count together: a crowd of failures gains
/// nothing by being one, and takes neither seats nor cores from those who have a key.
const PLACES: usize = 16;

/// The turns of the look-ups; apart from those of whoever asks for a key, so that bad keys delay nobody's request.
pub(crate) struct LookUps {
    places: Semaphore,
    turns: Semaphore,
}

impl Default for LookUps {
    fn default() -> Self {
        Self { places: Semaphore::new(PLACES), turns: Semaphore::new(LOOK_UPS) }
    }
}

/// Whoever sent a request.
pub(super) struct Sender<'a> {
    look_ups: &'a LookUps,
    peer: SocketAddr,
    local: SocketAddr,
}

impl<'a> Sender<'a> {
    pub(super) fn of(request: &Request, gate: &'a Gate) -> Self {
        Self { look_ups: &gate.guessers, peer: request.peer, local: request.local }
    }
}

#[async_trait::async_trait]
impl Peer for Sender<'_> {
    async fn guesser(&self) -> Guesser {
        let Ok(_place) = self.look_ups.places.try_acquire() else { return Guesser::Unknown };
        let _turn = self.look_ups.turns.acquire().await;
        let (peer, local) = (self.peer, self.local);
        spawn_blocking(move || look(peer, local)).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "looking for a guessing program broke off");
            Guesser::Unknown
        })
    }
}

/// By user and executable. A script's name would be what the program says of itself.
fn look(peer: SocketAddr, local: SocketAddr) -> Guesser {
    let Ok(socket) = peer::connected(peer, local) else { return Guesser::Unknown };
    match peer::with_socket(&socket).and_then(|program| program.exe) {
        Some(exe) => Guesser::Program { uid: socket.uid, exe },
        None => Guesser::User { uid: socket.uid },
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::Read as _,
        net::{TcpListener, TcpStream},
    };

    use super::*;

    #[tokio::test]
    async fn a_sender_is_known_by_user_and_executable_until_it_goes_or_there_is_no_place() {
        let look_ups = LookUps::default();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (mut served, peer) = listener.accept().unwrap();
        let sender = Sender { look_ups: &look_ups, peer, local: served.local_addr().unwrap() };
        let own = Guesser::Program {
            uid: rustix::process::geteuid().as_raw(),
            exe: std::env::current_exe().unwrap().to_str().unwrap().to_owned(),
        };
        assert_eq!(sender.guesser().await, own);
        let crowd = look_ups.places.acquire_many(16).await.unwrap();
        assert_eq!(sender.guesser().await, Guesser::Unknown, "and nobody waits");
        drop(crowd);
        drop(client);
        assert_eq!(served.read(&mut [0]).unwrap(), 0);
        assert_eq!(sender.guesser().await, Guesser::Unknown);
    }
}
