//! Who may do what: a key limits its user and never gives more than the user has.

use crate::{Permission, PermissionSet, Policy, PolicyKind, Role, StoreId};

/// What a caller brings: the permissions of its key, and whether its user is an administrator of the server. A caller
/// by password holds `unrestricted`.
#[derive(Debug, Clone, Copy)]
pub struct Rights<'a> {
    /// What the key allows.
    pub held: &'a PermissionSet,
    /// Whether server policies work for the key's user.
    pub is_admin: bool,
}

impl Rights<'_> {
    /// Whether `policy` may be used on everything it is about: held without a scope, and for a server policy by an
    /// administrator.
    #[must_use]
    pub fn allow(&self, policy: &Policy) -> bool {
        let by_user = policy.kind() != PolicyKind::Server || self.is_admin;
        by_user && self.held.covers(&Permission::new(policy.clone()))
    }

    /// Whether the key has a store policy for any store at all. Which ones its user may see is another question.
    #[must_use]
    pub fn allow_somewhere(&self, policy: &Policy) -> bool {
        let scopes = self.held.stores().into_iter();
        self.allow(policy) || scopes.into_iter().any(|store| self.hold_in(policy, store))
    }

    /// Whether a store policy may be used in this store, where the user has `role`. An administrator may look at any
    /// store's settings; everything else takes a role.
    #[must_use]
    pub fn allow_in(&self, policy: &Policy, store: &StoreId, role: Option<Role>) -> bool {
        let as_admin = self.is_admin && crate::catalogue::includes(&Policy::VIEW_STORE_SETTINGS, policy);
        let by_user = as_admin || role.is_some_and(|role| role.allows(policy));
        by_user && self.hold_in(policy, store)
    }

    fn hold_in(&self, policy: &Policy, store: &StoreId) -> bool {
        Permission::scoped(policy.clone(), store.clone()).is_ok_and(|wanted| self.held.covers(&wanted))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::catalogue;
    use crate::permission::samples::{any_set, set};

    /// The names a policy includes, itself too, found by walking the catalogue's children one by one.
    fn reached(from: &str) -> BTreeSet<&'static str> {
        let mut todo: Vec<&str> = vec![from];
        let mut seen = BTreeSet::new();
        while let Some(name) = todo.pop() {
            let entry = catalogue::all().iter().find(|entry| entry.name == name);
            if let Some(entry) = entry.filter(|entry| seen.insert(entry.name)) {
                todo.extend(entry.children);
            }
        }
        seen
    }

    /// The rule as `docs/behaviour.md` says it, from texts alone.
    fn plainly(
        held: &PermissionSet,
        is_admin: bool,
        policy: &str,
        store: Option<&str>,
        role: Option<Role>,
    ) -> bool {
        let by_key = held.iter().any(|one| {
            let text = one.to_string();
            let (name, scope) = text.split_once(':').map_or((text.as_str(), None), |(n, s)| (n, Some(s)));
            reached(name).contains(policy) && (scope.is_none() || scope == store)
        });
        let by_role = |role: Role| role.policies().iter().any(|one| reached(one.as_str()).contains(policy));
        let by_user = match store {
            None => !policy.starts_with("btcpay.server.") || is_admin,
            Some(_) => {
                (is_admin && reached("btcpay.store.canviewstoresettings").contains(policy))
                    || role.is_some_and(by_role)
            }
        };
        by_key && by_user
    }

    fn any_role() -> impl Strategy<Value = Option<Role>> {
        prop::option::of(prop::sample::select(Role::ALL.to_vec()))
    }

    fn known_policy() -> impl Strategy<Value = Policy> {
        prop::sample::select(catalogue::all().iter().map(catalogue::PolicyEntry::policy).collect::<Vec<_>>())
    }

    proptest! {
        #[test]
        fn what_is_allowed_on_everything_is_what_the_plain_rule_says(
            held in any_set(), is_admin: bool, policy in known_policy()
        ) {
            let rights = Rights { held: &held, is_admin };
            prop_assert_eq!(rights.allow(&policy), plainly(&held, is_admin, policy.as_str(), None, None));
        }

        #[test]
        fn what_is_allowed_in_a_store_is_what_the_plain_rule_says(
            held in any_set(), is_admin: bool, policy in known_policy(), store in "[ab]", role in any_role()
        ) {
            prop_assume!(policy.kind() == PolicyKind::Store);
            let rights = Rights { held: &held, is_admin };
            let id: StoreId = store.parse().unwrap();
            let plain = plainly(&held, is_admin, policy.as_str(), Some(&store), role);
            prop_assert_eq!(rights.allow_in(&policy, &id, role), plain);
            if plain {
                prop_assert!(rights.allow_somewhere(&policy));
            }
        }

        #[test]
        fn a_key_never_gives_more_than_its_user_has(
            held in any_set(), is_admin: bool, policy in known_policy(), role in any_role()
        ) {
            prop_assume!(policy.kind() == PolicyKind::Store);
            let store: StoreId = "a".parse().unwrap();
            let everything = set(&["unrestricted"]);
            let (own, full) = (Rights { held: &held, is_admin }, Rights { held: &everything, is_admin });
            prop_assert!(!own.allow_in(&policy, &store, role) || full.allow_in(&policy, &store, role));
        }
    }

    #[test]
    fn a_server_policy_takes_an_administrator_and_no_scope_stands_for_everything() {
        let all = set(&["unrestricted"]);
        let in_one = set(&["btcpay.store.canmodifystoresettings:a"]);
        assert!(Rights { held: &all, is_admin: true }.allow(&Policy::VIEW_USERS));
        assert!(!Rights { held: &all, is_admin: false }.allow(&Policy::VIEW_USERS));
        let rights = Rights { held: &in_one, is_admin: true };
        assert!(!rights.allow(&Policy::MODIFY_STORE_SETTINGS));
        assert!(rights.allow_somewhere(&Policy::VIEW_STORE_SETTINGS));
        assert!(!rights.allow_somewhere(&Policy::VIEW_USERS));
    }

    #[test]
    fn an_administrator_looks_into_any_store_and_changes_none_without_a_role() {
        let held = set(&["unrestricted"]);
        let rights = Rights { held: &held, is_admin: true };
        let store: StoreId = "a".parse().unwrap();
        assert!(rights.allow_in(&Policy::VIEW_STORE_SETTINGS, &store, None));
        assert!(!rights.allow_in(&Policy::MODIFY_STORE_SETTINGS, &store, None));
        assert!(rights.allow_in(&Policy::MODIFY_STORE_SETTINGS, &store, Some(Role::Owner)));
        assert!(!rights.allow_in(&Policy::MODIFY_STORE_SETTINGS, &store, Some(Role::Manager)));
    }
}
