//! Several known applications that ask again for exactly what they have, as after a restart of the computer.

use crate::{Changes, PermissionSet, Standing, Tier};

/// What a request is judged by that could be answered together with others, without being opened.
#[derive(Debug, Clone, Copy)]
pub struct ComesAgain<'a> {
    /// What the admin thinks of the application.
    pub standing: Standing,
    /// What it would change against the last grant of this application.
    pub changes: &'a Changes,
    /// What it would be granted.
    pub granted: &'a PermissionSet,
    /// What the key may do that would be handed over again.
    pub held: &'a PermissionSet,
    /// Whether it asks for something that nobody knows, too.
    pub asks_unknown: bool,
    /// Whether it is the only one of its card: of several only its number tells which one is meant.
    pub alone: bool,
    /// Whether the key would go to the very program that was served before, where it goes to this computer.
    pub same_receiver: bool,
}

impl ComesAgain<'_> {
    /// Whether it may stand in the list of those that are decided together: a known application that asks for exactly
    /// what it was granted last and still has, from the same program to the same address, and no more than to sell.
    /// Such a request needs neither number nor passphrase.
    #[must_use]
    pub fn may_be_decided_with_others(&self) -> bool {
        self.standing == Standing::Known
            && self.changes.is_none()
            && self.granted == self.held
            && self.granted.tier() <= Tier::Sell
            && self.alone
            && self.same_receiver
            && !self.asks_unknown
    }
}

#[cfg(test)]
mod tests;
