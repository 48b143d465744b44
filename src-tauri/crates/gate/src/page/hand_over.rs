//! The page that posts the key to the application. With the program's poll the only place that writes one to an
//! asker.

use domain::{AuthorizeRequest, Collected};
use maud::{Markup, html};

use super::{
    frame::{Page, render},
    sentence::receiver,
};
use crate::http::Response;

/// A form that sends itself to the redirect, byte for byte as it was asked, with exactly the named fields: `apiKey`,
/// `userId`, one `permissions[]` per permission, and `state` if the application sent one.
pub(crate) fn hand_over(request: &AuthorizeRequest, collected: &Collected) -> Response {
    let Some(redirect) = request.redirect() else { return Response::new(500) };
    render(
        200,
        &Page {
            title: "Approved",
            head: None,
            body: html! {
                main {
                    h1 { "Approved" }
                    p role="status" { "Your browser now takes the key to " (receiver(redirect)) "." }
                    (form(redirect.as_sent(), request.state(), collected))
                    p .quiet { "Nothing happens? Press the button. This page works for two minutes." }
                }
            },
            style: "",
            script: Some(include_str!("hand_over.js")),
            posts: true,
            connects: false,
        },
    )
}

fn form(action: &str, state: Option<&str>, collected: &Collected) -> Markup {
    html! {
        form #hand-over method="post" action=(action) {
            input type="hidden" name="apiKey" value=(collected.secret.expose());
            input type="hidden" name="userId" value=(collected.user);
            @for permission in &collected.permissions {
                input type="hidden" name="permissions[]" value=(permission);
            }
            @if let Some(state) = state { input type="hidden" name="state" value=(state); }
            button .button type="submit" { "Send the key" }
        }
    }
}
