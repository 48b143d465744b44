//! `key rotate`, and what is said of keys that take the place of others.

use assembly::clock;
use desk::CallError;
use desk::calls::{Expiry as End, KeyRotate, KeyView, Outlook, ReplacedView, RotatedView};
use domain::{FirstUse, KeyId, StopOld};
use owo_colors::OwoColorize;

use crate::args::Old;
use crate::commands::Context;
use crate::expiry::Expiry;
use crate::output::{safe, safe_list, when};

pub(super) async fn rotate(
    context: &Context,
    id: KeyId,
    old: Old,
    expires: Option<Expiry>,
) -> Result<(), CallError> {
    let expires = expires.map(|expiry| expiry.from(clock::now()).map_or(End::Never, End::At));
    let rotated = context.call(KeyRotate { id, old: old.into(), expires }).await?;
    context.show(&rotated, rotated_in_words)
}

fn rotated_in_words(rotated: &RotatedView) -> String {
    let may =
        if rotated.permissions.is_empty() { "nothing".to_owned() } else { safe_list(&rotated.permissions) };
    let mut lines = vec![
        rotated.api_key.expose().bold().to_string(),
        String::new(),
        format!("Key {} is made. It may: {may}", rotated.id),
    ];
    lines.extend(rotated.receipt.keys.iter().map(|key| match rotated.receipt.stop {
        StopOld::Now => format!("The old key {} is refused from now on.", key.old.id),
        StopOld::FirstUse => format!("The old key {} stops when the new one is first used.", key.old.id),
        StopOld::InADay => {
            let end = key.old.expires.map(when::exact).unwrap_or_default();
            format!("The old key {} stops {end}.", key.old.id)
        }
    }));
    lines.join("\n")
}

/// A line of `key show`: when a key was first used, and by which program.
pub(super) fn first_used(first: &FirstUse) -> String {
    let by =
        first.by.as_ref().map(|program| format!(" by {}", safe(&program.to_string()))).unwrap_or_default();
    format!("First used   {}{by}", when::exact(first.at))
}

/// A line of `key show`: what takes the place of a key, and what becomes of it.
pub(super) fn replaced(replaced: &ReplacedView, key: &KeyView) -> String {
    let by = replaced.by.as_ref().map_or("the next key of its application", KeyId::as_str);
    let outlook = match replaced.outlook {
        Outlook::Stopped => "it has stopped".to_owned(),
        Outlook::InADay => match key.expires {
            Some(end) => format!("it stops {}", when::exact(end)),
            None => "it goes on: its end was taken away since".to_owned(),
        },
        Outlook::WaitsForUse => "it stops when that is first used".to_owned(),
        Outlook::WaitsForKey => "it stops when that is granted and first used".to_owned(),
        Outlook::Stays => "that has ended unused, so this one goes on".to_owned(),
    };
    format!("Replaced     by {by}: {outlook}")
}

impl From<Old> for StopOld {
    fn from(old: Old) -> Self {
        match old {
            Old::Now => Self::Now,
            Old::FirstUse => Self::FirstUse,
            Old::InADay => Self::InADay,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::args::{Args, Command, Key};

    fn typed(line: &str) -> Option<Old> {
        let words = ["fieldgatectl", "key", "rotate", "akid_1"].into_iter().chain(line.split_whitespace());
        let Command::Key(Key::Rotate { old, .. }) = Args::try_parse_from(words).ok()?.command else {
            return None;
        };
        Some(old)
    }

    #[test]
    fn an_old_key_stops_with_the_first_use_of_the_new_one_unless_said() {
        assert_eq!(typed(""), Some(Old::FirstUse));
        for (word, old) in [("now", Old::Now), ("first-use", Old::FirstUse), ("in-a-day", Old::InADay)] {
            assert_eq!(typed(&format!("--old {word}")), Some(old));
        }
        assert_eq!(typed("--old later"), None);
    }
}
