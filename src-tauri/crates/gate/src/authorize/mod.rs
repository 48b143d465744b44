//! The authorize flow as it goes over the wire: asking, waiting, collecting.
//!
//! The mode asked in is the mode answered in: a browser's request gives its key to nothing but its own page, a
//! program's to nothing but its own poll.

mod asking;
mod coming_back;
mod looking;
mod nonces;
mod poll;
mod prefer;
mod waiting;

#[cfg(test)]
mod looking_tests;

use domain::CollectSecret;
use zeroize::Zeroizing;

pub(crate) use nonces::{Nonces, random_hex};

use crate::http::Request;

/// The collect secret of the request's query; one that fits nothing when it is missing or doubled.
fn presented(request: &Request) -> CollectSecret {
    CollectSecret::presented(&parameter(request, "c").unwrap_or_default())
}

/// The value of a query parameter that is given exactly once; it may be a secret.
fn parameter(request: &Request, name: &str) -> Option<Zeroizing<String>> {
    let query = request.query().unwrap_or_default();
    let mut values = url::form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name);
    let (_, value) = values.next()?;
    let value = Zeroizing::new(value.into_owned());
    values.next().is_none().then_some(value)
}
