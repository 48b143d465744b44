//! Who may ask at all, told from the request alone. Looked at before anything is routed.
//!
//! What browsers say of a request (Fetch Metadata, `Origin`) only ever takes rights away: a program that says nothing
//! is judged by what it asks.

use crate::{answer::Refusal, http::Request, route::Area};

const MISDIRECTED: Refusal = Refusal::new(
    421,
    "misdirected",
    "This is not the address of Fieldgate",
    "Fieldgate answers only under its own loopback address and port.",
);

const PREFETCH: Refusal = Refusal::new(
    503,
    "prefetch",
    "Not in advance",
    "Fieldgate does not answer requests that a browser makes in advance.",
);

const NOT_A_NAVIGATION: Refusal = Refusal::new(
    403,
    "not-a-navigation",
    "Open this in a tab of its own",
    "A key is asked for by opening this address in a tab, not from inside another page.",
);

const CROSS_ORIGIN: Refusal = Refusal::new(
    403,
    "cross-origin",
    "Not from another page",
    "Fieldgate does not answer requests made by pages of other origins.",
);

const NOT_JSON: Refusal =
    Refusal::new(415, "unsupported-media-type", "Only JSON", "A body must be sent as application/json.");

/// The Host rule: exactly one `Host`, one of our three names with our port, and a target of absolute-form that
/// says the same. A name that an attacker points at 127.0.0.1 stops here.
pub(crate) fn host(request: &Request) -> Option<Refusal> {
    let port = request.local.port();
    let host = request.headers.one("host");
    let ours = host.is_some_and(|host| is_ours(host, port));
    let agrees = request
        .authority()
        .is_none_or(|authority| host.is_some_and(|host| host.eq_ignore_ascii_case(authority)));
    (!ours || !agrees).then_some(MISDIRECTED)
}

fn is_ours(host: &str, port: u16) -> bool {
    ["127.0.0.1", "[::1]", "localhost"]
        .iter()
        .any(|name| host.eq_ignore_ascii_case(&format!("{name}:{port}")))
}

/// The rules of the part of the gate that is asked.
pub(crate) fn area(request: &Request, area: Area) -> Option<Refusal> {
    if request.headers.all("sec-purpose").any(|purpose| purpose.to_ascii_lowercase().contains("prefetch")) {
        return Some(PREFETCH);
    }
    match area {
        Area::Authorize => (!is_navigation(request)).then_some(NOT_A_NAVIGATION),
        Area::Raise if request.method == "POST" => changes_state(request),
        Area::Asked | Area::Raise | Area::Docs => {
            let allowed = is_navigation(request) || says(request, "sec-fetch-site", &["same-origin"]);
            (!allowed).then_some(CROSS_ORIGIN)
        }
        Area::Api => api(request),
        Area::Elsewhere => None,
    }
}

/// What changes something from a page of ours: the page itself has to say so, and its body has to be JSON.
fn changes_state(request: &Request) -> Option<Refusal> {
    let from_here = request.headers.one("origin").is_some_and(|origin| is_own_origin(request, origin));
    if !from_here || !says(request, "sec-fetch-site", &["same-origin"]) {
        return Some(CROSS_ORIGIN);
    }
    body(request)
}

fn api(request: &Request) -> Option<Refusal> {
    let from_here = request.headers.all("origin").all(|origin| is_own_origin(request, origin));
    if !from_here || !says(request, "sec-fetch-site", &["same-origin", "none"]) {
        return Some(CROSS_ORIGIN);
    }
    body(request)
}

fn body(request: &Request) -> Option<Refusal> {
    (!request.body.is_empty() && !is_json(request)).then_some(NOT_JSON)
}

fn is_json(request: &Request) -> bool {
    let media_type = request.headers.one("content-type").and_then(|value| value.split(';').next());
    media_type.is_some_and(|media_type| media_type.trim().eq_ignore_ascii_case("application/json"))
}

/// A tab of its own goes there: or something that is no browser and says nothing.
fn is_navigation(request: &Request) -> bool {
    says(request, "sec-fetch-mode", &["navigate"]) && says(request, "sec-fetch-dest", &["document"])
}

/// Whether a field has none but these values. One that is absent says nothing against the request.
fn says(request: &Request, field: &str, allowed: &[&str]) -> bool {
    request.headers.all(field).all(|value| allowed.contains(&value))
}

/// Same scheme, name and port as the request was sent to. Other loopback ports are other people's.
fn is_own_origin(request: &Request, origin: &str) -> bool {
    let host = request.headers.one("host").unwrap_or_default();
    origin.eq_ignore_ascii_case(&format!("http://{host}"))
}

#[cfg(test)]
mod tests;
