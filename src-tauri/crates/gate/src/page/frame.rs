//! What all pages have in common: the frame around them, and what they are allowed to do.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::{authorize::random_hex, http::Response};

const STYLE: &str = include_str!("style.css");

/// One page, not yet framed.
pub(super) struct Page<'a> {
    pub(super) title: &'a str,
    /// Stands in the head, beside title and style.
    pub(super) head: Option<Markup>,
    pub(super) body: Markup,
    /// What it looks like beyond what all pages do.
    pub(super) style: &'static str,
    pub(super) script: Option<&'static str>,
    /// Whether the page may post a form. To anywhere: chromium applies `form-action` to the receiver's own
    /// redirects, too.
    pub(super) posts: bool,
    /// Whether its script may ask the gate.
    pub(super) connects: bool,
}

impl<'a> Page<'a> {
    /// A page that says something, and does nothing.
    pub(super) fn plain(title: &'a str, body: Markup) -> Self {
        let body = html! {
            main { h1 { (title) } (body) }
        };
        Self { title, head: None, body, style: "", script: None, posts: false, connects: false }
    }

    fn policy(&self, nonce: &str) -> String {
        let mut policy =
            format!("default-src 'none'; base-uri 'none'; frame-ancestors 'none'; style-src 'nonce-{nonce}'");
        if self.script.is_some() {
            policy.push_str(&format!("; script-src 'nonce-{nonce}'"));
        }
        if self.connects {
            policy.push_str("; connect-src 'self'");
        }
        if !self.posts {
            policy.push_str("; form-action 'none'");
        }
        policy
    }

    fn framed(&self, nonce: &str) -> Markup {
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="robots" content="noindex";
                    title { (self.title) }
                    @if let Some(head) = &self.head { (head) }
                    style nonce=(nonce) { (PreEscaped(STYLE)) (PreEscaped(self.style)) }
                }
                body {
                    header { (mark()) span { "Fieldgate" } }
                    (self.body)
                    @if let Some(script) = self.script { script nonce=(nonce) { (PreEscaped(script)) } }
                }
            }
        }
    }
}

/// The answer with this page. Style and script run because they carry a nonce of 128 random bits.
pub(super) fn render(status: u16, page: &Page<'_>) -> Response {
    let Some(nonce) = random_hex() else {
        return Response::text(500, "the system gives no randomness\n");
    };
    let policy = page.policy(&nonce);
    Response::html(status, page.framed(&nonce).into_string()).with("Content-Security-Policy", policy)
}

/// A gate in a field.
fn mark() -> Markup {
    html! {
        svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false" {
            path d="M4 20V6m16 14V6M4 9h16M4 13h16M4 17h16M4 17 20 9" fill="none" stroke="currentColor"
                stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" {}
        }
    }
}
