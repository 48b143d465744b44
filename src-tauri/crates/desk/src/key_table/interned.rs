//! Things that many rows have in common, kept once and named by a number.

use std::{collections::HashMap, hash::Hash};

/// Each thing once, in the order in which they came.
#[derive(Debug)]
pub(super) struct Interned<T> {
    things: Vec<T>,
    places: HashMap<T, usize>,
}

impl<T> Default for Interned<T> {
    fn default() -> Self {
        Self { things: Vec::new(), places: HashMap::new() }
    }
}

impl<T: Clone + Eq + Hash> Interned<T> {
    /// The number of a thing, which is new where nobody had it yet.
    pub(super) fn intern(&mut self, thing: &T) -> usize {
        if let Some(place) = self.places.get(thing) {
            return *place;
        }
        let place = self.things.len();
        self.things.push(thing.clone());
        self.places.insert(thing.clone(), place);
        place
    }

    /// The number of a thing that a row has.
    pub(super) fn place(&self, thing: &T) -> Option<usize> {
        self.places.get(thing).copied()
    }

    pub(super) fn all(&self) -> &[T] {
        &self.things
    }

    /// Asks of each thing once what is asked of every row that has it.
    pub(super) fn ask(&self, is_so: impl FnMut(&T) -> bool) -> Vec<bool> {
        self.things.iter().map(is_so).collect()
    }
}
