//! What each permission brings with it.

use domain::catalogue;
use serde::Serialize;

use crate::{answer, http::Response};

#[derive(Serialize)]
struct Permission {
    name: &'static str,
    /// Everything it includes, directly or not, itself excepted.
    included: Vec<&'static str>,
}

/// Anybody may know: the published API asks for no credentials, and clients send none. Indented, as BTCPay Server
/// does it.
pub(crate) fn all() -> Response {
    let names = |entry: &catalogue::PolicyEntry| {
        catalogue::closure(&entry.policy()).map(|included| included.name).collect()
    };
    let all = catalogue::all().iter().map(|entry| Permission { name: entry.name, included: names(entry) });
    answer::indented_json(200, &all.collect::<Vec<_>>())
}
