//! One operation.

use maud::{Markup, html};

use super::{
    answer, curl, fields,
    prose::{inline, prose},
};
use crate::description::{Description, Operation, Parameter};

pub(super) fn section(
    described: &Description,
    base: &str,
    path: &str,
    method: &str,
    operation: &Operation,
) -> Markup {
    let id = &operation.operation_id;
    let parameters: Vec<_> =
        operation.parameters.iter().filter_map(|parameter| described.parameter(parameter)).collect();
    html! {
        section .operation aria-labelledby=(id) {
            h3 #(id) { (operation.summary) }
            p .endpoint { span .method .(method.to_ascii_lowercase()) { (method) } " " code { (path) } }
            (prose(&operation.description))
            dl {
                div { dt { "Needs" } dd { (needs(operation)) } }
                div { dt { "Operation" } dd { code { (id) } } }
            }
            @if !parameters.is_empty() { h4 { "Parameters" } (parameter_table(&parameters)) }
            @if let Some(body) = &operation.request_body {
                h4 { "Body" }
                @for content in body.content.values() { (fields::of(described, &content.schema)) }
            }
            h4 { "Example" }
            pre tabindex="0" { code { (curl::example(base, path, method, operation, &parameters)) } }
            h4 { "Answers" }
            (answer::table(&own_answers(described, operation)))
            (answer::examples(described, operation))
        }
    }
}

/// What a caller has to show.
fn needs(operation: &Operation) -> Markup {
    let ways: Vec<_> = operation.security.iter().flatten().collect();
    html! {
        @if ways.is_empty() { "Nothing: it is open to anybody." }
        @for (nth, (name, policies)) in ways.iter().enumerate() {
            @if nth > 0 { ", or " }
            (scheme(name))
            @for policy in *policies { " with " code { (policy) } }
        }
    }
}

/// What a way to sign in is called here.
pub(super) fn scheme(name: &str) -> &str {
    match name {
        "ApiKey" => "API key",
        "Basic" => "Password (Basic)",
        other => other,
    }
}

fn parameter_table(parameters: &[&Parameter]) -> Markup {
    html! {
        table {
            thead { tr { th scope="col" { "Name" } th scope="col" { "Meaning" } } }
            tbody {
                @for parameter in parameters {
                    tr {
                        th scope="row" {
                            code { (parameter.name) }
                            " "
                            span .quiet { (parameter.place) @if !parameter.required { ", optional" } }
                        }
                        td { (inline(&parameter.description)) " " span .quiet { (fields::rule(&parameter.schema)) } }
                    }
                }
            }
        }
    }
}

fn own_answers<'own>(
    described: &'own Description,
    operation: &'own Operation,
) -> Vec<(&'own str, &'own crate::description::Answer)> {
    let answers = operation.responses.iter();
    let found = answers.filter_map(|(status, answer)| Some((status.as_str(), described.answer(answer)?)));
    found.filter(|(_, answer)| !answer.common).collect()
}
