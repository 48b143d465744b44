//! The accept loop: owns the port, gives out seats, never ends before it is told to.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::bind::Listeners;
use super::connection::Connection;
use super::intake::Wire;
use super::message::{Response, Version};
use super::seats::{Seat, Seats};
use super::stop::Stop;
use super::write::{Manner, encode};
use super::{Config, Handler};

/// Most connections at once where descriptors are plenty.
const MAX_SEATS: usize = 512;
/// Descriptors left to everything that is not a connection: the store, its log, the control socket.
const SPARE_DESCRIPTORS: usize = 128;
/// The first and the longest pause after a failed accept.
const PAUSE: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));

/// Serves `listeners` until `stop` turns true or its sender is gone; then no connection is accepted, answers in
/// flight get [`Config::grace`], and the sockets go. Must run inside a tokio runtime with I/O and time.
///
/// # Errors
/// When the runtime cannot take the listeners over; nothing has been accepted then. Errors of single connections
/// and of accepting never end it.
pub(crate) async fn serve<H: Handler>(
    listeners: Listeners,
    handler: Arc<H>,
    stop: watch::Receiver<bool>,
) -> io::Result<()> {
    serve_with(Config::default(), listeners, handler, stop).await
}

/// [`serve`] with other times and numbers.
///
/// # Errors
/// Those of [`serve`].
pub(super) async fn serve_with<H: Handler>(
    config: Config,
    listeners: Listeners,
    handler: Arc<H>,
    stop: watch::Receiver<bool>,
) -> io::Result<()> {
    let (v4, v6) = listeners.into_tokio()?;
    let seats = Seats::new(config.seats.unwrap_or_else(seats_by_descriptors));
    let mut door =
        Door { config: Arc::new(config), handler, stop: Stop::new(stop), seats, open: JoinSet::new() };
    door.keep(v4, v6).await;
    door.close().await;
    Ok(())
}

fn seats_by_descriptors() -> usize {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
    let descriptors = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
    descriptors.saturating_sub(SPARE_DESCRIPTORS).clamp(1, MAX_SEATS)
}

/// Everything the accept loop holds but the listeners.
struct Door<H> {
    config: Arc<Config>,
    handler: Arc<H>,
    stop: Stop,
    seats: Arc<Seats>,
    open: JoinSet<()>,
}

impl<H: Handler> Door<H> {
    /// Accepts until stopping is wanted. The listeners are closed on return.
    async fn keep(&mut self, v4: TcpListener, v6: Option<TcpListener>) {
        let mut pause = PAUSE.0;
        loop {
            let arrival = tokio::select! {
                biased;
                () = self.stop.wanted() => return,
                Some(_) = self.open.join_next() => continue,
                arrival = v4.accept() => arrival,
                arrival = accept_on(v6.as_ref()) => arrival,
            };
            match arrival {
                Ok((stream, peer)) => {
                    pause = PAUSE.0;
                    self.admit(stream, peer).await;
                }
                Err(error) if died_in_the_queue(&error) => {}
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection, trying again");
                    self.back_off(pause).await;
                    pause = (pause * 2).min(PAUSE.1);
                }
            }
        }
    }

    async fn admit(&mut self, stream: TcpStream, peer: SocketAddr) {
        // Fails only for a connection that is already gone.
        let Ok(local) = stream.local_addr() else { return };
        let _ = stream.set_nodelay(true);
        match self.seats.take().await {
            Some(seat) => {
                self.seat(Wire { stream, peer, local, buffer: Vec::new(), guesser: Arc::default() }, seat)
            }
            None => turn_away(&stream),
        }
    }

    fn seat(&mut self, wire: Wire, seat: Seat) {
        let connection = Connection {
            wire,
            seat,
            handler: Arc::clone(&self.handler),
            config: Arc::clone(&self.config),
            stop: self.stop.clone(),
        };
        self.open.spawn(connection.run());
    }

    /// Out of descriptors or memory: whoever has waited longest gives his back, and time heals the rest.
    async fn back_off(&mut self, pause: Duration) {
        self.seats.send_one_away();
        tokio::select! {
            () = self.stop.wanted() => {}
            () = sleep(pause) => {}
        }
    }

    async fn close(&mut self) {
        let finished = async { while self.open.join_next().await.is_some() {} };
        if timeout(self.config.grace, finished).await.is_err() {
            tracing::info!("closing connections that did not finish in time");
        }
        self.open.shutdown().await;
    }
}

async fn accept_on(listener: Option<&TcpListener>) -> io::Result<(TcpStream, SocketAddr)> {
    match listener {
        Some(listener) => listener.accept().await,
        None => std::future::pending().await,
    }
}

/// The connection failed before it was accepted; the listener is fine.
fn died_in_the_queue(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    [ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted].contains(&error.kind())
}

/// Every seat is at work. What fits into the socket's empty buffer is said, nothing is waited for.
fn turn_away(stream: &TcpStream) {
    let full = Response::text(503, "too many requests are being answered\n").with("Retry-After", "1");
    let manner = Manner { version: Version::Http11, head_only: false, closes: true };
    if let Ok(bytes) = encode(&full, manner) {
        let _ = stream.try_write(&bytes);
    }
}
