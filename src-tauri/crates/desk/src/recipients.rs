//! Who received the keys that are there, in memory.

use std::collections::HashMap;

use domain::{KeyId, Receiver, RequestId};

use crate::ports::{Damage, Received};

/// Who received each key, by what verified at the last unlock and by what was granted since.
#[derive(Debug, Default)]
pub(crate) struct Recipients(HashMap<KeyId, Vec<(RequestId, Receiver)>>);

impl Recipients {
    /// Leaves out the grants that somebody else has written.
    pub(crate) fn load(received: Vec<Received>, damage: &[Damage]) -> Self {
        let mut recipients = Self::default();
        for row in received {
            if !damage.contains(&Damage::Grant(row.request.clone())) {
                recipients.keep(row);
            }
        }
        recipients
    }

    /// Takes in a grant, or another receiver of one.
    pub(crate) fn keep(&mut self, Received { request, key, receiver }: Received) {
        let theirs = self.0.entry(key).or_default();
        theirs.retain(|(known, _)| *known != request);
        theirs.push((request, receiver));
    }

    /// Whether a key went to the program that would receive it now, at whatever port.
    pub(crate) fn had(&self, key: &KeyId, now: &Receiver) -> bool {
        self.0.get(key).is_some_and(|theirs| theirs.iter().any(|(_, before)| now.is_program_of(before)))
    }
}
