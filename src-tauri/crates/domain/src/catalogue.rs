//! The policies of the Greenfield API (as of BTCPay Server 2.4.1) and which of them includes which.

mod others;
mod store;

use std::sync::LazyLock;

use crate::policy::Policy;

/// One policy of the catalogue, in words for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PolicyEntry {
    /// The policy's name.
    pub name: &'static str,
    /// What it lets its holder do, at most 45 characters.
    pub title: &'static str,
    /// The same in a sentence.
    pub description: &'static str,
    /// Names of the policies it includes directly.
    pub children: &'static [&'static str],
}

const fn entry_of(
    name: &'static str,
    title: &'static str,
    description: &'static str,
    children: &'static [&'static str],
) -> PolicyEntry {
    PolicyEntry { name, title, description, children }
}

/// The entries by name, and beside each the set of entries it includes, itself too: bit `n` stands for entry
/// `n`.
struct Catalogue {
    entries: Vec<PolicyEntry>,
    reach: Vec<u64>,
}

const _: () = assert!(store::ENTRIES.len() + others::ENTRIES.len() <= 64, "one bit per policy");

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let mut entries = [others::ENTRIES, store::ENTRIES].concat();
    entries.sort_unstable_by_key(|entry| entry.name);
    let reach = (0..entries.len()).map(|index| reach(&entries, index)).collect();
    Catalogue { entries, reach }
});

fn reach(entries: &[PolicyEntry], index: usize) -> u64 {
    let children = entries.get(index).map_or(&[][..], |entry| entry.children);
    let below = children.iter().filter_map(|child| position(entries, child));
    below.fold(1 << index, |seen, child| seen | reach(entries, child))
}

fn position(entries: &[PolicyEntry], name: &str) -> Option<usize> {
    entries.binary_search_by(|entry| entry.name.cmp(name)).ok()
}

/// All 46 policies, by name.
#[must_use]
pub fn all() -> &'static [PolicyEntry] {
    &CATALOGUE.entries
}

/// What the catalogue says about a policy; nothing about an unknown one.
#[must_use]
pub fn entry(policy: &Policy) -> Option<&'static PolicyEntry> {
    named(policy.as_str())
}

pub(crate) fn named(name: &str) -> Option<&'static PolicyEntry> {
    all().get(position(all(), name)?)
}

/// Whether who holds `granted` also holds `wanted`: it is the same policy, or one below it. Only of known
/// policies; an unknown one includes nothing and is included by nothing, not even by `unrestricted`.
#[must_use]
pub fn includes(granted: &Policy, wanted: &Policy) -> bool {
    position(all(), wanted.as_str()).is_some_and(|index| has(below(granted), index))
}

/// Every policy that `policy` includes, directly or not, itself excepted, by name.
pub fn closure(policy: &Policy) -> impl Iterator<Item = &'static PolicyEntry> + use<> {
    let own = entry(policy);
    let below = below(policy);
    all()
        .iter()
        .enumerate()
        .filter(move |(index, entry)| has(below, *index) && Some(*entry) != own)
        .map(|(_, entry)| entry)
}

fn below(policy: &Policy) -> u64 {
    let index = position(all(), policy.as_str());
    index.and_then(|index| CATALOGUE.reach.get(index)).copied().unwrap_or_default()
}

const fn has(set: u64, index: usize) -> bool {
    (set >> index) & 1 == 1
}

#[cfg(test)]
mod tests;
