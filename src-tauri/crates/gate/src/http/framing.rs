//! Where a request ends and what happens to its connection: everything a smuggler would want us to get wrong.

use super::MAX_BODY;
use super::message::{Headers, Version};
use super::parse::Head;
use super::refusal::Refusal::{self, BodyTooLong, Malformed, UnknownExpectation};

/// What a head says about the bytes behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Framing {
    /// Length of the body in bytes.
    pub(crate) length: usize,
    /// The client waits for `100 Continue` before it sends the body.
    pub(crate) wants_continue: bool,
    /// The client would use the connection again.
    pub(crate) keep_alive: bool,
}

/// Decides on `head`.
pub(crate) fn framing(head: &Head) -> Result<Framing, Refusal> {
    if head.headers.count("transfer-encoding") > 0 {
        return Err(Malformed("Transfer-Encoding is not understood here, send a Content-Length"));
    }
    Ok(Framing {
        length: body_length(&head.headers)?,
        wants_continue: wants_continue(head)?,
        keep_alive: keeps_alive(head),
    })
}

/// RFC 9110 §8.6, without the leave to mend a repeated value.
fn body_length(headers: &Headers) -> Result<usize, Refusal> {
    if headers.count("content-length") == 0 {
        return Ok(0);
    }
    let value = headers.one("content-length").ok_or(Malformed("a repeated Content-Length"))?;
    if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Malformed("a Content-Length that is not a number"));
    }
    // Digits alone fail to parse only when there are too many of them.
    match value.parse() {
        Ok(length) if length <= MAX_BODY => Ok(length),
        _ => Err(BodyTooLong),
    }
}

/// RFC 9110 §10.1.1; an HTTP/1.0 client cannot mean it.
fn wants_continue(head: &Head) -> Result<bool, Refusal> {
    if head.version == Version::Http10 || head.headers.count("expect") == 0 {
        return Ok(false);
    }
    match head.headers.one("expect") {
        Some(value) if value.eq_ignore_ascii_case("100-continue") => Ok(true),
        _ => Err(UnknownExpectation),
    }
}

/// RFC 9112 §9.3.
fn keeps_alive(head: &Head) -> bool {
    let says = |word: &str| {
        let mut words = head.headers.all("connection").flat_map(|value| value.split(','));
        words.any(|option| option.trim().eq_ignore_ascii_case(word))
    };
    match head.version {
        Version::Http11 => !says("close"),
        Version::Http10 => says("keep-alive") && !says("close"),
    }
}
