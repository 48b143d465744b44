//! What happened, when there is nothing more to wait for and nothing to hand over.

use domain::{AuthorizeRequest, Redirect, RequestStatus};
use maud::{Markup, html};

use super::{
    frame::{Page, render},
    sentence::receiver,
};
use crate::http::Response;

/// A request that is over, or whose key is on its way.
pub(crate) struct Ended<'a> {
    pub(crate) request: &'a AuthorizeRequest,
    pub(crate) status: RequestStatus,
    /// Whether the admin had ticked this application as known when it asked.
    pub(crate) known: bool,
}

/// A page that says what happened, and whether anything was sent.
pub(crate) fn ended(ended: &Ended<'_>) -> Response {
    let (title, body) = told(ended);
    let body = html! { p role="status" { (body) } (afterwards(ended)) };
    let posts = answerable(ended).is_some();
    render(200, &Page { posts, ..Page::plain(title, body) })
}

/// Approved, and nobody would take what this page posts: it works again once the app is there.
pub(crate) fn nobody_listens(origin: &str) -> Response {
    let body = html! {
        p role="status" { "Nothing listens at " strong .address { (origin) } " now, so the key stays in Fieldgate." }
        p .quiet { "Start the app, then reload this page." }
    };
    render(200, &Page::plain("Approved, not sent yet", body))
}

/// Approved, and another program would take what this page posts than the one that was decided on.
pub(crate) fn withheld(why: &str) -> Response {
    let body = html! {
        p role="status" { "The key stays in Fieldgate: " (why) "." }
        p .quiet { "If that is as it should be, send the key again from Fieldgate, to this very page." }
    };
    render(200, &Page::plain("Approved, not sent", body))
}

fn told(ended: &Ended<'_>) -> (&'static str, &'static str) {
    let shown = ended.request.redirect().is_none();
    match ended.status {
        RequestStatus::Pending => ("Waiting for you in Fieldgate", "Reload this page to see the number."),
        RequestStatus::Approved | RequestStatus::Delivered if shown => {
            approved_without_redirect(ended.request)
        }
        RequestStatus::Approved => ("Approved", "The key is on its way."),
        RequestStatus::Delivered => ("Approved and sent", "The app has its key. You can close this tab."),
        RequestStatus::Undelivered => (
            "Approved, not sent",
            "The key has not gone out. It can be sent again from Fieldgate, to this very page.",
        ),
        RequestStatus::Refused => {
            ("Refused", "The request was refused in Fieldgate. Nothing was sent to the app.")
        }
        RequestStatus::Expired => {
            ("Nobody answered", "The request ended by itself. Nothing was sent to the app.")
        }
        RequestStatus::Withdrawn => (
            "Withdrawn",
            "This page was not heard of for a while, so the request was taken back. Nothing was sent to the app.",
        ),
        RequestStatus::Superseded => (
            "Asked again elsewhere",
            "The same request was made more than once, and another one was decided. Nothing is sent from here.",
        ),
        RequestStatus::Closed => {
            ("Fieldgate was closed", "Nothing was sent to the app. Start Fieldgate, then ask again.")
        }
    }
}

fn approved_without_redirect(request: &AuthorizeRequest) -> (&'static str, &'static str) {
    if request.asked_nothing() {
        return ("Confirmed in Fieldgate", "You can close this tab.");
    }
    ("Approved", "The key is shown in Fieldgate. You can close this tab.")
}

fn afterwards(ended: &Ended<'_>) -> Markup {
    html! {
        @if let Some((redirect, state)) = answerable(ended) {
            form method="post" action=(redirect.as_sent()) {
                input type="hidden" name="error" value="access_denied";
                input type="hidden" name="state" value=(state);
                button .button .second type="submit" { "Tell the app, and go back to it" }
            }
            p .quiet { "It goes to " (receiver(redirect)) " and carries no key." }
        }
        @if matches!(ended.status, RequestStatus::Expired | RequestStatus::Withdrawn) {
            a .button href={ "/api-keys/authorize?" (ended.request.query().expose()) } { "Ask again" }
        }
    }
}

/// Where a refusal may be told: only to an application that is known, and that can tell its own request by its
/// `state`.
fn answerable<'a>(ended: &Ended<'a>) -> Option<(&'a Redirect, &'a str)> {
    let may_know = ended.known && ended.status == RequestStatus::Refused;
    let request = ended.request;
    may_know.then(|| request.redirect().zip(request.state())).flatten()
}
