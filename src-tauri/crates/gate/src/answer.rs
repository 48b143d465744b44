//! Answers that say no, as JSON for programs and as a page for people.

use std::{borrow::Cow, io};

use serde::Serialize;
use zeroize::Zeroizing;

use crate::{
    http::{Request, Response},
    page,
};

/// Why something is not done: for programs a code and a sentence, for people a title and the same sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) code: &'static str,
    pub(crate) title: &'static str,
    pub(crate) message: Cow<'static, str>,
}

impl Refusal {
    pub(crate) const fn new(
        status: u16,
        code: &'static str,
        title: &'static str,
        message: &'static str,
    ) -> Self {
        Self { status, code, title, message: Cow::Borrowed(message) }
    }
}

pub(crate) const NOT_FOUND: Refusal = Refusal::new(
    404,
    "not-served",
    "Nothing is here",
    "Fieldgate answers here, but there is nothing at this address.",
);

pub(crate) const NOT_ALLOWED: Refusal =
    Refusal::new(405, "not-served", "Not like this", "Fieldgate does not take this method at this address.");

pub(crate) const FAILED: Refusal =
    Refusal::new(500, "failed", "Something broke", "Fieldgate could not do this. Its log says more.");

/// A granted key that could not be handed over, for now.
pub(crate) const UNWRITTEN: Refusal = Refusal::new(
    503,
    "failed",
    "Not handed over yet",
    "Fieldgate could not write down that it hands this key over, so it did not. Try again in a moment.",
);

#[derive(Serialize)]
struct Failure<'a> {
    code: &'a str,
    message: &'a str,
}

/// Problem details (RFC 9457), which is how ASP.NET answers a body of the wrong media type.
#[derive(Serialize)]
struct Problem<'a> {
    title: &'a str,
    status: u16,
    detail: &'a str,
    code: &'a str,
}

/// `body` as JSON.
pub(crate) fn json<T: Serialize>(status: u16, body: &T) -> Response {
    written(status, "application/json; charset=utf-8", body)
}

/// The same, laid out for people. For what holds no secret: its buffer grows.
pub(crate) fn indented_json<T: Serialize>(status: u16, body: &T) -> Response {
    serde_json::to_vec_pretty(body).map_or_else(
        |error| unwritten(&error),
        |bytes| Response::new(status).with_body("application/json; charset=utf-8", bytes),
    )
}

fn written<T: Serialize>(status: u16, media_type: &str, body: &T) -> Response {
    serialised(body).map_or_else(
        |error| unwritten(&error),
        |mut bytes| Response::new(status).with_body(media_type, std::mem::take(&mut *bytes)),
    )
}

fn unwritten(error: &serde_json::Error) -> Response {
    tracing::error!(%error, "an answer could not be written");
    Response::new(500)
}

/// Measured before it is written: a buffer that grows would leave pieces of a key behind.
fn serialised<T: Serialize>(body: &T) -> serde_json::Result<Zeroizing<Vec<u8>>> {
    let mut length = Length(0);
    serde_json::to_writer(&mut length, body)?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(length.0));
    serde_json::to_writer(&mut *bytes, body)?;
    Ok(bytes)
}

/// Counts what is written.
struct Length(usize);

impl io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// `{"code","message"}`, the shape of Greenfield's business errors.
pub(crate) fn failure(status: u16, code: &str, message: &str) -> Response {
    json(status, &Failure { code, message })
}

/// The refusal in the form this request can read.
pub(crate) fn refused(request: &Request, refusal: &Refusal) -> Response {
    if wants_page(request) {
        return page::refusal(refusal.status, refusal.title, &refusal.message);
    }
    if refusal.status == 415 {
        let (title, detail) = ("Unsupported Media Type", refusal.message.as_ref());
        let problem = Problem { title, status: refusal.status, detail, code: refusal.code };
        return written(refusal.status, "application/problem+json; charset=utf-8", &problem);
    }
    failure(refusal.status, refusal.code, &refusal.message)
}

/// Whether `Accept` has `text/html`: somebody's browser.
pub(crate) fn wants_page(request: &Request) -> bool {
    let mut ranges = request.headers.all("accept").flat_map(|value| value.split(','));
    ranges.any(|range| range.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("text/html"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_written_into_a_buffer_that_never_grows() {
        let body = "ü\"".repeat(10_000);
        let bytes = serialised(&body).unwrap();
        assert_eq!(bytes.capacity(), bytes.len());
        assert_eq!(serde_json::from_slice::<String>(&bytes).unwrap(), body);
    }
}
