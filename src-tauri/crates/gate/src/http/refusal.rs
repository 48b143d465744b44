//! Why a request is not handed on, and what its sender is told.

use super::message::Response;

/// The ways in which the core itself answers. After each of them the connection is closed and what is behind is
/// never parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// Not HTTP/1 as we read it; the text says where.
    #[error("{0}")]
    Malformed(&'static str),
    /// The request did not arrive in time.
    #[error("the request took too long")]
    TooSlow,
    /// The body is longer than [`super::MAX_BODY`].
    #[error("the body is too long")]
    BodyTooLong,
    /// The request line is longer than [`super::MAX_REQUEST_LINE`].
    #[error("the request line is too long")]
    LineTooLong,
    /// The head is longer than [`super::MAX_HEAD`] or has more than [`super::MAX_FIELDS`] fields.
    #[error("the head is too large")]
    HeadTooLarge,
    /// An expectation other than 100-continue.
    #[error("unknown expectation")]
    UnknownExpectation,
    /// A version of HTTP other than 1.0 and 1.1.
    #[error("this speaks HTTP/1.1 and HTTP/1.0")]
    UnknownVersion,
}

impl Refusal {
    /// The status code of RFC 9110 §15.
    pub(crate) fn status(self) -> u16 {
        match self {
            Self::Malformed(_) => 400,
            Self::TooSlow => 408,
            Self::BodyTooLong => 413,
            Self::LineTooLong => 414,
            Self::UnknownExpectation => 417,
            Self::HeadTooLarge => 431,
            Self::UnknownVersion => 505,
        }
    }

    /// The answer; it repeats nothing of the request.
    pub(crate) fn answer(self) -> Response {
        Response::text(self.status(), format!("{self}\n"))
    }
}
