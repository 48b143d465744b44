//! Finds the end of a head while it arrives, and refuses early what must never be read in two ways.
//!
//! Each byte is looked at once, however slowly they come. What two parsers could see differently is decided here:
//! lines end in CR LF and nothing else, a field line is `token ":" …`, nothing is folded.

use super::refusal::Refusal::{self, HeadTooLarge, LineTooLong, Malformed, UnknownVersion};
use super::{MAX_FIELDS, MAX_HEAD, MAX_REQUEST_LINE};

/// How far into a head we have looked.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    at: usize,
    line: usize,
    fields: usize,
    after_cr: bool,
    past_request_line: bool,
}

impl Scan {
    /// Looks at what `buffer` has gained since the last call; it must only ever grow. The length of the head, its
    /// empty line included, once that is complete.
    pub(crate) fn advance(&mut self, buffer: &[u8]) -> Result<Option<usize>, Refusal> {
        while let Some(&byte) = buffer.get(self.at) {
            self.at += 1;
            if self.ends_line(byte)? {
                let line = buffer.get(self.line..self.at.saturating_sub(2)).unwrap_or_default();
                if self.take_line(line)? {
                    return Ok(Some(self.at));
                }
            }
            self.check_size()?;
        }
        Ok(None)
    }

    fn ends_line(&mut self, byte: u8) -> Result<bool, Refusal> {
        let after_cr = std::mem::replace(&mut self.after_cr, byte == b'\r');
        match (after_cr, byte) {
            (true, b'\n') => Ok(true),
            (true, _) => Err(Malformed("a carriage return without a line feed")),
            (false, b'\n') => Err(Malformed("a line feed without a carriage return")),
            (false, 0) => Err(Malformed("a NUL byte in the head")),
            (false, _) => Ok(false),
        }
    }

    /// Whether `line` was the last one of the head.
    fn take_line(&mut self, line: &[u8]) -> Result<bool, Refusal> {
        // One empty line before a request is what old clients leave behind a body (RFC 9112 §2.2).
        let stray = line.is_empty() && self.line == 0;
        self.line = self.at;
        if stray {
            return Ok(false);
        }
        if !self.past_request_line {
            self.past_request_line = true;
            if line.len() > MAX_REQUEST_LINE {
                return Err(LineTooLong);
            }
            return check_request_line(line).map(|()| false);
        }
        if line.is_empty() {
            return Ok(true);
        }
        self.fields += 1;
        if self.fields > MAX_FIELDS {
            return Err(HeadTooLarge);
        }
        check_field_line(line).map(|()| false)
    }

    fn check_size(&self) -> Result<(), Refusal> {
        if !self.past_request_line && self.at - self.line > MAX_REQUEST_LINE + 1 {
            return Err(LineTooLong);
        }
        if self.at > MAX_HEAD { Err(HeadTooLarge) } else { Ok(()) }
    }
}

/// Three words with one space between them, the last a version we speak. HTTP/0.9 has two words and no head, so
/// waiting for its end would be in vain.
fn check_request_line(line: &[u8]) -> Result<(), Refusal> {
    let mut words = line.split(|&byte| byte == b' ');
    let (Some(method), Some(target), Some(version), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(Malformed("a request line without method, target and version"));
    };
    if !is_token(method) || target.is_empty() {
        return Err(Malformed("a request line without method, target and version"));
    }
    match version {
        b"HTTP/1.1" | b"HTTP/1.0" => Ok(()),
        [b'H', b'T', b'T', b'P', b'/', major, b'.', minor]
            if major.is_ascii_digit() && minor.is_ascii_digit() =>
        {
            Err(UnknownVersion)
        }
        _ => Err(Malformed("a request line without a version")),
    }
}

/// A name that is a token, and the colon right behind it (RFC 9112 §5.1). A folded line starts with a blank.
fn check_field_line(line: &[u8]) -> Result<(), Refusal> {
    let Some(colon) = line.iter().position(|&byte| byte == b':') else {
        return Err(Malformed("a field without a colon"));
    };
    let name = line.get(..colon).unwrap_or_default();
    if is_token(name) { Ok(()) } else { Err(Malformed("a field name that is not a token")) }
}

/// RFC 9110 §5.6.2.
pub(crate) fn is_token(text: &[u8]) -> bool {
    !text.is_empty()
        && text.iter().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte))
}
