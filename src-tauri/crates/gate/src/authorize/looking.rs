//! Who asks: found out while the connection is open. The program may stay unknown, its user never.

use std::time::Duration;

use domain::Program;
use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout};

use crate::{
    answer::{self, Refusal},
    gate::Gate,
    http::{Request, Response},
    peer::{self, Socket},
};

/// How long a look-up may wait for its turn.
const PATIENCE: Duration = Duration::from_secs(2);

const OTHER_USER: Refusal = Refusal::new(
    403,
    "other-user",
    "Another user's program asks",
    "Only programs of the user who runs Fieldgate may ask for a key here.",
);

const UNKNOWN_USER: Refusal = Refusal::new(
    503,
    "unknown-user",
    "Fieldgate cannot tell who asks",
    "Fieldgate could not find out whose program asks, so it did not listen. Try again in a moment.",
);

/// One who is not let in because of who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stranger {
    /// A program of another user; the superuser's too, unless Fieldgate runs as that.
    OtherUser,
    /// The system did not say, or not in time.
    UnknownUser,
}

impl Stranger {
    pub(super) fn answer(self, request: &Request) -> Response {
        match self {
            Self::OtherUser => answer::refused(request, &OTHER_USER),
            Self::UnknownUser => answer::refused(request, &UNKNOWN_USER).with("Retry-After", "1"),
        }
    }
}

impl Gate {
    /// The socket at the asker's end, which is our own user's.
    ///
    /// # Errors
    /// [`Stranger`], for every socket that is not positively known to be ours.
    pub(super) async fn asking_socket(&self, request: &Request) -> Result<Socket, Stranger> {
        let (peer, local) = (request.peer, request.local);
        let found = in_turn(&self.sockets, move || peer::connected(peer, local)).await?;
        let socket = found.map_err(|error| {
            tracing::debug!(%error, "nothing is known of an asker, so it is not let in");
            Stranger::UnknownUser
        })?;
        of_user(socket, rustix::process::geteuid().as_raw())
    }

    /// The program that has `socket` open, if it can be found.
    ///
    /// # Errors
    /// [`Stranger::UnknownUser`] when there is no turn for it.
    pub(super) async fn asking_program(&self, socket: Socket) -> Result<Option<Program>, Stranger> {
        in_turn(&self.programs, move || peer::with_socket(&socket)).await
    }
}

pub(super) fn of_user(socket: Socket, own: u32) -> Result<Socket, Stranger> {
    if socket.uid == own { Ok(socket) } else { Err(Stranger::OtherUser) }
}

/// What `look` finds, off the async threads and once one of the `turns` is free.
async fn in_turn<T: Send + 'static>(
    turns: &Semaphore,
    look: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Stranger> {
    let Ok(Ok(_turn)) = timeout(PATIENCE, turns.acquire()).await else {
        tracing::debug!("too many ask at once: one was turned away unseen");
        return Err(Stranger::UnknownUser);
    };
    spawn_blocking(look).await.map_err(|error| {
        tracing::warn!(%error, "looking for the asking program broke off");
        Stranger::UnknownUser
    })
}
