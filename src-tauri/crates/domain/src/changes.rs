//! What changes against the last grant of an application.

use std::collections::BTreeSet;

use crate::{Permission, PermissionSet, Policy, PolicyKind, ProgramIdentity, StoreId};

/// One grant, or what would be one, as far as two can differ.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// What the key may do, stores put in.
    pub permissions: &'a PermissionSet,
    /// Origin of the redirect.
    pub origin: Option<&'a str>,
    /// Who asked.
    pub program: Option<&'a ProgramIdentity>,
}

/// What a grant would change against the last one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Policies that nothing granted before covers in any store.
    pub more: BTreeSet<Policy>,
    /// Policies granted before that nothing covers any more.
    pub less: BTreeSet<Policy>,
    /// Where policies that were granted before would reach now and did not.
    pub wider: Extent,
    /// Where policies that are granted still would not reach any more.
    pub narrower: Extent,
    /// Whether the list is the very same.
    pub exactly: bool,
    /// Whether the key would go to another origin.
    pub other_origin: bool,
    /// Whether another program asks. One that could not be recognised is another.
    pub other_program: bool,
}

/// Where policies reach.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extent {
    /// These stores.
    pub stores: BTreeSet<StoreId>,
    /// All stores, later ones too.
    pub everywhere: bool,
}

impl Extent {
    /// Whether it is nowhere.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.stores.is_empty() && !self.everywhere
    }

    fn add(&mut self, permission: &Permission) {
        match permission.scope() {
            Some(store) => drop(self.stores.insert(store.clone())),
            None => self.everywhere = true,
        }
    }
}

impl Changes {
    /// Compares what would be granted `now` with what was granted `before`.
    ///
    /// What a set can do counts, not how it is written: a permission that another one includes is nothing more.
    #[must_use]
    pub fn between(before: Terms<'_>, now: Terms<'_>) -> Self {
        let (more, wider) = beyond(now.permissions, before.permissions);
        let (less, narrower) = beyond(before.permissions, now.permissions);
        Self {
            more,
            less,
            wider,
            narrower,
            exactly: now.permissions == before.permissions,
            other_origin: now.origin != before.origin,
            other_program: now.program.is_none() || now.program != before.program,
        }
    }

    /// Whether the key could do more than the one before, anywhere.
    #[must_use]
    pub fn widens(&self) -> bool {
        !self.more.is_empty() || !self.wider.is_empty()
    }

    /// Whether all of it is as it was: the list, where it goes and who asks.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.exactly && !self.other_origin && !self.other_program
    }
}

/// What `one` can do and `other` cannot: the policies that the other has in no store, and where the rest reaches further.
fn beyond(one: &PermissionSet, other: &PermissionSet) -> (BTreeSet<Policy>, Extent) {
    let (mut policies, mut reach) = (BTreeSet::new(), Extent::default());
    for permission in &one.beyond(other) {
        if is_there_anywhere(permission.policy(), other) {
            reach.add(permission);
        } else {
            policies.insert(permission.policy().clone());
        }
    }
    (policies, reach)
}

fn is_there_anywhere(policy: &Policy, set: &PermissionSet) -> bool {
    let in_one = |scope: &StoreId| {
        Permission::scoped(policy.clone(), scope.clone()).is_ok_and(|narrowed| set.covers(&narrowed))
    };
    match policy.kind() {
        PolicyKind::Store => set.covers(&policy.clone().into()) || set.stores().into_iter().any(in_one),
        PolicyKind::Unrestricted | PolicyKind::Server | PolicyKind::User | PolicyKind::Other => {
            set.covers(&policy.clone().into())
        }
    }
}

#[cfg(test)]
mod tests;
