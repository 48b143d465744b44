//! A permission: a policy, and for store policies the store it is narrowed to.

#[cfg(test)]
pub(crate) mod samples;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::catalogue;
use crate::ids::{BadId, StoreId};
use crate::policy::{BadPolicy, Policy, PolicyKind};

/// Why a text is no permission.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadPermission {
    /// What stands before the first `:`, or all of it, is no policy.
    #[error(transparent)]
    Policy(#[from] BadPolicy),
    /// What stands after the first `:` is no store id; nothing at all is none either.
    #[error("the scope is {0}")]
    Scope(#[from] BadId),
    /// Only store policies take a scope. BTCPay Server reads `unrestricted:x` as `unrestricted`, which grants
    /// more than it seems to say.
    #[error("{0} is no store policy and takes no scope")]
    ScopeNotAllowed(Policy),
}

/// A [`Policy`], and for a store policy the store it is narrowed to; without one it means all stores, later
/// ones too.
///
/// Written as Greenfield does: `policy` or `policy:storeId`. Ordered by policy, the unscoped one first.
/// Serialised as that text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Permission {
    policy: Policy,
    scope: Option<StoreId>,
}

impl Permission {
    /// The policy without a scope.
    #[must_use]
    pub const fn new(policy: Policy) -> Self {
        Self { policy, scope: None }
    }

    /// The policy in one store.
    ///
    /// # Errors
    /// [`BadPermission::ScopeNotAllowed`] when it is not a store policy.
    pub fn scoped(policy: Policy, store: StoreId) -> Result<Self, BadPermission> {
        if policy.kind() != PolicyKind::Store {
            return Err(BadPermission::ScopeNotAllowed(policy));
        }
        Ok(Self { policy, scope: Some(store) })
    }

    /// Reads `policy` or `policy:scope`, split at the first `:`. The policy is read as by [`Policy::parse`];
    /// the scope is taken as it stands: store ids differ by case.
    ///
    /// # Errors
    /// [`BadPermission`], the policy looked at first, then whether it takes a scope, then the scope.
    pub fn parse(text: &str) -> Result<Self, BadPermission> {
        let Some((policy, scope)) = text.split_once(':') else {
            return Ok(Self::new(Policy::parse(text)?));
        };
        let policy = Policy::parse(policy)?;
        if policy.kind() != PolicyKind::Store {
            return Err(BadPermission::ScopeNotAllowed(policy));
        }
        Self::scoped(policy, scope.parse()?)
    }

    /// What may be done.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The only store where it may be done; without one, in all.
    #[must_use]
    pub const fn scope(&self) -> Option<&StoreId> {
        self.scope.as_ref()
    }

    /// Whether the catalogue has its policy.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.policy.is_known()
    }

    /// Whether it is a store policy that holds for all stores.
    #[must_use]
    pub fn is_unscoped_store(&self) -> bool {
        self.scope.is_none() && self.policy.kind() == PolicyKind::Store
    }

    /// Whether who holds this also holds `wanted`: the policy includes the wanted one, and this has no scope
    /// or the same. An unknown policy covers itself with the very same scope and nothing else. A partial
    /// order.
    #[must_use]
    pub fn covers(&self, wanted: &Self) -> bool {
        if self == wanted {
            return true;
        }
        let reaches = self.scope.is_none() || self.scope == wanted.scope;
        reaches && catalogue::includes(&self.policy, &wanted.policy)
    }

    /// The same in that store alone. What has a scope keeps it, and what is no store policy stays as it is.
    #[must_use]
    pub fn narrowed_to(&self, store: &StoreId) -> Self {
        if self.is_unscoped_store() {
            return Self { policy: self.policy.clone(), scope: Some(store.clone()) };
        }
        self.clone()
    }
}

impl From<Policy> for Permission {
    fn from(policy: Policy) -> Self {
        Self::new(policy)
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.scope {
            Some(store) => write!(f, "{}:{store}", self.policy.as_str()),
            None => f.write_str(self.policy.as_str()),
        }
    }
}

