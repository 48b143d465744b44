//! The two messages of HTTP as the rest of the gate sees them. No library's name stands in here.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use domain::Guesser;
use tokio::sync::OnceCell;
use zeroize::Zeroize;

/// The versions of HTTP that are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    /// HTTP/1.0
    Http10,
    /// HTTP/1.1
    Http11,
}

/// Header fields in the order they were sent. Names are compared without regard to case (RFC 9110 §5.1). Values are
/// wiped from memory when they are dropped.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Headers(Vec<(String, String)>);

impl Headers {
    /// The value of the field `name` if it was sent exactly once; a doubled field is as good as none.
    #[must_use]
    pub(crate) fn one(&self, name: &str) -> Option<&str> {
        let mut values = self.all(name);
        let value = values.next()?;
        values.next().is_none().then_some(value)
    }

    /// Every value of the field `name`, in order.
    pub(crate) fn all<'own>(&'own self, name: &str) -> impl Iterator<Item = &'own str> {
        self.iter().filter(move |(sent, _)| sent.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// How often the field `name` was sent.
    #[must_use]
    pub(crate) fn count(&self, name: &str) -> usize {
        self.all(name).count()
    }

    /// All fields as (name, value), in order, names as they were spelled.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl Drop for Headers {
    fn drop(&mut self) {
        self.0.iter_mut().for_each(|(_, value)| value.zeroize());
    }
}

impl FromIterator<(String, String)> for Headers {
    fn from_iter<T: IntoIterator<Item = (String, String)>>(fields: T) -> Self {
        Self(fields.into_iter().collect())
    }
}

/// One complete request. Its content is wiped from memory when it is dropped: it may hold passwords and keys.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Request {
    /// The method as sent, case included.
    pub method: String,
    /// The request target as sent: `/path?query`, `http://authority/path?query` or `*` (RFC 9112 §3.2).
    pub target: String,
    /// The version the client speaks.
    pub version: Version,
    /// The header fields, surrounding blanks removed from their values.
    pub headers: Headers,
    /// The body; at most [`super::MAX_BODY`] bytes.
    pub body: Vec<u8>,
    /// The client's end of the connection.
    pub peer: SocketAddr,
    /// Our end of the connection.
    pub local: SocketAddr,
    /// Whom failed sign-ins of this connection count for, once somebody has looked; all its requests share it.
    pub guesser: Arc<OnceCell<Guesser>>,
}

impl Request {
    /// The authority of a target in absolute-form, as sent; absent for the usual origin-form.
    #[must_use]
    pub(crate) fn authority(&self) -> Option<&str> {
        let rest = after_scheme(&self.target)?;
        rest.get(..authority_length(rest))
    }

    /// The path as sent, still percent-encoded; `/` where an absolute-form has none.
    #[must_use]
    pub(crate) fn path(&self) -> &str {
        match self.path_and_query().split('?').next() {
            None | Some("") => "/",
            Some(path) => path,
        }
    }

    /// The query as sent, without its question mark; absent without a question mark.
    #[must_use]
    pub(crate) fn query(&self) -> Option<&str> {
        self.path_and_query().split_once('?').map(|(_, query)| query)
    }

    fn path_and_query(&self) -> &str {
        let Some(rest) = after_scheme(&self.target) else { return &self.target };
        rest.get(authority_length(rest)..).unwrap_or_default()
    }
}

/// What follows `http://` in a target of absolute-form.
pub(crate) fn after_scheme(target: &str) -> Option<&str> {
    let (scheme, rest) = target.split_at_checked(7)?;
    scheme.eq_ignore_ascii_case("http://").then_some(rest)
}

fn authority_length(rest: &str) -> usize {
    rest.find(['/', '?']).unwrap_or(rest.len())
}

impl fmt::Debug for Request {
    /// Neither target, values nor body: each of them can hold a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("fields", &self.headers.0.len())
            .field("body", &self.body.len())
            .field("peer", &self.peer)
            .finish_non_exhaustive()
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        self.target.zeroize();
        self.body.zeroize();
    }
}

/// One answer. Length, connection and date are the core's business, as are the protective headers of every answer
/// (no framing, no sniffing, no storing, a closed CSP); a field set here wins over its default. Wiped from memory when dropped.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Response {
    /// The status code, 200 to 599.
    pub status: u16,
    /// Header fields in order. A name that is no token or a value with anything but printable ASCII, CR and LF
    /// foremost, is never sent: the client gets a 500 instead.
    pub headers: Vec<(String, String)>,
    /// The body; not sent for HEAD, 204 and 304.
    pub body: Vec<u8>,
}

impl Response {
    /// An answer without a body.
    #[must_use]
    pub(crate) fn new(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new() }
    }

    /// The same answer with one more header field.
    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The same answer with this body and its media type.
    #[must_use]
    pub(crate) fn with_body(mut self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.with("Content-Type", media_type)
    }

    /// An answer in plain text.
    #[must_use]
    pub(crate) fn text(status: u16, text: impl Into<String>) -> Self {
        Self::new(status).with_body("text/plain; charset=utf-8", text.into())
    }

    /// A page.
    #[must_use]
    pub(crate) fn html(status: u16, page: impl Into<String>) -> Self {
        Self::new(status).with_body("text/html; charset=utf-8", page.into())
    }

    /// 303: go on with a GET of `location`.
    #[must_use]
    pub(crate) fn see_other(location: impl Into<String>) -> Self {
        Self::new(303).with("Location", location)
    }

    /// Whether a header field `name` is set.
    #[must_use]
    pub(crate) fn has(&self, name: &str) -> bool {
        self.headers.iter().any(|(set, _)| set.eq_ignore_ascii_case(name))
    }
}

impl fmt::Debug for Response {
    /// Neither values nor body: both can hold a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("fields", &self.headers.len())
            .field("body", &self.body.len())
            .finish()
    }
}

impl Drop for Response {
    fn drop(&mut self) {
        self.headers.iter_mut().for_each(|(_, value)| value.zeroize());
        self.body.zeroize();
    }
}
