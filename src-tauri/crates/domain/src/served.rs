//! What was granted to an application before, and to whom it went.

use serde::{Deserialize, Serialize};

use crate::{Asker, Program, Receiver, SentBy};

/// Who asked and who received, of one grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// The program that asked.
    pub program: Option<Program>,
    /// The page that had sent the browser.
    pub sent_by: Option<SentBy>,
    /// Who received; absent without a redirect, and of grants from before this was kept.
    pub receiver: Option<Receiver>,
}

/// What of an asking was there at some grant of its application before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Familiar {
    /// The program that asks.
    pub program: bool,
    /// The page that sent the browser; nobody needs to be known where nobody sent it.
    pub sent_by: bool,
    /// The receiver.
    pub receiver: bool,
}

impl Familiar {
    /// What was there at either of two grants.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            program: self.program || other.program,
            sent_by: self.sent_by || other.sent_by,
            receiver: self.receiver || other.receiver,
        }
    }

    /// Whether nothing about it is new.
    #[must_use]
    pub fn is_all(self) -> bool {
        self.program && self.sent_by && self.receiver
    }
}

impl Served {
    /// What of `asker` and `receiver` is as it was at this grant. A program that cannot be told is nobody's familiar.
    #[must_use]
    pub fn familiar(&self, asker: &Asker, receiver: Option<&Receiver>) -> Familiar {
        let identity = |program: &Option<Program>| program.as_ref().and_then(Program::identity);
        let program = identity(&asker.program);
        Familiar {
            program: program.is_some() && program == identity(&self.program),
            sent_by: asker.sent_by == self.sent_by,
            receiver: match (receiver, &self.receiver) {
                (None, None) => true,
                (Some(now), Some(before)) => now.is_familiar_from(before),
                (Some(_), None) | (None, Some(_)) => false,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Listener, Mode};

    fn program(exe: &str) -> Option<Program> {
        Some(Program {
            pid: 1,
            exe: Some(exe.to_owned()),
            script: None,
            uid: 1000,
            user: None,
            started: None,
            parent: None,
            terminal: None,
        })
    }

    fn receiver(exe: &str) -> Receiver {
        let listener = Some(Listener::Own { program: program(exe) });
        Receiver { origin: "http://localhost:8080".to_owned(), listener }
    }

    fn asker(exe: &str, origin: &str) -> Asker {
        let sent_by = Some(SentBy::Page { origin: origin.to_owned() });
        Asker { mode: Mode::Browser, program: program(exe), sent_by }
    }

    #[test]
    fn each_of_program_page_and_receiver_is_familiar_by_itself() {
        let before = asker("/firefox", "http://localhost:8080");
        let served = Served {
            program: before.program.clone(),
            sent_by: before.sent_by.clone(),
            receiver: Some(receiver("/apache2")),
        };
        let all = Familiar { program: true, sent_by: true, receiver: true };
        assert_eq!(served.familiar(&before, Some(&receiver("/apache2"))), all);
        let other = |asker: &Asker, exe| served.familiar(asker, Some(&receiver(exe)));
        assert_eq!(
            other(&asker("/curl", "http://localhost:8080"), "/apache2"),
            Familiar { program: false, ..all }
        );
        assert_eq!(
            other(&asker("/firefox", "https://evil.example"), "/apache2"),
            Familiar { sent_by: false, ..all }
        );
        assert_eq!(other(&before, "/nginx"), Familiar { receiver: false, ..all });
        assert!(all.is_all() && !other(&before, "/nginx").is_all());
    }

    #[test]
    fn a_receiver_that_was_not_kept_or_cannot_be_told_is_new() {
        let here = receiver("/apache2");
        let unkept = Served { program: program("/till"), sent_by: None, receiver: None };
        let asker = Asker { mode: Mode::Program, program: program("/till"), sent_by: None };
        assert!(!unkept.familiar(&asker, Some(&here)).receiver);
        assert!(unkept.familiar(&asker, None).is_all(), "without a redirect there is none");
        let untold = Receiver { listener: Some(Listener::Own { program: None }), ..here.clone() };
        let served = Served { receiver: Some(untold.clone()), ..unkept.clone() };
        assert!(!served.familiar(&asker, Some(&untold)).receiver);
        let shop = Receiver { origin: "https://shop.example".to_owned(), listener: None };
        let served = Served { receiver: Some(shop.clone()), ..unkept };
        assert!(served.familiar(&asker, Some(&shop)).receiver, "elsewhere it is the address that counts");
    }

    #[test]
    fn two_askers_that_cannot_be_told_are_not_the_same() {
        let nobody = Asker { mode: Mode::Program, program: None, sent_by: None };
        let served = Served { program: None, sent_by: None, receiver: None };
        assert!(!served.familiar(&nobody, None).program);
    }
}