impl FromStr for Permission {
    type Err = BadPermission;
    fn from_str(text: &str) -> Result<Self, BadPermission> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Permission {
    type Error = BadPermission;
    fn try_from(text: String) -> Result<Self, BadPermission> {
        Self::parse(&text)
    }
}

impl From<Permission> for String {
    fn from(permission: Permission) -> Self {
        permission.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::samples::{any_permission, every_known, permission};
    use super::*;

    #[test]
    fn the_first_colon_parts_policy_from_scope_and_the_scope_stays_as_it_is() {
        let read = permission(" BTCPay.Store.CanViewInvoices:AbC:d");
        assert_eq!(read.policy().as_str(), "btcpay.store.canviewinvoices");
        assert_eq!(read.scope().unwrap().as_str(), "AbC:d");
        assert_eq!(read.to_string(), "btcpay.store.canviewinvoices:AbC:d");
    }

    #[test]
    fn an_empty_or_spaced_scope_is_refused_as_a_scope() {
        for scope in ["", " ", "a ", " a", "a/b", "a?b", "%41", "é"] {
            let read = Permission::parse(&format!("btcpay.store.canviewinvoices:{scope}"));
            assert!(matches!(read, Err(BadPermission::Scope(_))), "{scope:?}");
        }
    }

    #[test]
    fn a_scope_on_what_is_no_store_policy_is_an_error_of_its_own() {
        for name in [
            "unrestricted",
            "btcpay.server.canviewusers",
            "btcpay.user.canviewprofile",
            "btcpay.impersonation.canimpersonate",
            "btcpay.plugin.server.x",
            "btcpay.unheard.of",
        ] {
            let policy = Policy::parse(name).unwrap();
            for scope in ["x", ""] {
                let read = Permission::parse(&format!("{name}:{scope}"));
                assert_eq!(read, Err(BadPermission::ScopeNotAllowed(policy.clone())), "{name}:{scope}");
            }
            let store: StoreId = "x".parse().unwrap();
            assert_eq!(
                Permission::scoped(policy.clone(), store),
                Err(BadPermission::ScopeNotAllowed(policy))
            );
        }
    }

    #[test]
    fn a_text_without_a_policy_is_refused_as_a_policy() {
        for text in ["", ":", ":abc", "store:abc", "btcpay.store.a b:abc"] {
            assert_eq!(Permission::parse(text), Err(BadPermission::Policy(BadPolicy)), "{text:?}");
        }
    }

    #[test]
    fn coverage_is_what_the_greenfield_api_says() {
        let store = "btcpay.store.canmodifystoresettings";
        for (granted, wanted, covered) in [
            ("btcpay.server.canmodifyserversettings", store, false),
            ("unrestricted", "btcpay.store.canmodifystoresettings:abc", true),
            ("btcpay.store.canviewstoresettings", "btcpay.store.canviewstoresettings:abcd", true),
            ("btcpay.store.canmodifystoresettings:abcd", store, false),
            ("btcpay.store.canmodifystoresettings:abcd", "btcpay.store.canviewwallet:abcd", true),
            ("btcpay.store.canmodifystoresettings:abcd", "btcpay.store.canviewwallet:ABCD", false),
            ("btcpay.store.canmodifystoresettings:abcd", "btcpay.store.canmodifystoresettings:other", false),
            ("btcpay.store.canviewstoresettings", "btcpay.store.canviewwallet", false),
            ("unrestricted", "btcpay.plugin.store.canwater", false),
            ("btcpay.plugin.store.canwater", "btcpay.plugin.store.canwater", true),
            ("btcpay.plugin.store.canwater", "btcpay.plugin.store.canwater:abc", false),
        ] {
            assert_eq!(permission(granted).covers(&permission(wanted)), covered, "{granted} over {wanted}");
        }
    }

    #[test]
    fn covering_is_a_partial_order_over_every_policy_with_and_without_scopes() {
        let mut all = every_known(&["abc", "ABC"]);
        all.extend(["btcpay.x", "btcpay.plugin.store.x", "btcpay.plugin.store.x:abc"].map(permission));
        assert_eq!(all.len(), 32 * 3 + 14 + 3);
        let covers: Vec<Vec<bool>> = all.iter().map(|a| all.iter().map(|b| a.covers(b)).collect()).collect();
        for a in 0..all.len() {
            assert!(covers[a][a], "{} covers itself", all[a]);
            for b in (0..all.len()).filter(|b| covers[a][*b] && *b != a) {
                assert!(!covers[b][a], "{} and {} cover each other", all[a], all[b]);
                for c in (0..all.len()).filter(|c| covers[b][*c]) {
                    assert!(covers[a][c], "{} covers {} covers {}", all[a], all[b], all[c]);
                }
            }
        }
    }

    #[test]
    fn narrowing_touches_only_store_policies_without_a_scope() {
        let store: StoreId = "abc".parse().unwrap();
        for (before, after) in [
            ("btcpay.store.canviewinvoices", "btcpay.store.canviewinvoices:abc"),
            ("btcpay.plugin.store.x", "btcpay.plugin.store.x:abc"),
            ("btcpay.store.canviewinvoices:other", "btcpay.store.canviewinvoices:other"),
            ("unrestricted", "unrestricted"),
            ("btcpay.server.canviewusers", "btcpay.server.canviewusers"),
            ("btcpay.user.canviewprofile", "btcpay.user.canviewprofile"),
        ] {
            assert_eq!(permission(before).narrowed_to(&store), permission(after));
        }
    }

    proptest! {
        #[test]
        fn a_permission_reads_back_what_it_wrote(written in any_permission()) {
            prop_assert_eq!(Permission::parse(&written.to_string()).unwrap(), written.clone());
            let json = serde_json::to_string(&written).unwrap();
            prop_assert_eq!(serde_json::from_str::<Permission>(&json).unwrap(), written);
        }

        #[test]
        fn no_text_makes_parsing_stumble(text in "(btcpay\\.store\\.a|unrestricted)?\\PC{0,20}") {
            if let Ok(read) = Permission::parse(&text) {
                prop_assert_eq!(Permission::parse(&read.to_string()), Ok(read));
            }
        }
    }
}
