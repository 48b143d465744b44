//! Turns an answer into bytes. This is the one file that names tiny_http.

use tiny_http::{HTTPVersion, Header, Response as Printer, StatusCode};

use super::message::{Response, Version};
use super::scan::is_token;

/// What every answer carries unless it sets the field itself: it may not be framed, sniffed or stored, it loads
/// nothing and tells nobody where a reader came from.
const PROTECTION: [(&str, &str); 7] = [
    (
        "Content-Security-Policy",
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("X-Frame-Options", "DENY"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
];

/// Fields that say how the message is framed or who speaks: the core's to set. tiny_http drops some of them in
/// silence, Content-Length it would believe.
const OURS: [&str; 6] = ["connection", "content-length", "transfer-encoding", "trailer", "upgrade", "server"];

/// How an answer is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Manner {
    pub(crate) version: Version,
    /// The request was a HEAD: everything but the body.
    pub(crate) head_only: bool,
    /// The connection is closed after it.
    pub(crate) closes: bool,
}

/// An answer that cannot be put into words of HTTP without saying something else.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the answer holds a status or a header field that cannot be sent")]
pub(crate) struct Unprintable;

/// The answer as bytes, complete and never chunked.
pub(crate) fn encode(response: &Response, manner: Manner) -> Result<Vec<u8>, Unprintable> {
    let mut bytes = print_head(response, manner.version)?;
    let bodiless = matches!(response.status, 204 | 304);
    // The printer ends the head; we have something to add, or to take away: Content-Length stands last, and a 204
    // must not have one (RFC 9110 §8.6).
    bytes.truncate(bytes.len().saturating_sub(2));
    if bodiless {
        let last_line = bytes.trim_ascii_end().iter().rposition(|&byte| byte == b'\n');
        bytes.truncate(last_line.map_or(bytes.len(), |end| end + 1));
    }
    bytes.extend_from_slice(connection_field(manner));
    bytes.extend_from_slice(b"\r\n");
    if !bodiless && !manner.head_only {
        bytes.extend_from_slice(&response.body);
    }
    Ok(bytes)
}

fn print_head(response: &Response, version: Version) -> Result<Vec<u8>, Unprintable> {
    if !(200..=599).contains(&response.status) {
        return Err(Unprintable);
    }
    let length = if matches!(response.status, 204 | 304) { 0 } else { response.body.len() };
    let version = match version {
        Version::Http10 => HTTPVersion(1, 0),
        Version::Http11 => HTTPVersion(1, 1),
    };
    let mut bytes = Vec::with_capacity(1024 + response.body.len());
    Printer::new(StatusCode(response.status), fields(response)?, std::io::empty(), Some(length), None)
        .with_chunked_threshold(usize::MAX)
        .raw_print(&mut bytes, version, &[], true, None)
        .map_err(|_| Unprintable)?;
    Ok(bytes)
}

fn fields(response: &Response) -> Result<Vec<Header>, Unprintable> {
    let own = response.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let own = own.filter(|(name, _)| !OURS.iter().any(|ours| name.eq_ignore_ascii_case(ours)));
    let protection = PROTECTION.into_iter().filter(|(name, _)| !response.has(name));
    [("Server", "Fieldgate")].into_iter().chain(own).chain(protection).map(printable).collect()
}

fn printable((name, value): (&str, &str)) -> Result<Header, Unprintable> {
    let plain = value.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t'));
    if !plain || !is_token(name.as_bytes()) {
        return Err(Unprintable);
    }
    Header::from_bytes(name, value).map_err(|()| Unprintable)
}

fn connection_field(manner: Manner) -> &'static [u8] {
    match (manner.closes, manner.version) {
        (true, _) => b"Connection: close\r\n",
        (false, Version::Http10) => b"Connection: keep-alive\r\n",
        (false, Version::Http11) => b"",
    }
}
