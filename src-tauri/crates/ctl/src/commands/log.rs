//! `log`, `log --verify` and `log --export`.

use std::path::Path;
use std::process::ExitCode;

use desk::calls::{Log, LogEntry, LogExport, LogVerdict, LogVerify};
use desk::{CallError, Code};
use domain::Actor;

use super::Context;
use crate::output::{self, Table, count, safe, when};

/// How many entries one call brings.
const PAGE: u32 = 1000;

pub(super) async fn list(context: &Context) -> Result<(), CallError> {
    let mut host = context.host().await?;
    let mut entries: Vec<LogEntry> = Vec::new();
    loop {
        let before = entries.last().map(|oldest| oldest.seq);
        let page = host.call(Log { before, limit: PAGE }).await?;
        if page.is_empty() {
            break;
        }
        entries.extend(page);
    }
    context.show(&entries, |entries| table(entries))
}

/// Newest last: that is where a reader's eyes are when the list has gone by.
fn table(entries: &[LogEntry]) -> String {
    let mut table = Table::new(&["#", "WHEN", "WHO", "WHAT", "TO", "MORE"]);
    for entry in entries.iter().rev() {
        table.row(&[
            entry.seq.to_string(),
            when::exact(entry.at),
            who(&entry.actor),
            what(entry),
            entry.subject.clone(),
            entry.detail.clone(),
        ]);
    }
    table.or("The log is empty.")
}

fn who(actor: &Actor) -> String {
    match actor {
        Actor::Window => "window".to_owned(),
        Actor::CommandLine => "command line".to_owned(),
        Actor::Key { id } => format!("key {id}"),
        Actor::Basic { user } => format!("user {user}"),
        Actor::Asker => "application".to_owned(),
        Actor::Fieldgate => "Fieldgate".to_owned(),
    }
}

/// The action's own name, in words.
fn what(entry: &LogEntry) -> String {
    let name = serde_json::to_value(entry.action).ok();
    name.as_ref().and_then(|name| name.as_str()).unwrap_or_default().replace('-', " ")
}

/// Prints the verdict; faults are also an error.
pub(super) async fn verify(context: &Context) -> Result<ExitCode, CallError> {
    let verdict = context.call(LogVerify {}).await?;
    context.show(&verdict, in_words)?;
    if verdict.faults.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    let found = count(verdict.faults.len() as u64, "fault was", "faults were");
    output::error(&CallError::new(Code::VaultDamaged, format!("{found} found in the log")), context.json);
    Ok(ExitCode::FAILURE)
}

/// Writes it all into a file, which is named from here; whoever runs the desk writes it.
pub(super) async fn export(context: &Context, file: &Path) -> Result<(), CallError> {
    let absolute = std::path::absolute(file)
        .map_err(|error| CallError::invalid("path", format!("{}: {error}", file.display())))?;
    let path = absolute.to_str().ok_or_else(|| CallError::invalid("path", "the path is no text"))?.to_owned();
    let done = context.call(LogExport { path }).await?;
    context.show(&done, |done| {
        format!("{} written to {}", count(done.entries, "entry", "entries"), safe(&done.path))
    })
}

fn in_words(verdict: &LogVerdict) -> String {
    let unsealed = match verdict.not_yet_sealed {
        0 => String::new(),
        number => format!(", {number} of them not yet sealed"),
    };
    let entries = count(verdict.entries, "entry", "entries");
    if verdict.faults.is_empty() {
        return format!("The log is whole: {entries}{unsealed}.");
    }
    let faults = verdict.faults.iter().map(|fault| format!("  {}", safe(fault)));
    let head = format!("The log was changed. {entries}{unsealed}:");
    std::iter::once(head).chain(faults).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use domain::{Action, Timestamp};

    use super::*;

    fn entry(seq: u64) -> LogEntry {
        LogEntry {
            seq,
            at: Timestamp(0),
            actor: Actor::Fieldgate,
            action: Action::KeyCreated,
            subject: format!("subject{seq}"),
            detail: String::new(),
        }
    }

    #[test]
    fn people_read_the_newest_entry_last() {
        let text = table(&[entry(2), entry(1)]);
        assert!(text.find("subject1") < text.find("subject2"), "{text}");
        assert!(text.contains("key created"));
    }

    #[test]
    fn a_verdict_names_every_fault_and_what_is_not_yet_sealed() {
        let whole = LogVerdict { entries: 3, not_yet_sealed: 1, faults: vec![] };
        assert_eq!(in_words(&whole), "The log is whole: 3 entries, 1 of them not yet sealed.");
        let faults = vec!["entry 2 was edited".to_owned(), "entry 3 is missing".to_owned()];
        let text = in_words(&LogVerdict { entries: 3, not_yet_sealed: 0, faults });
        assert!(text.contains("entry 2 was edited") && text.contains("entry 3 is missing"), "{text}");
    }
}
