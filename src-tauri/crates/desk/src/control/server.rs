//! The side of the Fieldgate that runs.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::place::is_ours;
use super::waiting::{Waiting, is_open};
use super::{Answer, FRAME_TIME, Greeting, IDLE, LOCKED_IDLE, frame};
use crate::calls::Call;
use crate::{CallError, Caller, Code, Desk};

/// How many connections are served at once. A newcomer takes the place of one that is locked and silent, or is closed on.
const MOST: usize = 64;

/// How long calls under way may take to end when the server stops.
const GRACE: Duration = Duration::from_secs(2);

/// Serves the control socket until `shutdown` resolves, then lets the calls under way end for two seconds. The
/// caller removes the socket's file afterwards.
pub async fn serve(listener: UnixListener, desk: Arc<Desk>, shutdown: impl Future<Output = ()>) {
    let (stop, stopping) = watch::channel(false);
    let waiting = Arc::new(Waiting::default());
    let mut connections = JoinSet::new();
    tokio::pin!(shutdown);
    loop {
        tokio::select! {
            biased;
            () = &mut shutdown => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _))
                    if connections.len() < MOST || is_ours(&stream) && waiting.send_one_away(&desk) =>
                {
                    let connected = Connected::new(&desk, &waiting);
                    connections.spawn(connection(stream, connected, stopping.clone()));
                }
                Ok(_) => tracing::warn!("too many connections to the control socket; one was closed"),
                Err(error) => back_off(&error).await,
            },
        }
    }
    drop(listener);
    stop.send_replace(true);
    let ended = timeout(GRACE, async { while connections.join_next().await.is_some() {} });
    if ended.await.is_err() {
        connections.shutdown().await;
    }
}

async fn back_off(error: &io::Error) {
    tracing::warn!(%error, "the control socket could not accept");
    sleep(Duration::from_millis(100)).await;
}

async fn connection(stream: UnixStream, connected: Connected, stopping: watch::Receiver<bool>) {
    if !is_ours(&stream) {
        tracing::warn!("a program of another user was turned away from the control socket");
        return;
    }
    if let Err(error) = converse(stream, &connected, stopping).await {
        tracing::debug!(%error, "a control connection ended");
    }
}

/// A control connection as the desk knows it; locked again when it goes, however it goes.
struct Connected {
    desk: Arc<Desk>,
    caller: Caller,
    waiting: Arc<Waiting>,
}

impl Connected {
    fn new(desk: &Arc<Desk>, waiting: &Arc<Waiting>) -> Self {
        Self { desk: Arc::clone(desk), caller: desk.connect(), waiting: Arc::clone(waiting) }
    }

    /// How long the other side may be silent now.
    fn patience(&self) -> Duration {
        if is_open(&self.desk, &self.caller) { IDLE } else { LOCKED_IDLE }
    }

    async fn call(&self, call: Call) -> Result<serde_json::Value, CallError> {
        self.desk.call(&self.caller, call).await
    }
}

impl Drop for Connected {
    fn drop(&mut self) {
        self.desk.disconnect(&self.caller);
    }
}

async fn converse(
    stream: UnixStream,
    connected: &Connected,
    mut stopping: watch::Receiver<bool>,
) -> io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    // One byte: enough to see that the other side goes, too small for a passphrase to be left in.
    let mut reader = BufReader::with_capacity(1, reader);
    let place = connected.waiting.join(&connected.caller);
    let greeted = tokio::select! {
        biased;
        () = place.sent_away() => return Ok(()),
        greeted = greet(&mut reader, &mut writer) => greeted?,
    };
    drop(place);
    if !greeted {
        return Ok(());
    }
    loop {
        let place = connected.waiting.join(&connected.caller);
        let next = tokio::select! {
            biased;
            _ = stopping.wait_for(|stop| *stop) => return Ok(()),
            () = place.sent_away() => return Ok(()),
            next = frame::read(&mut reader, frame::CALL_CAP, connected.patience()) => next?,
        };
        drop(place);
        let Some(bytes) = next else { return Ok(()) };
        let answer = match serde_json::from_slice::<Call>(&bytes) {
            // One that only waits is left as soon as nobody waits for it: until then the connection is open.
            Ok(call @ Call::Changes(_)) => tokio::select! {
                answer = connected.call(call) => answer,
                () = hung_up(&mut reader) => return Ok(()),
                _ = stopping.wait_for(|stop| *stop) => return Ok(()),
            },
            Ok(call) => connected.call(call).await,
            Err(_) => Err(unreadable()),
        };
        frame::write(&mut writer, &Answer::from(answer)).await?;
    }
}

/// Resolves when the other side has closed. What it sends meanwhile stays to be read.
async fn hung_up(reader: &mut BufReader<OwnedReadHalf>) {
    if let Ok([_, ..]) = reader.fill_buf().await {
        std::future::pending().await
    }
}

/// Exchanges greetings; says so and answers `false` when the other side is of another version.
async fn greet(reader: &mut BufReader<OwnedReadHalf>, writer: &mut OwnedWriteHalf) -> io::Result<bool> {
    frame::write(writer, &Greeting::ours()).await?;
    let Some(bytes) = frame::read(reader, frame::CALL_CAP, FRAME_TIME).await? else { return Ok(false) };
    let checked = match serde_json::from_slice::<Greeting>(&bytes) {
        Ok(theirs) => theirs.check("the Fieldgate that runs", "the caller"),
        Err(_) => {
            Err(CallError::new(Code::VersionMismatch, "the first frame must be a greeting with a version"))
        }
    };
    let Err(error) = checked else { return Ok(true) };
    tracing::warn!(%error, "a control connection was turned away");
    frame::write(writer, &Answer::Error(error)).await?;
    Ok(false)
}

/// Says nothing of what was sent: it may be a passphrase in the wrong place.
fn unreadable() -> CallError {
    CallError::new(Code::Invalid, "there is no such call, or its arguments are of another form")
}
