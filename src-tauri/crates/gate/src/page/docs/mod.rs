//! The description as a page, for whoever writes an app.

mod answer;
mod curl;
mod fields;
mod operation;
mod prose;

#[cfg(test)]
mod tests;

use maud::{Markup, html};

use super::{
    frame::{Page, render},
    refusal,
};
use crate::{
    answer::FAILED,
    description::{self, Description},
    http::{Request, Response},
};
use prose::{inline, prose};

/// The page. Its examples name the address it was asked at.
pub(crate) fn docs(request: &Request) -> Response {
    let host = request.headers.one("host").unwrap_or_default();
    match description::read() {
        Ok(described) => page(&described, &format!("http://{host}")),
        Err(error) => {
            tracing::error!(%error, "the description cannot be read");
            refusal(FAILED.status, FAILED.title, &FAILED.message)
        }
    }
}

fn page(described: &Description, base: &str) -> Response {
    render(
        200,
        &Page {
            title: "API",
            head: None,
            body: html! {
                div .columns {
                    (contents(described))
                    main {
                        (introduction(described))
                        (groups(described, base))
                        (errors(described))
                        (bodies(described))
                        (differences(described))
                    }
                }
            },
            style: include_str!("docs.css"),
            script: None,
            posts: false,
            connects: false,
        },
    )
}

fn contents(described: &Description) -> Markup {
    html! {
        nav aria-label="Contents" {
            ul {
                li { a href="#signing-in" { "Signing in" } }
                @for tag in &described.tags {
                    li {
                        a href={ "#" (anchor(&tag.name)) } { (tag.name) }
                        ul {
                            @for (_, _, operation) in described.group(&tag.name) {
                                li { a href={ "#" (operation.operation_id) } { (operation.summary) } }
                            }
                        }
                    }
                }
                li { a href="#errors" { "Errors anywhere" } }
                li { a href="#bodies" { "Bodies" } }
                li { a href="#differences" { "Differences from BTCPay Server" } }
            }
        }
    }
}

fn introduction(described: &Description) -> Markup {
    let info = &described.info;
    html! {
        h1 { "The API of " (info.title) }
        p .quiet {
            (info.title) " " (info.version) ", Greenfield as in BTCPay Server " (info.level) ". As "
            a href="/swagger/v1/swagger.json" { "OpenAPI 3.1" } "."
        }
        (prose(&info.description))
        section #signing-in aria-labelledby="signing-in-title" {
            h2 #signing-in-title { "Signing in" }
            p { "The header " code { "Authorization" } " says who calls:" }
            dl {
                @for (name, scheme) in &described.components.security_schemes {
                    div { dt { (operation::scheme(name)) } dd { (inline(&scheme.description)) } }
                }
            }
            p { "In the examples, " code { "$KEY" } " is a key’s token." }
        }
    }
}

fn groups(described: &Description, base: &str) -> Markup {
    html! {
        @for tag in &described.tags {
            section aria-labelledby=(anchor(&tag.name)) {
                h2 #(anchor(&tag.name)) { (tag.name) }
                p { (inline(&tag.description)) }
                @for (path, method, operation) in described.group(&tag.name) {
                    (operation::section(described, base, path, &method, operation))
                }
            }
        }
    }
}

fn errors(described: &Description) -> Markup {
    html! {
        section aria-labelledby="errors" {
            h2 #errors { "Errors anywhere" }
            p {
                "Beside its own answers, every endpoint can give these; 401 and 429 where credentials are needed. "
                "Where " code { "Accept" } " has " code { "text/html" } ", most come as a page."
            }
            (answer::table(&described.common()))
        }
    }
}

fn bodies(described: &Description) -> Markup {
    html! {
        section aria-labelledby="bodies" {
            h2 #bodies { "Bodies" }
            @for (name, schema) in &described.components.schemas {
                section .body aria-labelledby={ "body-" (name) } {
                    h3 #{ "body-" (name) } { (name) }
                    (fields::whole(schema))
                }
            }
        }
    }
}

fn differences(described: &Description) -> Markup {
    html! {
        section aria-labelledby="differences" {
            h2 #differences { "Differences from BTCPay Server" }
            p { "Each of them on purpose, measured against version " (described.info.level) "." }
            table .wide {
                thead { tr { th scope="col" { "BTCPay Server" } th scope="col" { "Fieldgate" } } }
                tbody {
                    @for difference in &described.info.differences {
                        tr {
                            td data-of="BTCPay Server" { (inline(&difference.there)) }
                            td data-of="Fieldgate" { (inline(&difference.here)) }
                        }
                    }
                }
            }
        }
    }
}

/// A group's name as the end of an address.
fn anchor(name: &str) -> String {
    name.to_ascii_lowercase().replace(' ', "-")
}
