//! The side of `fieldgatectl`.

use std::io;
use std::path::Path;

use tokio::net::UnixStream;

use super::place::{connect, pid_of};
use super::{Answer, FRAME_TIME, Greeting, frame};
use crate::calls::{Call, Request};
use crate::{CallError, Code};

/// A connection to the Fieldgate that runs. It starts locked.
#[derive(Debug)]
pub struct Client {
    stream: UnixStream,
}

impl Client {
    /// Connects to the socket at `path` and exchanges greetings.
    ///
    /// # Errors
    /// `not-running` when nobody listens there, `version-mismatch`, and `failed` for all else: it is no socket, another
    /// user listens, no greeting in ten seconds.
    pub async fn connect(path: &Path) -> Result<Self, CallError> {
        let mut stream = connect(path).await.map_err(unreachable)?;
        frame::write(&mut stream, &Greeting::ours()).await.map_err(gone)?;
        let first = frame::read(&mut stream, frame::ANSWER_CAP, FRAME_TIME).await.map_err(gone)?;
        let first = first.ok_or_else(|| gone(io::ErrorKind::UnexpectedEof.into()))?;
        let theirs: Greeting = serde_json::from_slice(&first).map_err(|_| {
            CallError::new(
                Code::VersionMismatch,
                "what listens on the control socket does not greet like a Fieldgate",
            )
        })?;
        theirs.check("this program", "the Fieldgate that runs")?;
        Ok(Self { stream })
    }

    /// Makes a call and waits for its answer, however long it takes.
    ///
    /// # Errors
    /// What the desk answers; `not-running` when the connection ended.
    pub async fn call<R: Request>(&mut self, request: R) -> Result<R::Response, CallError> {
        let call: Call = request.into();
        frame::write(&mut self.stream, &call).await.map_err(gone)?;
        let frame = frame::read(&mut self.stream, frame::ANSWER_CAP, std::time::Duration::MAX).await;
        let bytes = frame.map_err(gone)?.ok_or_else(|| gone(io::ErrorKind::UnexpectedEof.into()))?;
        let answer: Answer = serde_json::from_slice(&bytes).map_err(|_| unreadable())?;
        serde_json::from_value(Result::from(answer)?).map_err(|_| unreadable())
    }

    /// The process at the other end.
    ///
    /// # Errors
    /// What the system answers.
    pub fn peer_pid(&self) -> io::Result<u32> {
        pid_of(&self.stream)
    }
}

fn unreachable(error: io::Error) -> CallError {
    if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) {
        return CallError::new(Code::NotRunning, "no Fieldgate runs in this home");
    }
    CallError::new(Code::Failed, format!("the control socket cannot be used: {error}"))
}

fn gone(error: io::Error) -> CallError {
    use io::ErrorKind::{BrokenPipe, ConnectionReset, UnexpectedEof};
    if matches!(error.kind(), UnexpectedEof | BrokenPipe | ConnectionReset) {
        return CallError::new(Code::NotRunning, "the Fieldgate that ran here closed the connection");
    }
    CallError::new(Code::Failed, format!("the control socket failed: {error}"))
}

/// Says nothing of what was received: it may be a key.
fn unreadable() -> CallError {
    CallError::new(Code::VersionMismatch, "the answer of the Fieldgate that runs is of another form")
}
