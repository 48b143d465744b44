//! Cards: identical askings shown as one.

use super::{Asking, Inbox, entry::Entry};
use crate::Moment;

/// Undecided askings that ask for the same, in the same way, from the same program.
#[derive(Debug, Clone)]
pub struct Card<'a> {
    entries: Vec<CardEntry<'a>>,
}

/// One asking of a card.
#[derive(Debug, Clone, Copy)]
pub struct CardEntry<'a> {
    /// What is asked, and by whom.
    pub asking: &'a Asking,
    /// When it came in.
    pub submitted: Moment,
    /// Its latest end as of now.
    pub expires_at: Moment,
    /// Whether a decision about it is being written.
    pub deciding: bool,
}

impl<'a> Card<'a> {
    /// Its askings, oldest first; never none.
    #[must_use]
    pub fn entries(&self) -> &[CardEntry<'a>] {
        &self.entries
    }

    /// How many times it was asked.
    #[must_use]
    pub fn asked(&self) -> usize {
        self.entries.len()
    }

    fn holds(&self, entry: &Entry) -> bool {
        self.entries.first().is_some_and(|first| first.asking.shares_card_with(&entry.asking))
    }
}

impl Inbox {
    /// The cards of everything undecided, in the order in which they were first asked.
    #[must_use]
    pub fn cards(&self) -> Vec<Card<'_>> {
        let mut cards: Vec<Card<'_>> = Vec::new();
        for entry in self.undecided() {
            let shown = CardEntry {
                asking: &entry.asking,
                submitted: entry.submitted,
                expires_at: entry.expires_at(),
                deciding: entry.is_deciding(),
            };
            match cards.iter_mut().find(|card| card.holds(entry)) {
                Some(card) => card.entries.push(shown),
                None => cards.push(Card { entries: vec![shown] }),
            }
        }
        cards
    }
}
