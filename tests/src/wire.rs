//! Bytes to the gate and back, without an HTTP client's manners.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::{Answer, PATIENCE};

/// Sends `bytes`, says that nothing more will come, and reads until the gate closes.
///
/// # Errors
/// When it cannot be reached or does not close.
pub async fn exchange(addr: SocketAddr, bytes: &[u8]) -> Result<Vec<u8>> {
    let mut stream = TcpStream::connect(addr).await?;
    // The gate may close while we still write: what it said before is what counts.
    let _ = stream.write_all(bytes).await;
    let _ = stream.shutdown().await;
    read_all(&mut stream).await
}

async fn read_all(stream: &mut TcpStream) -> Result<Vec<u8>> {
    let mut answer = Vec::new();
    match timeout(PATIENCE, stream.read_to_end(&mut answer)).await.context("the gate does not close")? {
        Ok(_) => Ok(answer),
        Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => Ok(answer),
        Err(error) => Err(error.into()),
    }
}

/// Asks for `target` with these header lines and nothing else but `Connection: close`.
///
/// # Errors
/// When there is no answer.
pub async fn get(addr: SocketAddr, target: &str, lines: &[&str]) -> Result<Answer> {
    let mut request = format!("GET {target} HTTP/1.1\r\n");
    for line in lines {
        request.push_str(line);
        request.push_str("\r\n");
    }
    request.push_str("Connection: close\r\n\r\n");
    let mut stream = TcpStream::connect(addr).await?;
    stream.write_all(request.as_bytes()).await?;
    answer(&read_all(&mut stream).await?)
}

/// Reads one answer.
///
/// # Errors
/// When it is none.
pub fn answer(bytes: &[u8]) -> Result<Answer> {
    let text = String::from_utf8_lossy(bytes);
    let (head, body) = text.split_once("\r\n\r\n").with_context(|| format!("no answer: {text}"))?;
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).context("a status")?.parse()?;
    let fields = lines.filter_map(|line| line.split_once(':'));
    let headers = fields.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect();
    Ok(Answer { status, headers, body: body.to_owned() })
}

/// How many answers begin in `bytes`: a status line is a version and three digits.
#[must_use]
pub fn answers(bytes: &[u8]) -> usize {
    let begins = |window: &&[u8]| {
        let (version, status) = window.split_at(9);
        (version == b"HTTP/1.1 " || version == b"HTTP/1.0 ") && status.iter().all(u8::is_ascii_digit)
    };
    bytes.windows(12).filter(begins).count()
}

/// Reads one answer with a `Content-Length` from a connection that may stay open, and not a byte beyond it.
///
/// # Errors
/// When none comes.
pub async fn read_answer(stream: &mut TcpStream) -> Result<Answer> {
    let read = async {
        let mut bytes = Vec::new();
        while !bytes.ends_with(b"\r\n\r\n") {
            bytes.push(stream.read_u8().await?);
        }
        let head = answer(&bytes)?;
        let mut body = vec![0; head.header("content-length").context("a length")?.parse()?];
        stream.read_exact(&mut body).await?;
        Ok(Answer { body: String::from_utf8(body)?, ..head })
    };
    timeout(PATIENCE, read).await.context("no answer")?
}

/// Waits for the head of an answer on a connection that stays open.
///
/// # Errors
/// When none comes.
pub async fn read_head(stream: &mut TcpStream) -> Result<String> {
    let mut bytes = Vec::new();
    let read = async {
        while !bytes.windows(4).any(|window| window == b"\r\n\r\n") {
            anyhow::ensure!(stream.read_buf(&mut bytes).await? > 0, "closed without an answer");
        }
        Ok(())
    };
    timeout(PATIENCE, read).await.context("no answer")??;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
