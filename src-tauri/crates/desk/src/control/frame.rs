//! Frames: four bytes of length, big endian, and that much JSON. Buffers are wiped: a frame may hold a passphrase.

use std::io;
use std::time::Duration;

use serde::Serialize;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::FRAME_TIME;

/// The longest frame a server takes: it comes from whoever connects.
pub(super) const CALL_CAP: u32 = 1 << 20;

/// The longest frame a client takes: it comes from a Fieldgate of the same user, and may list every key there is.
pub(super) const ANSWER_CAP: u32 = 1 << 28;

/// Reads one frame; nothing at the end of the stream. Waits `patience` for it to begin.
///
/// # Errors
/// `TimedOut` when it does not begin or end in time, `InvalidData` when it would be longer than `cap`,
/// `UnexpectedEof` when it breaks off.
pub(super) async fn read(
    stream: &mut (impl AsyncRead + Unpin),
    cap: u32,
    patience: Duration,
) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    let mut length = [0; 4];
    match timeout(patience, stream.read_exact(&mut length)).await? {
        Ok(_) => timeout(FRAME_TIME, body(stream, u32::from_be_bytes(length), cap)).await?.map(Some),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

async fn body(
    stream: &mut (impl AsyncRead + Unpin),
    length: u32,
    cap: u32,
) -> io::Result<Zeroizing<Vec<u8>>> {
    if length > cap {
        let message = format!("a frame of {length} bytes is longer than the {cap} that are taken");
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    let length = usize::try_from(length).map_err(io::Error::other)?;
    let mut body = Zeroizing::new(vec![0; length]);
    stream.read_exact(&mut body).await?;
    Ok(body)
}

/// Writes one frame, in one piece.
///
/// # Errors
/// `TimedOut` when the other side does not take it, and what the stream answers.
pub(super) async fn write<T: Serialize>(stream: &mut (impl AsyncWrite + Unpin), value: &T) -> io::Result<()> {
    let mut frame = Zeroizing::new(Vec::with_capacity(4096));
    frame.extend_from_slice(&[0; 4]);
    serde_json::to_writer(&mut *frame, value)?;
    let length = u32::try_from(frame.len().saturating_sub(4)).map_err(io::Error::other)?;
    if let Some(head) = frame.first_chunk_mut::<4>() {
        *head = length.to_be_bytes();
    }
    timeout(FRAME_TIME, stream.write_all(&frame)).await?
}
