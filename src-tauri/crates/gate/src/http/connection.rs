//! One connection from its first byte to its last: a request, its answer, the next request.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::Poll;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::intake::{Missed, Wire};
use super::message::{Request, Response, Version};
use super::seats::Seat;
use super::stop::Stop;
use super::write::{Manner, encode};
use super::{Config, Handler};

/// Most bytes read and thrown away behind a last answer.
const MAX_DRAIN: usize = 512 * 1024;

/// A connection with a seat. The order of the fields matters: the socket goes before the seat.
pub(crate) struct Connection<H> {
    pub(crate) wire: Wire,
    pub(crate) seat: Seat,
    pub(crate) handler: Arc<H>,
    pub(crate) config: Arc<Config>,
    pub(crate) stop: Stop,
}

/// What becomes of a connection after a turn.
enum Next {
    /// It may bring another request.
    Again,
    /// It got its last answer and is closed so that the answer arrives.
    Linger,
    /// It is closed at once.
    Close,
}

impl<H: Handler> Connection<H> {
    /// Serves the connection until it ends.
    pub(crate) async fn run(mut self) {
        loop {
            match self.turn().await {
                Next::Again => {}
                Next::Linger => return self.linger().await,
                Next::Close => return,
            }
        }
    }

    /// One request and its one answer.
    async fn turn(&mut self) -> Next {
        let taken = tokio::select! {
            biased;
            () = self.seat.sent_away() => return Next::Close,
            () = self.stop.wanted() => return Next::Close,
            taken = self.wire.next(&self.config) => taken,
        };
        let (request, framing) = match taken {
            Ok(taken) => taken,
            Err(Missed::Gone) => return Next::Close,
            Err(Missed::Refused(refusal)) => {
                let manner = Manner { version: Version::Http11, head_only: false, closes: true };
                return self.send(refusal.answer(), manner).await;
            }
        };
        if !self.seat.work() {
            return Next::Close;
        }
        let (version, head_only) = (request.version, request.method == "HEAD");
        let answer = self.answer(request).await;
        self.seat.wait();
        let closes = !framing.keep_alive || self.stop.is_wanted();
        self.send(answer, Manner { version, head_only, closes }).await
    }

    /// The handler's answer; a panic in it is caught here and ends with this request.
    async fn answer(&self, request: Request) -> Response {
        let mut answering = self.handler.handle(request);
        let answer = poll_fn(move |context| {
            match catch_unwind(AssertUnwindSafe(|| answering.as_mut().poll(context))) {
                Ok(poll) => poll.map(Some),
                Err(_) => Poll::Ready(None),
            }
        });
        answer.await.unwrap_or_else(|| {
            tracing::error!("answering a request panicked");
            broken()
        })
    }

    async fn send(&mut self, answer: Response, manner: Manner) -> Next {
        let bytes = encode(&answer, manner).or_else(|error| {
            tracing::error!(status = answer.status, "{error}");
            encode(&broken(), manner)
        });
        let Ok(bytes) = bytes.map(Zeroizing::new) else { return Next::Close };
        let written = tokio::select! {
            () = self.seat.sent_away() => return Next::Close,
            written = timeout(self.config.write, self.wire.stream.write_all(&bytes)) => written,
        };
        match (written, manner.closes) {
            (Ok(Ok(())), false) => Next::Again,
            (Ok(Ok(())), true) => Next::Linger,
            (Ok(Err(_)) | Err(_), _) => Next::Close,
        }
    }

    /// Closing a socket with unread bytes resets it, and a reset can overtake the answer. So our direction is
    /// closed first and a bounded amount of what still comes is thrown away (RFC 9112 §9.6).
    async fn linger(mut self) {
        let drain = timeout(self.config.linger, drain(&mut self.wire));
        tokio::select! {
            () = self.seat.sent_away() => {}
            _ = drain => {}
        }
    }
}

async fn drain(wire: &mut Wire) -> std::io::Result<()> {
    wire.stream.shutdown().await?;
    let mut waste = Zeroizing::new([0; 2048]);
    let mut drained = 0;
    while drained < MAX_DRAIN {
        match wire.stream.read(waste.as_mut_slice()).await? {
            0 => break,
            read => drained += read,
        }
    }
    Ok(())
}

fn broken() -> Response {
    Response::text(500, "something went wrong here\n")
}
