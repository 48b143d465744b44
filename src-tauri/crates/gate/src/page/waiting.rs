//! The page that shows the number and waits.

use std::time::Duration;

use domain::{Asking, RequestId};
use maud::{Markup, html};

use super::{
    frame::{Page, render},
    sentence,
};
use crate::http::Response;

/// What the waiting page shows.
pub(crate) struct WaitingPage<'a> {
    pub(crate) id: &'a RequestId,
    pub(crate) asking: &'a Asking,
    pub(crate) ends_in: Duration,
    /// Nobody can decide before the vault is unlocked.
    pub(crate) locked: bool,
    /// There is a window to decide in; without one it is the command line's work.
    pub(crate) window: bool,
    /// What the button that raises the window is good for, once.
    pub(crate) raise: &'a str,
}

/// Waits, by script or by refreshing itself, until the same address has something else to show.
pub(crate) fn waiting(page: &WaitingPage<'_>) -> Response {
    let title = if page.locked { "Fieldgate is locked" } else { "Waiting for you in Fieldgate" };
    render(
        200,
        &Page {
            title,
            head: Some(html! { noscript { meta http-equiv="refresh" content="3"; } }),
            body: body(page, title),
            style: "",
            script: Some(include_str!("waiting.js")),
            posts: false,
            connects: true,
        },
    )
}

fn body(page: &WaitingPage<'_>, title: &str) -> Markup {
    html! {
        main data-request=(page.id) data-raise=(page.raise) data-locked=(page.locked)
            data-ends-in=(page.ends_in.as_secs()) {
            section .task {
                h1 { (title) }
                (task(page))
                p #ends .ends role="timer" { (remaining(page.ends_in)) }
            }
            p #trouble .warning role="alert" hidden {}
            (sentence::what_is_asked(page.asking))
            footer {
                p { strong { "Did not start this?" } " Close this tab: nothing is given without you." }
                p { "Fieldgate never asks for your passphrase in a browser." }
            }
        }
    }
}

fn task(page: &WaitingPage<'_>) -> Markup {
    html! {
        p {
            @if page.locked { "Unlock it, then type this number there:" }
            @else if page.window { "Type this number there:" }
            @else { "It runs without a window. Approve in a terminal, and give this number:" }
        }
        p .number { span data-testid="number" { (page.asking.number.value()) } }
        @if page.window {
            a #open .button href={ "fieldgate://request/" (page.id) } { "Open Fieldgate" }
            p .quiet .hint { "or in a terminal: " code { (command(page)) } }
        } @else {
            pre { code { (command(page)) } }
        }
    }
}

fn command(page: &WaitingPage<'_>) -> String {
    format!("fieldgatectl approve {}", page.id)
}

fn remaining(left: Duration) -> String {
    let seconds = left.as_secs();
    format!("ends in {}:{:02}", seconds / 60, seconds % 60)
}
