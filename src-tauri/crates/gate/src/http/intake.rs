//! Reads requests off a connection, one at a time.

use std::io;
use std::mem::take;
use std::net::SocketAddr;
use std::sync::Arc;

use domain::Guesser;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::sync::OnceCell;
use tokio::time::timeout;
use zeroize::Zeroize as _;

use super::framing::{Framing, framing};
use super::message::Request;
use super::refusal::Refusal::{self, Malformed, TooSlow};
use super::scan::Scan;
use super::{Config, parse};

/// How much is read at once; also about what a connection in use costs in memory.
const READ: usize = 4096;

/// One connection and what was read from it but not yet handed on.
pub(crate) struct Wire {
    pub(crate) stream: TcpStream,
    pub(crate) peer: SocketAddr,
    pub(crate) local: SocketAddr,
    pub(crate) buffer: Vec<u8>,
    pub(crate) guesser: Arc<OnceCell<Guesser>>,
}

/// Why no request came.
#[derive(Debug)]
pub(crate) enum Missed {
    /// The client gets an answer that says so.
    Refused(Refusal),
    /// The client left, or said nothing for too long.
    Gone,
}

impl From<Refusal> for Missed {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<io::Error> for Missed {
    fn from(_: io::Error) -> Self {
        Self::Gone
    }
}

impl Wire {
    /// The next request. Waiting for its first byte is idleness; from then on one deadline covers all of it.
    pub(crate) async fn next(&mut self, config: &Config) -> Result<(Request, Framing), Missed> {
        if self.buffer.is_empty() {
            match timeout(config.idle, self.fill()).await {
                Ok(Ok(1..)) => {}
                Ok(Ok(0) | Err(_)) | Err(_) => return Err(Missed::Gone),
            }
        }
        timeout(config.deadline, self.request()).await.unwrap_or(Err(TooSlow.into()))
    }

    async fn request(&mut self) -> Result<(Request, Framing), Missed> {
        let mut scan = Scan::default();
        let head_length = loop {
            if let Some(length) = scan.advance(&self.buffer)? {
                break length;
            }
            self.more().await?;
        };
        let mut head = parse::head(self.buffer.get(..head_length).unwrap_or_default())?;
        let framing = framing(&head)?;
        let body = self.body(head_length, framing).await?;
        let request = Request {
            method: take(&mut head.method),
            target: take(&mut head.target),
            version: head.version,
            headers: take(&mut head.headers),
            body,
            peer: self.peer,
            local: self.local,
            guesser: Arc::clone(&self.guesser),
        };
        Ok((request, framing))
    }

    /// The body; takes it and its head out of the buffer and leaves what is behind for the next request.
    async fn body(&mut self, head_length: usize, framing: Framing) -> Result<Vec<u8>, Missed> {
        let whole = head_length + framing.length;
        if framing.wants_continue && self.buffer.len() < whole {
            self.stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await?;
        }
        while self.buffer.len() < whole {
            self.more().await?;
        }
        let body = self.buffer.get(head_length..whole).unwrap_or_default().to_vec();
        self.forget(whole);
        Ok(body)
    }

    async fn more(&mut self) -> Result<(), Missed> {
        match self.fill().await? {
            0 => Err(Malformed("a request that ends early").into()),
            _ => Ok(()),
        }
    }

    /// Reads what there is, waiting for at least one byte; 0 at the end. Memory is only taken once there is
    /// something to read, so that an idle connection costs none.
    async fn fill(&mut self) -> io::Result<usize> {
        loop {
            self.stream.readable().await?;
            self.buffer.reserve_exact(READ);
            match self.stream.try_read_buf(&mut self.buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                read => return read,
            }
        }
    }

    /// Wipes and drops the first `length` bytes; gives the memory back when nothing is left.
    fn forget(&mut self, length: usize) {
        let rest = self.buffer.get(length..).unwrap_or_default().to_vec();
        self.buffer.zeroize();
        self.buffer = rest;
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.buffer.zeroize();
    }
}
