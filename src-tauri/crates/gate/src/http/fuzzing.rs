//! The intake without its connection: what it makes of bytes.

use std::mem::take;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::sync::OnceCell;

use super::framing::{Framing, framing};
use super::message::Request;
use super::parse::{Head, head};
use super::refusal::Refusal;
use super::scan::Scan;
use super::{MAX_BODY, MAX_FIELDS, MAX_HEAD};
use crate::{guard, route};

/// Everything the intake does with bytes: the head's length, the head, and what is to come behind it. Nothing while the head is
/// not complete.
pub(crate) fn read(bytes: &[u8]) -> Result<Option<(usize, Head, Framing)>, Refusal> {
    let Some(length) = Scan::default().advance(bytes)? else { return Ok(None) };
    let head = head(bytes.get(..length).unwrap_or_default())?;
    let framing = framing(&head)?;
    Ok(Some((length, head, framing)))
}

/// A head is incomplete, refused, or ends at its first empty line, within every limit; it is found at the same place when it
/// arrives byte by byte; and guard and router have an answer to it.
pub fn request_head(bytes: &[u8]) {
    let whole = Scan::default().advance(bytes);
    let mut scan = Scan::default();
    let byte_by_byte = (1..=bytes.len()).find_map(|end| scan.advance(bytes.get(..end)?).transpose());
    assert_eq!(byte_by_byte.transpose(), whole);

    let Ok(Some((length, head, framing))) = read(bytes) else { return };
    let raw = bytes.get(..length).unwrap_or_default();
    let first_empty_line = raw.windows(4).position(|four| four == b"\r\n\r\n");
    assert_eq!(first_empty_line.map(|at| at + 4), Some(length));
    assert!(!raw.contains(&0) && length <= MAX_HEAD);
    assert!(head.headers.iter().count() <= MAX_FIELDS && framing.length <= MAX_BODY);
    assert_eq!(head.headers.count("transfer-encoding"), 0);

    let request = request(head);
    if guard::host(&request).is_none() {
        assert_eq!(request.headers.count("host"), 1);
    }
    assert!(request.path().starts_with('/') || request.target == "*", "{}", request.path());
    let _ = guard::area(&request, route::area(request.path()));
    let _ = route::find(&request.method, request.path());
}

fn request(mut head: Head) -> Request {
    let address = SocketAddr::from(([127, 0, 0, 1], 21_420));
    Request {
        method: take(&mut head.method),
        target: take(&mut head.target),
        version: head.version,
        headers: take(&mut head.headers),
        body: Vec::new(),
        peer: address,
        local: address,
        guesser: Arc::new(OnceCell::new()),
    }
}
