//! Yardsticks: what plugins that everybody knows ask for, to hold another request against.

mod table;

use std::collections::BTreeSet;

use crate::{Permission, PermissionSet, Policy};

pub use table::{Yardstick, all};

/// The most policies by which a set may differ from a yardstick that is held against it.
const FEW: usize = 2;

/// The yardstick that fits a set, and by how little it does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fit {
    /// Which.
    pub yardstick: &'static Yardstick,
    /// What the set has and the plugin does not ask for.
    pub more: BTreeSet<Policy>,
    /// What the plugin asks for and the set does not have.
    pub less: BTreeSet<Policy>,
}

impl Fit {
    /// Whether the plugin asks for exactly this.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.more.is_empty() && self.less.is_empty()
    }

    fn distance(&self) -> usize {
        self.more.len() + self.less.len()
    }
}

impl Yardstick {
    /// Holds a set of policies against what the plugin asks. What it may or may not ask counts as asked if it is there.
    fn held_against(&'static self, policies: &BTreeSet<Policy>) -> Fit {
        let named = |names: &[&str]| -> BTreeSet<Policy> {
            names.iter().filter_map(|name| Policy::parse(name).ok()).collect()
        };
        let (required, optional) = (named(self.required), named(self.optional));
        let asked = |policy: &&Policy| required.contains(*policy) || optional.contains(*policy);
        Fit {
            yardstick: self,
            more: policies.iter().filter(|policy| !asked(policy)).cloned().collect(),
            less: required.difference(policies).cloned().collect(),
        }
    }

    /// How many of the policies are there only because the plugin may ask for them.
    fn leeway(&self, policies: &BTreeSet<Policy>) -> usize {
        policies.iter().filter(|policy| self.optional.contains(&policy.as_str())).count()
    }
}

/// The yardstick nearest to a set of permissions, whatever stores they are for; none when no plugin asks for nearly this.
///
/// A plugin that asks for exactly this fits. Another one fits when the set has one or two policies more, or one or two less, but not
/// both, reaches no higher a tier, and shares at least half of its policies with it. A yardstick calms: it never stands
/// beside what reaches further than the plugin does.
#[must_use]
pub fn nearest(permissions: &PermissionSet) -> Option<Fit> {
    let policies: BTreeSet<Policy> = permissions.iter().map(|one| one.policy().clone()).collect();
    let fits =
        table::all().iter().map(|one| one.held_against(&policies)).filter(|fit| is_near(fit, &policies));
    fits.min_by_key(|fit| (fit.distance(), fit.yardstick.leeway(&policies)))
}

fn is_near(fit: &Fit, policies: &BTreeSet<Policy>) -> bool {
    if fit.is_exact() {
        return true;
    }
    let one_way = fit.more.is_empty() || fit.less.is_empty();
    let shared = policies.len() - fit.more.len();
    let mostly_shared = shared >= fit.distance() && shared >= FEW;
    let asked: PermissionSet = fit.yardstick.policies().map(Permission::from).collect();
    let reaches: PermissionSet = policies.iter().cloned().map(Permission::from).collect();
    one_way && fit.distance() <= FEW && mostly_shared && reaches.tier() <= asked.tier()
}

#[cfg(test)]
mod tests;
