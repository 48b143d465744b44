//! What is answered.

use maud::{Markup, html};

use super::fields;
use super::prose::inline;
use crate::description::{Answer, Description, Json, Operation, Schema};

/// Statuses, what they mean, and what their bodies hold.
pub(super) fn table(answers: &[(&str, &Answer)]) -> Markup {
    html! {
        table .answers {
            thead { tr { th scope="col" { "Status" } th scope="col" { "Meaning" } th scope="col" { "Body" } } }
            tbody {
                @for (status, answer) in answers {
                    tr {
                        th scope="row" { (status) }
                        td { (inline(&answer.description)) }
                        td { (bodies(answer)) }
                    }
                }
            }
        }
    }
}

/// What programs get. That browsers get a page instead is said once for all.
fn bodies(answer: &Answer) -> Markup {
    let json: Vec<_> = answer.content.iter().filter(|(media_type, _)| media_type.ends_with("json")).collect();
    html! {
        @match (json.as_slice(), answer.content.keys().next().map(String::as_str)) {
            ([], None) => { span .quiet { "no body" } }
            ([], Some("text/html")) => { "a page" }
            ([], Some(_)) => { "text" }
            (json, _) => { @for (_, content) in json { (body(&content.schema)) } }
        }
    }
}

/// An error is known by its code, everything else by its name.
fn body(schema: &Schema) -> Markup {
    let code = schema.properties.get("code").filter(|_| schema.name().is_none());
    fields::kind(code.unwrap_or(schema))
}

/// What a call that succeeds answers.
pub(super) fn examples(described: &Description, operation: &Operation) -> Markup {
    let good = operation.responses.iter().filter(|(status, _)| status.starts_with('2'));
    let contents = good
        .filter_map(|(_, answer)| described.answer(answer))
        .flat_map(|answer| answer.content.get("application/json"));
    html! {
        @for example in contents.filter_map(|content| content.example()) {
            pre tabindex="0" { code { (pretty(example)) } }
        }
    }
}

fn pretty(json: &Json) -> String {
    serde_json::to_string_pretty(json).unwrap_or_default()
}
