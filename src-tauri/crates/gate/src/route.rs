//! From method and path to what is asked. Pure; a path is split first and percent-decoded then.

use percent_encoding::percent_decode_str;

use crate::{
    api::{self, ApiCall},
    table::served,
};

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    /// An app asks for a key.
    Authorize,
    /// An asker comes back: its page, or its poll.
    Asked { id: String },
    /// The waiting page's script asks how things stand.
    Status { id: String },
    /// The waiting page wants the window up.
    Raise { id: String },
    /// A Greenfield endpoint.
    Api(ApiCall),
    /// `permissionsMetadata`: what each permission includes.
    Permissions,
    /// What is served here, for programs.
    Description,
    /// The same, for people.
    Docs,
}

served! { Route:
    ["api-keys", "authorize"] => GET Authorize;
    ["api-keys", "authorize", id] => GET Asked { id };
    ["api-keys", "authorize", id, "status"] => GET Status { id };
    ["api-keys", "authorize", id, "raise"] => POST Raise { id };
    ["misc", "permissions"] => GET Permissions;
    ["swagger", "v1", "swagger.json"] => GET Description;
    ["docs"] => GET Docs;
}

/// Why nothing is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unserved {
    /// Nothing is at this path.
    NotFound,
    /// Something is, for other methods: these.
    NotAllowed(String),
}

/// The parts of the gate that have rules of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Area {
    /// `/api-keys/authorize`
    Authorize,
    /// What is below that.
    Asked,
    /// Where a waiting page raises the window.
    Raise,
    /// `/api/v1` and what is below, `/misc/permissions`, and the description of it all.
    Api,
    /// `/docs`
    Docs,
    /// Everything else.
    Elsewhere,
}

/// Where `path` (as sent) belongs.
pub(crate) fn area(path: &str) -> Area {
    let Some(segments) = segments(path) else { return Area::Elsewhere };
    match as_strs(&segments).as_slice() {
        ["api-keys", "authorize"] => Area::Authorize,
        ["api-keys", "authorize", _, "raise"] => Area::Raise,
        ["api-keys", "authorize", ..] => Area::Asked,
        ["api", "v1", ..] | ["misc", "permissions"] | ["swagger", ..] => Area::Api,
        ["docs", ..] => Area::Docs,
        _ => Area::Elsewhere,
    }
}

/// What a request for `path` (as sent) asks. HEAD asks what GET asks.
pub(crate) fn find(method: &str, path: &str) -> Result<Route, Unserved> {
    let segments = segments(path).ok_or(Unserved::NotFound)?;
    let offers = all_offers(&as_strs(&segments));
    if offers.is_empty() {
        return Err(Unserved::NotFound);
    }
    let allowed = allowed(&offers);
    let wanted = if method == "HEAD" { "GET" } else { method };
    let found = offers.into_iter().find(|(offered, _)| *offered == wanted);
    found.map(|(_, route)| route).ok_or(Unserved::NotAllowed(allowed))
}

fn all_offers(path: &[&str]) -> Vec<(&'static str, Route)> {
    match path {
        ["api", "v1", rest @ ..] => {
            api::offers(rest).into_iter().map(|(method, call)| (method, Route::Api(call))).collect()
        }
        path => offers(path),
    }
}

/// The value of `Allow`: where GET is served, HEAD is.
fn allowed(offers: &[(&'static str, Route)]) -> String {
    let methods = offers.iter().map(|(method, _)| if *method == "GET" { "GET, HEAD" } else { method });
    methods.collect::<Vec<_>>().join(", ")
}

/// The decoded segments, a trailing slash left out. Nothing for a path with an empty segment, or one that is not
/// UTF-8.
fn segments(path: &str) -> Option<Vec<String>> {
    let path = path.strip_prefix('/')?;
    let path = path.strip_suffix('/').unwrap_or(path);
    path.split('/').map(segment).collect()
}

fn segment(text: &str) -> Option<String> {
    let decoded = percent_decode_str(text).decode_utf8().ok()?;
    (!decoded.is_empty()).then(|| decoded.into_owned())
}

fn as_strs(segments: &[String]) -> Vec<&str> {
    segments.iter().map(String::as_str).collect()
}

#[cfg(test)]
mod tests;
