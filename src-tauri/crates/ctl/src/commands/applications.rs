//! One application in words. What it says of itself is marked as its own.

use desk::calls::{AppDetailView, KeyState, SeenProgram};
use domain::{Program, Timestamp};

use super::people::{identity, standing};
use crate::output::{safe, safe_list, when};

/// `app show`: what it is recognised by, the note, who asked, and what it holds.
pub(super) fn detail(shown: &AppDetailView, now: Timestamp) -> String {
    let app = &shown.app;
    let mut lines = vec![
        format!("Application   {}, {}", identity(&app.identity), standing(app.standing)),
        format!(
            "Its own words {}",
            if app.names.is_empty() { "none".to_owned() } else { safe_list(&app.names) }
        ),
    ];
    lines.extend(
        shown.note.iter().flat_map(|note| note.lines()).map(|line| format!("Note          {}", safe(line))),
    );
    lines.extend(shown.programs.iter().map(|one| format!("Asked by      {}", seen(one, now))));
    lines.extend(shown.elsewhere.iter().map(|other| format!("Also          {}", identity(&other.identity))));
    let live = shown.keys.iter().filter(|key| key.state == KeyState::Live);
    lines.extend(
        live.map(|key| format!("Key           {} {}, {}", key.id, safe(&key.label), safe(&key.email))),
    );
    let granted = shown.requests.iter().filter(|request| request.grant.is_some()).count();
    lines.push(format!("Requests      {} lately, {granted} granted", shown.requests.len()));
    lines.join("\n")
}

fn seen(one: &SeenProgram, now: Timestamp) -> String {
    let program = one.program.as_ref().and_then(Program::identity);
    let name = program.map_or_else(|| "an unknown program".to_owned(), |program| safe(&program.to_string()));
    let served = if one.served { "" } else { ", never granted a key" };
    format!("{name}, {}{served}", when::ago(one.last, now))
}

#[cfg(test)]
mod tests {
    use desk::calls::AppView;
    use domain::{ApplicationIdentity, Mode, Standing};

    use super::*;

    #[test]
    fn a_note_and_a_program_that_was_never_served_are_said_without_control_characters() {
        let program = Program {
            pid: 1,
            exe: Some("/usr/bin/\u{1b}[31mtill".to_owned()),
            script: None,
            uid: 0,
            user: None,
            started: None,
            parent: None,
            terminal: None,
        };
        let shown = AppDetailView {
            app: AppView {
                id: "app_1".to_owned(),
                identity: ApplicationIdentity::Unknown,
                names: vec![],
                standing: Standing::Known,
                keys: 0,
                first_seen: Timestamp(0),
                last_seen: Timestamp(0),
            },
            note: Some("Ben's\nask him".to_owned()),
            programs: vec![SeenProgram {
                program: Some(program),
                mode: Mode::Program,
                last: Timestamp(0),
                served: false,
            }],
            elsewhere: vec![],
            keys: vec![],
            requests: vec![],
        };
        let text = detail(&shown, Timestamp(0));
        assert!(text.contains("Note          Ben's\nNote          ask him"), "{text}");
        assert!(text.contains("never granted a key") && !text.contains('\u{1b}'), "{text}");
    }
}
