//! Who is behind a failed sign-in, or the first use of a key: looked up while the connection is open, and only once it
//! matters.

use std::net::SocketAddr;

use desk::Peer;
use domain::{Guesser, ProgramIdentity};
use tokio::{sync::Semaphore, task::spawn_blocking};

use crate::{gate::Gate, http::Request, peer};

/// How many failed sign-ins may be looked into at once. Each reads tables of the whole system.
const LOOK_UPS: usize = 2;
/// How many bad keys may be at it or wait for it. Those beyond are not known, and so count together: a crowd of them
/// gains nothing by being one, and takes neither seats nor cores from those who have a key. Passwords need no place:
/// there are few at once (`LOGINS`), and a right one must not count as one of a crowd.
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
    request: &'a Request,
}

impl<'a> Sender<'a> {
    pub(super) fn of(request: &'a Request, gate: &'a Gate) -> Self {
        Self { look_ups: &gate.guessers, request }
    }

    /// The program that sent it, where that can be told.
    pub(super) async fn program(&self) -> Option<ProgramIdentity> {
        let (peer, local) = (self.request.peer, self.request.local);
        let _turn = self.look_ups.turns.acquire().await;
        let looked = spawn_blocking(move || {
            let socket = peer::connected(peer, local).ok()?;
            peer::with_socket(&socket)?.identity()
        });
        looked.await.unwrap_or_else(|error| {
            tracing::warn!(%error, "looking for a program broke off");
            None
        })
    }

    /// Whom a bad key counts for.
    pub(super) async fn of_bad_key(&self) -> Guesser {
        if let Some(known) = self.request.guesser.get() {
            return known.clone();
        }
        let Ok(_place) = self.look_ups.places.try_acquire() else { return Guesser::Unknown };
        self.guesser().await
    }
}

#[async_trait::async_trait]
impl Peer for Sender<'_> {
    /// Looks once for each connection.
    async fn guesser(&self) -> Guesser {
        let (peer, local) = (self.request.peer, self.request.local);
        let looking = || async {
            let _turn = self.look_ups.turns.acquire().await;
            spawn_blocking(move || look(peer, local)).await.unwrap_or_else(|error| {
                tracing::warn!(%error, "looking for a guessing program broke off");
                Guesser::Unknown
            })
        };
        self.request.guesser.get_or_init(looking).await.clone()
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
        sync::Arc,
    };

    use super::*;
    use crate::http::{Headers, Version};

    /// The request of a new connection, and its two ends.
    fn connected() -> (Request, TcpStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (served, peer) = listener.accept().unwrap();
        let request = Request {
            method: "GET".to_owned(),
            target: "/".to_owned(),
            version: Version::Http11,
            headers: Headers::default(),
            body: Vec::new(),
            peer,
            local: served.local_addr().unwrap(),
            guesser: Arc::default(),
        };
        (request, client, served)
    }

    fn own() -> Guesser {
        let exe = std::env::current_exe().unwrap().to_str().unwrap().to_owned();
        Guesser::Program { uid: rustix::process::geteuid().as_raw(), exe }
    }

    #[tokio::test]
    async fn a_sender_is_known_by_user_and_executable_unless_it_is_gone() {
        let look_ups = LookUps::default();
        let (request, client, mut served) = connected();
        drop(client);
        assert_eq!(served.read(&mut [0]).unwrap(), 0);
        let gone = Sender { look_ups: &look_ups, request: &request };
        assert_eq!(gone.of_bad_key().await, Guesser::Unknown);
        let (request, _client, _served) = connected();
        let sender = Sender { look_ups: &look_ups, request: &request };
        assert_eq!(sender.of_bad_key().await, own());
    }

    #[tokio::test]
    async fn a_crowd_of_bad_keys_is_not_known_and_makes_no_password_unknown() {
        let look_ups = LookUps::default();
        let (request, _client, _served) = connected();
        let sender = Sender { look_ups: &look_ups, request: &request };
        let _crowd = look_ups.places.acquire_many(16).await.unwrap();
        assert_eq!(sender.of_bad_key().await, Guesser::Unknown, "and nobody waits");
        assert_eq!(sender.guesser().await, own());
    }

    #[tokio::test]
    async fn a_connection_is_looked_into_once() {
        let look_ups = LookUps::default();
        let (request, client, mut served) = connected();
        let first = Sender { look_ups: &look_ups, request: &request }.of_bad_key().await;
        drop(client);
        assert_eq!(served.read(&mut [0]).unwrap(), 0);
        let next = request.clone();
        let sender = Sender { look_ups: &look_ups, request: &next };
        let _crowd = look_ups.places.acquire_many(16).await.unwrap();
        assert_eq!((sender.of_bad_key().await, sender.guesser().await), (first.clone(), first));
        assert_eq!(next.guesser.get(), Some(&own()));
    }
}
