//! What a key may do: permissions, sorted and without duplicates.

use std::collections::{BTreeSet, btree_set};

use serde::{Deserialize, Serialize};

use crate::ids::StoreId;
use crate::permission::Permission;

/// Permissions in order and each once. What one of them includes is not added and not taken away: an
/// application gets the very list it is granted. Serialised as an array of texts.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PermissionSet(BTreeSet<Permission>);

impl PermissionSet {
    /// The set of a key that only proves who its user is.
    #[must_use]
    pub const fn new() -> Self {
        Self(BTreeSet::new())
    }

    /// The permissions in order.
    pub fn iter(&self) -> btree_set::Iter<'_, Permission> {
        self.0.iter()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this very permission is listed. For "may it do that" ask [`covers`](Self::covers).
    #[must_use]
    pub fn contains(&self, permission: &Permission) -> bool {
        self.0.contains(permission)
    }

    /// Whether every permission of this one is listed in the other.
    #[must_use]
    pub fn is_subset_of(&self, other: &Self) -> bool {
        self.0.is_subset(&other.0)
    }

    /// Whether one of the permissions covers the wanted one.
    #[must_use]
    pub fn covers(&self, wanted: &Permission) -> bool {
        self.iter().any(|held| held.covers(wanted))
    }

    /// Whether everything that the other set allows is covered here.
    #[must_use]
    pub fn covers_all(&self, wanted: &Self) -> bool {
        wanted.iter().all(|wanted| self.covers(wanted))
    }

    /// Those listed here that the other set does not cover: what this one can do more.
    #[must_use]
    pub fn beyond(&self, other: &Self) -> Self {
        self.iter().filter(|held| !other.covers(held)).cloned().collect()
    }

    /// The same in these stores alone: each store permission without a scope becomes one per store, and none
    /// where there are no stores. What has a scope keeps it, and what is no store policy stays,
    /// `unrestricted` too.
    #[must_use]
    pub fn narrowed_to(&self, stores: &[StoreId]) -> Self {
        let (wide, mut narrowed): (Self, Self) =
            self.iter().cloned().partition(Permission::is_unscoped_store);
        for permission in &wide {
            narrowed.extend(stores.iter().map(|store| permission.narrowed_to(store)));
        }
        narrowed
    }

    /// The stores named as scopes, in order and each once.
    #[must_use]
    pub fn stores(&self) -> BTreeSet<&StoreId> {
        self.iter().filter_map(Permission::scope).collect()
    }

    /// Whether one of them is a store permission for all stores, so that stores can be chosen for it.
    #[must_use]
    pub fn has_unscoped_store_policy(&self) -> bool {
        self.iter().any(Permission::is_unscoped_store)
    }
}

impl FromIterator<Permission> for PermissionSet {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        Self(permissions.into_iter().collect())
    }
}

impl Extend<Permission> for PermissionSet {
    fn extend<I: IntoIterator<Item = Permission>>(&mut self, permissions: I) {
        self.0.extend(permissions);
    }
}

impl IntoIterator for PermissionSet {
    type Item = Permission;
    type IntoIter = btree_set::IntoIter<Permission>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a PermissionSet {
    type Item = &'a Permission;
    type IntoIter = btree_set::Iter<'a, Permission>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::permission::samples::{any_permission, any_set, permission, set};

    fn stores(ids: &[&str]) -> Vec<StoreId> {
        ids.iter().map(|id| id.parse().unwrap()).collect()
    }

    #[test]
    fn order_and_repetition_make_no_difference() {
        let asked = set(&[
            "unrestricted",
            "btcpay.store.canviewinvoices:b",
            "btcpay.store.canviewinvoices",
            "unrestricted",
        ]);
        assert_eq!(
            serde_json::to_string(&asked).unwrap(),
            r#"["btcpay.store.canviewinvoices","btcpay.store.canviewinvoices:b","unrestricted"]"#
        );
    }

    #[test]
    fn one_bad_permission_spoils_the_array() {
        assert!(serde_json::from_str::<PermissionSet>(r#"["unrestricted","unrestricted:x"]"#).is_err());
    }

    #[test]
    fn what_a_permission_includes_is_covered_but_not_listed() {
        let held = set(&["btcpay.store.canmodifyinvoices:a", "btcpay.user.canviewprofile"]);
        let view = permission("btcpay.store.canviewinvoices:a");
        assert!(held.covers(&view) && !held.contains(&view));
        assert!(held.covers_all(&set(&["btcpay.store.cancreateinvoice:a", "btcpay.user.canviewprofile"])));
        assert!(
            !held.covers_all(&set(&["btcpay.store.cancreateinvoice:a", "btcpay.store.canviewinvoices:b"]))
        );
        assert!(!set(&["btcpay.store.canviewinvoices:a"]).is_subset_of(&held));
    }

    #[test]
    fn what_is_listed_more_is_not_all_more_that_can_be_done() {
        let before = set(&["btcpay.store.canmodifyinvoices"]);
        let after = set(&["btcpay.store.canmodifyinvoices", "btcpay.store.canviewinvoices", "unrestricted"]);
        assert_eq!(after.beyond(&before), set(&["unrestricted"]));
    }

    #[test]
    fn narrowing_makes_one_permission_per_store_and_keeps_scopes() {
        let asked = set(&["btcpay.store.canviewinvoices", "btcpay.store.cancreateinvoice:c", "unrestricted"]);
        assert_eq!(
            asked.narrowed_to(&stores(&["b", "a", "b"])),
            set(&[
                "btcpay.store.cancreateinvoice:c",
                "btcpay.store.canviewinvoices:a",
                "btcpay.store.canviewinvoices:b",
                "unrestricted",
            ])
        );
        assert_eq!(asked.narrowed_to(&[]), set(&["btcpay.store.cancreateinvoice:c", "unrestricted"]));
    }

    #[test]
    fn the_sheet_learns_stores_and_whether_to_choose() {
        let asked = set(&["btcpay.store.canviewinvoices:b", "btcpay.plugin.store.x:a", "btcpay.other.y"]);
        assert_eq!(asked.stores().into_iter().map(StoreId::as_str).collect::<Vec<_>>(), ["a", "b"]);
        assert!(!asked.has_unscoped_store_policy());
        assert!(set(&["btcpay.store.canviewinvoices"]).has_unscoped_store_policy());
    }

    proptest! {
        #[test]
        fn a_set_reads_back_what_it_wrote(written in any_set()) {
            let json = serde_json::to_string(&written).unwrap();
            prop_assert_eq!(serde_json::from_str::<PermissionSet>(&json).unwrap(), written);
        }

        #[test]
        fn a_set_covers_what_its_parts_cover(a in any_set(), b in any_set(), wanted in any_permission()) {
            let both: PermissionSet = a.iter().chain(&b).cloned().collect();
            prop_assert!(a.is_subset_of(&both) && both.covers_all(&a));
            prop_assert_eq!(both.covers(&wanted), a.covers(&wanted) || b.covers(&wanted));
            prop_assert_eq!(a.beyond(&b).is_empty(), b.covers_all(&a));
        }

        #[test]
        fn narrowing_known_policies_never_widens(asked in any_set()) {
            let known: PermissionSet = asked.iter().filter(|one| one.is_known()).cloned().collect();
            let narrowed = known.narrowed_to(&stores(&["a", "b"]));
            prop_assert!(known.covers_all(&narrowed));
            prop_assert!(!narrowed.has_unscoped_store_policy());
            prop_assert_eq!(narrowed.narrowed_to(&stores(&["c"])), narrowed);
        }
    }
}
