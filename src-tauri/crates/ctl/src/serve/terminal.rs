//! The shell of a gate without a window: a bell and one line.

use std::io::{IsTerminal, Write};
use std::sync::Arc;

use desk::ports::{Clipboard, Notice, Shell};

/// Says on stderr that somebody waits, each time the desk would raise a window. Claimed names never get here.
pub(super) struct Terminal {
    quiet: bool,
    line: String,
}

impl Terminal {
    /// `quiet` where a program reads what is printed; `program` is what to type for `fieldgatectl`.
    pub(super) fn new(quiet: bool, program: &str) -> Self {
        Self { quiet, line: format!("a request waits: {program} requests") }
    }

    fn ring(&self, to: &mut impl Write, bell: &str) {
        if !self.quiet {
            // Nobody reads it: then nobody is there to be told.
            let _ = writeln!(to, "{bell}{}", self.line);
        }
    }
}

impl Shell for Terminal {
    fn has_window(&self) -> bool {
        false
    }

    fn raise(&self) {
        let mut stderr = std::io::stderr().lock();
        let bell = if stderr.is_terminal() { "\u{7}" } else { "" };
        self.ring(&mut stderr, bell);
    }

    fn open_in_browser(&self, _: &str) -> bool {
        false
    }

    fn clipboard(&self) -> Option<Arc<dyn Clipboard>> {
        None
    }

    fn notify(&self, notice: Notice) {
        if !self.quiet {
            // Nobody reads it: then nobody is there to be told.
            let _ = writeln!(std::io::stderr().lock(), "{notice}");
        }
    }

    fn changed(&self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rung(quiet: bool) -> String {
        let mut said = Vec::new();
        Terminal::new(quiet, "/opt/fieldgatectl").ring(&mut said, "\u{7}");
        String::from_utf8(said).unwrap()
    }

    #[test]
    fn whoever_sits_there_is_told_what_to_type() {
        assert_eq!(rung(false), "\u{7}a request waits: /opt/fieldgatectl requests\n");
    }

    #[test]
    fn a_program_that_reads_along_is_not_disturbed() {
        assert_eq!(rung(true), "");
    }
}
