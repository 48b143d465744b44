//! Takes a complete head apart. This is the one file that names httparse.

use httparse::EMPTY_HEADER;
use zeroize::Zeroize as _;

use super::MAX_FIELDS;
use super::message::{Headers, Version, after_scheme};
use super::refusal::Refusal::{self, HeadTooLarge, Malformed, UnknownVersion};

/// Everything of a request but its body. Wiped from memory like the request it becomes, for it may become none.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) version: Version,
    pub(crate) headers: Headers,
}

/// Parses `bytes`, which [`super::scan::Scan`] found to be one complete head.
pub(crate) fn head(bytes: &[u8]) -> Result<Head, Refusal> {
    let text = std::str::from_utf8(bytes).map_err(|_| Malformed("a head that is not UTF-8"))?;
    let mut fields = [EMPTY_HEADER; MAX_FIELDS];
    let mut parsed = httparse::Request::new(&mut fields);
    let end = parsed.parse(text.as_bytes()).map_err(refusal)?;
    if end != httparse::Status::Complete(bytes.len()) {
        return Err(Malformed("a head that ends early"));
    }
    let (Some(method), Some(target), Some(minor)) = (parsed.method, parsed.path, parsed.version) else {
        return Err(Malformed("a request line without method, target and version"));
    };
    let target = checked_target(target)?;
    let headers = parsed.headers.iter().map(field).collect::<Result<_, _>>()?;
    let version = if minor == 0 { Version::Http10 } else { Version::Http11 };
    Ok(Head { method: method.to_owned(), target: target.to_owned(), version, headers })
}

impl Drop for Head {
    fn drop(&mut self) {
        self.target.zeroize();
    }
}

/// Origin-form, absolute-form or asterisk-form; no proxy is spoken here, so no authority-form (RFC 9112 §3.2).
/// A fragment is never sent by a client, and parsers disagree on what it means in a target.
fn checked_target(target: &str) -> Result<&str, Refusal> {
    let known = target.starts_with('/') || target == "*" || after_scheme(target).is_some();
    if !known || target.contains('#') {
        return Err(Malformed("a target that is neither a path nor an http URL"));
    }
    Ok(target)
}

fn field(field: &httparse::Header<'_>) -> Result<(String, String), Refusal> {
    let value = std::str::from_utf8(field.value).map_err(|_| Malformed("a head that is not UTF-8"))?;
    Ok((field.name.to_owned(), value.trim_matches([' ', '\t']).to_owned()))
}

fn refusal(error: httparse::Error) -> Refusal {
    match error {
        httparse::Error::TooManyHeaders => HeadTooLarge,
        httparse::Error::Version => UnknownVersion,
        httparse::Error::HeaderName => Malformed("a field name that is not a token"),
        httparse::Error::HeaderValue => Malformed("a control character in a field value"),
        httparse::Error::NewLine | httparse::Error::Status | httparse::Error::Token => {
            Malformed("a character that does not belong in a head")
        }
    }
}
