//! What bodies and parameters hold.

use maud::{Markup, html};

use super::prose::{inline, prose};
use crate::description::{Description, Schema};

/// A body's fields, those of the schema it names.
pub(super) fn of(described: &Description, schema: &Schema) -> Markup {
    let named = schema.name().and_then(|name| described.components.schemas.get(name));
    whole(named.unwrap_or(schema))
}

/// A schema with everything it says.
pub(super) fn whole(schema: &Schema) -> Markup {
    html! {
        @if let Some(description) = &schema.description { (prose(description)) }
        @if schema.properties.is_empty() {
            p { (kind(schema)) " " span .quiet { (rule(schema)) } }
        } @else {
            (table(schema))
        }
    }
}

/// One row for each property. Where their names say it all, no column is kept for their meaning.
fn table(schema: &Schema) -> Markup {
    let explained =
        schema.properties.values().any(|field| field.description.is_some() || !rule(field).is_empty());
    html! {
        table .fields {
            thead {
                tr {
                    th scope="col" { "Field" }
                    th scope="col" { "Type" }
                    @if explained { th scope="col" { "Meaning" } }
                }
            }
            tbody {
                @for (name, field) in &schema.properties {
                    tr {
                        th scope="row" {
                            code { (name) }
                            @if !schema.requires(name) { " " span .quiet { "optional" } }
                        }
                        td { (kind(field)) }
                        @if explained { td { (meaning(field)) } }
                    }
                }
            }
        }
    }
}

fn meaning(field: &Schema) -> Markup {
    html! {
        @if let Some(description) = &field.description { (inline(description)) " " }
        span .quiet { (rule(field)) }
    }
}

/// What kind of value it is.
pub(super) fn kind(schema: &Schema) -> Markup {
    html! {
        @if let Some(name) = schema.name() {
            a href={ "#body-" (name) } { (name) }
        } @else if !schema.one_of.is_empty() {
            @for (nth, one) in schema.one_of.iter().enumerate() {
                @if nth > 0 { " or " } (kind(one))
            }
        } @else if let Some(fixed) = &schema.fixed {
            code { (fixed.plain()) }
        } @else if !schema.choices.is_empty() {
            @for (nth, choice) in schema.choices.iter().enumerate() {
                @if nth > 0 { ", " } code { (choice.plain()) }
            }
        } @else if schema.kinds().is_empty() {
            "anything"
        } @else {
            @for (nth, kind) in schema.kinds().iter().enumerate() {
                @if nth > 0 { " or " } (word(kind))
                @if *kind == "array" { @if let Some(items) = &schema.items { " of " (self::kind(items)) } }
            }
        }
    }
}

fn word(kind: &str) -> &str {
    match kind {
        "string" => "text",
        "boolean" => "true or false",
        "array" => "list",
        other => other,
    }
}

/// Its limits, as a sentence.
pub(super) fn rule(schema: &Schema) -> String {
    let mut rules = Vec::new();
    if let Some(default) = &schema.default {
        rules.push(format!("default {default}"));
    }
    if let Some(format) = &schema.format {
        rules.push(format!("as {format}"));
    }
    match (&schema.minimum, &schema.maximum) {
        (Some(least), Some(most)) => rules.push(format!("{least} to {most}")),
        (Some(least), None) => rules.push(format!("at least {least}")),
        (None, Some(most)) => rules.push(format!("at most {most}")),
        (None, None) => {}
    }
    match (schema.min_length, schema.max_length) {
        (Some(least), Some(most)) => rules.push(format!("{least} to {most} characters")),
        (Some(2..), None) => {
            rules.push(format!("at least {} characters", schema.min_length.unwrap_or_default()))
        }
        (Some(_), None) => rules.push("not empty".to_owned()),
        (None, Some(most)) => rules.push(format!("at most {most} characters")),
        (None, None) => {}
    }
    if let Some(most) = schema.max_items {
        rules.push(format!("at most {most}"));
    }
    if rules.is_empty() { String::new() } else { format!("({})", rules.join(", ")) }
}
