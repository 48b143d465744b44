//! What a key was used for: which demands it was granted, how often and when, and which of the permissions it lists
//! that took.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Permission, PermissionSet, Policy, StoreId, Timestamp};

#[cfg(test)]
mod tests;

/// Where a policy is demanded.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// On everything it is about: [`Rights::allow`](crate::Rights::allow).
    Everything,
    /// In this store: [`Rights::allow_in`](crate::Rights::allow_in).
    Store(StoreId),
    /// In whatever stores there are: [`Rights::allow_somewhere`](crate::Rights::allow_somewhere).
    AnyStore,
}

/// What a call demands of a key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Demand {
    /// What is to be done.
    pub policy: Policy,
    /// Where.
    pub reach: Reach,
}

/// How often something was used, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// How many calls, one at least.
    pub count: u64,
    /// The first of them.
    pub first: Timestamp,
    /// The last of them.
    pub last: Timestamp,
}

/// Every demand that a key was granted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Usage(BTreeMap<Demand, Tally>);

impl Tally {
    /// One call.
    #[must_use]
    pub const fn once(at: Timestamp) -> Self {
        Self { count: 1, first: at, last: at }
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            count: self.count.saturating_add(other.count),
            first: self.first.min(other.first),
            last: self.last.max(other.last),
        }
    }
}

impl Usage {
    /// Adds calls to what there is.
    pub fn add(&mut self, demand: Demand, calls: Tally) {
        let known = self.0.entry(demand).or_insert(Tally { count: 0, ..calls });
        *known = known.and(calls);
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every demand with its calls.
    pub fn iter(&self) -> impl Iterator<Item = (&Demand, &Tally)> {
        self.0.iter()
    }

    /// How far each of the `listed` permissions was used, in their order; nothing for one that never was.
    ///
    /// A demand counts for the narrowest of the listed permissions that cover it: those that cover it and cover no
    /// other that does. Mostly that is one; it counts for each where none is narrower than the other. A demand in any
    /// store counts so for all stores together and for each store that is listed, for without one of those its answer
    /// would have been another.
    #[must_use]
    pub fn by_permission(&self, listed: &PermissionSet) -> Vec<(Permission, Option<Tally>)> {
        let mut found: BTreeMap<&Permission, Tally> = BTreeMap::new();
        for (demand, calls) in &self.0 {
            for permission in demand.takes(listed) {
                found.entry(permission).and_modify(|tally| *tally = tally.and(*calls)).or_insert(*calls);
            }
        }
        listed.iter().map(|listed| (listed.clone(), found.get(listed).copied())).collect()
    }

    /// The listed permissions that were used. A key with these alone would have been granted every demand that the
    /// listed ones grant.
    #[must_use]
    pub fn used_of(&self, listed: &PermissionSet) -> PermissionSet {
        let used = self.by_permission(listed).into_iter().filter(|(_, tally)| tally.is_some());
        used.map(|(permission, _)| permission).collect()
    }
}

impl FromIterator<(Demand, Tally)> for Usage {
    fn from_iter<I: IntoIterator<Item = (Demand, Tally)>>(uses: I) -> Self {
        let mut usage = Self::default();
        usage.extend(uses);
        usage
    }
}

impl Extend<(Demand, Tally)> for Usage {
    fn extend<I: IntoIterator<Item = (Demand, Tally)>>(&mut self, uses: I) {
        uses.into_iter().for_each(|(demand, calls)| self.add(demand, calls));
    }
}

impl IntoIterator for Usage {
    type Item = (Demand, Tally);
    type IntoIter = std::collections::btree_map::IntoIter<Demand, Tally>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl Demand {
    /// What `permission` allows, and where.
    #[must_use]
    pub fn of(permission: &Permission) -> Self {
        let reach = permission.scope().cloned().map_or(Reach::Everything, Reach::Store);
        Self { policy: permission.policy().clone(), reach }
    }

    /// The listed permissions that this demand counts for.
    fn takes<'a>(&self, listed: &'a PermissionSet) -> BTreeSet<&'a Permission> {
        self.wants(listed).iter().flat_map(|wanted| narrowest(listed, wanted)).collect()
    }

    /// The permissions that are looked for among the listed ones.
    fn wants(&self, listed: &PermissionSet) -> Vec<Permission> {
        let everywhere = || Permission::new(self.policy.clone());
        // Only store policies are demanded in a store.
        let within = |store: &StoreId| Permission::scoped(self.policy.clone(), store.clone()).ok();
        match &self.reach {
            Reach::Everything => vec![everywhere()],
            Reach::Store(store) => within(store).into_iter().collect(),
            Reach::AnyStore => {
                let stores = listed.stores().into_iter().filter_map(within);
                std::iter::once(everywhere()).chain(stores).collect()
            }
        }
    }
}

/// Those of the listed permissions that cover the wanted one and cover no other that does.
fn narrowest<'a>(listed: &'a PermissionSet, wanted: &Permission) -> Vec<&'a Permission> {
    let covering: Vec<&Permission> = listed.iter().filter(|held| held.covers(wanted)).collect();
    let is_wider = |one: &Permission| covering.iter().any(|&other| other != one && one.covers(other));
    covering.iter().copied().filter(|&one| !is_wider(one)).collect()
}
