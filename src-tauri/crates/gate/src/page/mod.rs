//! The pages a browser sees. Each is complete in itself: it loads nothing, and works without its script.
//!
//! What an asker says of itself is quoted and never stands in a title.

mod docs;
mod ended;
mod frame;
mod hand_over;
mod sentence;
mod waiting;

#[cfg(test)]
mod tests;

use maud::html;

use crate::{answer::NOT_FOUND, http::Response};
use frame::{Page, render};

pub(crate) use docs::docs;
pub(crate) use ended::{Ended, ended, nobody_listens, withheld};
pub(crate) use hand_over::hand_over;
pub(crate) use waiting::{WaitingPage, waiting};

/// Something is not done: a title and a sentence.
pub(crate) fn refusal(status: u16, title: &str, message: &str) -> Response {
    render(status, &Page::plain(title, html! { p { (message) } }))
}

/// Nothing is at this address.
pub(crate) fn nothing_here() -> Response {
    let body = html! {
        p { (NOT_FOUND.message) }
        p .quiet { "You write an app? " a href="/docs" { "This is what is here" } "." }
    };
    render(NOT_FOUND.status, &Page::plain(NOT_FOUND.title, body))
}

/// An authorize URL that breaks a rule. This is read by whoever writes the app.
pub(crate) fn bad_query(field: &str, message: &str) -> Response {
    let body = html! {
        p { "The link that brought you here is not one Fieldgate takes:" }
        p .problem { code { (field) } " – " (message) "." }
        p .quiet { "Nothing was asked and nothing was sent. Whoever made the app has to mend the link." }
    };
    render(400, &Page::plain("This request cannot be read", body))
}

/// Nobody knows this request, or not any more.
pub(crate) fn unknown() -> Response {
    let body = html! {
        p { "Fieldgate was restarted, or this request ended a while ago. Nothing was sent." }
        p { "Go back to the app and ask again." }
    };
    render(404, &Page::plain("Ask again", body))
}

/// The request is there, and whoever opened this is not its asker.
pub(crate) fn elsewhere() -> Response {
    let body = html! {
        p { "This request belongs to another tab, browser or program. It shows no key here." }
        p .quiet { "If you asked for a key yourself, go back to the tab where you did." }
    };
    render(403, &Page::plain("Opened elsewhere", body))
}

/// A program's poll address in a browser.
pub(crate) fn asked_by_a_program() -> Response {
    let body = html! {
        p { "A program asked for this key, and only that program gets it. There is no key for you here." }
        p .quiet { "To decide about the request, open Fieldgate." }
    };
    render(200, &Page::plain("A program waits for this", body))
}
