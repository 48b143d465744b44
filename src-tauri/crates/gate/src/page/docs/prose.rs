//! The description's texts: paragraphs with an empty line between, code in backticks.

use maud::{Markup, html};

/// Paragraphs.
pub(super) fn prose(text: &str) -> Markup {
    html! { @for paragraph in text.split("\n\n") { p { (inline(paragraph)) } } }
}

/// A text within something else. Every second piece between backticks is code.
pub(super) fn inline(text: &str) -> Markup {
    html! {
        @for (nth, piece) in text.split('`').enumerate() {
            @if nth % 2 == 1 { code { (piece) } } @else { (piece) }
        }
    }
}
