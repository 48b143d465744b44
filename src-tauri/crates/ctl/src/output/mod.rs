//! What is printed: one JSON document for programs, tables and sentences for people.

mod table;
pub(crate) mod when;

use std::io::{self, Write};

use desk::{CallError, Code};
use domain::ClaimedText;
use owo_colors::OwoColorize;
use serde::Serialize;

pub(crate) use table::Table;

/// Prints `value` as one line of JSON, or what `words` makes of it.
///
/// # Errors
/// `failed` when stdout takes nothing; a reader that has gone is none.
pub(crate) fn show<T: Serialize>(
    json: bool,
    value: &T,
    words: impl FnOnce(&T) -> String,
) -> Result<(), CallError> {
    let text = if json {
        serde_json::to_string(value).map_err(|error| CallError::new(Code::Failed, error.to_string()))?
    } else {
        words(value)
    };
    line(&text)
}

/// Prints a text and ends its line. Colours are left out where they would not be seen.
///
/// # Errors
/// As [`show`].
pub(crate) fn line(text: &str) -> Result<(), CallError> {
    let mut stdout = anstream::stdout().lock();
    match writeln!(stdout, "{}", text.trim_end()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(CallError::new(Code::Failed, format!("nothing can be printed: {error}")))
        }
        _ => Ok(()),
    }
}

/// Prints an error to stderr: as JSON, or as a sentence and what to do about it.
pub(crate) fn error(error: &CallError, json: bool) {
    let text = match serde_json::to_string(error) {
        Ok(text) if json => text,
        _ => in_words(error),
    };
    // Where even stderr is gone there is nobody left to tell.
    let _ = writeln!(anstream::stderr(), "{text}");
}

fn in_words(error: &CallError) -> String {
    let mut text = format!("{} {}", "error:".red().bold(), safe(&error.message));
    if let Some(hint) = hint(error.code) {
        text.push_str("\n  ");
        text.push_str(hint);
    }
    text
}

/// What to type next.
fn hint(code: Code) -> Option<&'static str> {
    match code {
        Code::NotRunning => Some("start it: fieldgatectl serve"),
        Code::NotInitialised => Some("make one: fieldgatectl init --admin you@example.com"),
        Code::ChoiceNeeded => Some("say --existing to hand that key over, or --new to make another"),
        Code::StoreNeeded => Some("say which with --store; fieldgatectl store list names them"),
        Code::PortTaken => Some("end that program, or choose another port with --port"),
        Code::OnlyAdmin => Some("make another one first: fieldgatectl user create EMAIL --admin"),
        Code::NobodyListens => Some("start the application, then try again"),
        Code::ReceiverChanged => Some("deliver --new-receiver sends it there all the same"),
        Code::WrongNumber => Some("type the number that the application's page or answer shows"),
        Code::Invalid
        | Code::NotFound
        | Code::AlreadyExists
        | Code::PassphraseNeeded
        | Code::WrongPassphrase
        | Code::TooMany
        | Code::Locked
        | Code::NotPending
        | Code::AlreadyRunning
        | Code::AlreadyInitialised
        | Code::VersionMismatch
        | Code::VaultDamaged
        | Code::NewerFile
        | Code::DiskFull
        | Code::Failed => None,
    }
}

/// Text of somebody else made safe for a terminal: one line, nothing invisible, no escape sequence, at most 200
/// characters.
pub(crate) fn safe(text: &str) -> String {
    ClaimedText::new(text).map(|text| text.as_str().to_owned()).unwrap_or_default()
}

/// Several such texts, parted by commas.
pub(crate) fn safe_list<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> String {
    texts.into_iter().map(|text| safe(text.as_ref())).collect::<Vec<_>>().join(", ")
}

/// `1 request waits`, `2 requests wait`.
pub(crate) fn count(number: u64, one: &str, more: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {more}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_as_json_has_code_and_message_and_a_field_only_where_one_is_at_fault() {
        let plain = CallError::new(Code::NotRunning, "nothing runs");
        assert_eq!(
            serde_json::to_string(&plain).unwrap(),
            r#"{"code":"not-running","message":"nothing runs"}"#
        );
        let of = CallError::invalid("user", "no such user");
        assert_eq!(serde_json::to_value(&of).unwrap()["field"], "user");
    }

    #[test]
    fn a_name_cannot_move_the_cursor_or_turn_the_line_around() {
        let shown = safe("Till\u{1b}[2J\u{202e}evil\nsecond line\u{9b}31m");
        assert!(!shown.chars().any(|c| c.is_control() || c == '\u{202e}'), "{shown:?}");
        assert!(shown.starts_with("Till"));
    }

    #[test]
    fn what_can_be_mended_by_typing_something_says_what() {
        for code in [Code::NotRunning, Code::NotInitialised, Code::ChoiceNeeded, Code::StoreNeeded] {
            assert!(hint(code).is_some(), "{code:?}");
        }
    }
}
