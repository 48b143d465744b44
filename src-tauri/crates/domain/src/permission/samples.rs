//! Permissions for tests.

use proptest::prelude::*;
use proptest::sample::select;

use crate::catalogue;
use crate::permission::Permission;
use crate::permission_set::PermissionSet;
use crate::policy::{Policy, PolicyKind};

/// Reads one that is known to be well-formed.
pub(crate) fn permission(text: &str) -> Permission {
    Permission::parse(text).unwrap()
}

/// Reads several.
pub(crate) fn set(texts: &[&str]) -> PermissionSet {
    texts.iter().map(|text| permission(text)).collect()
}

/// Every known policy without a scope, and the store policies in each of the stores as well.
pub(crate) fn every_known(stores: &[&str]) -> Vec<Permission> {
    let mut all = Vec::new();
    for policy in catalogue::all().iter().map(catalogue::PolicyEntry::policy) {
        if policy.kind() == PolicyKind::Store {
            all.extend(stores.iter().map(|store| permission(&format!("{policy}:{store}"))));
        }
        all.push(policy.into());
    }
    all
}

/// Known and unknown policies; store policies with a scope or without.
pub(crate) fn any_permission() -> impl Strategy<Value = Permission> {
    let known: Vec<String> = catalogue::all().iter().map(|entry| entry.name.to_owned()).collect();
    let unknown = "btcpay\\.(plugin\\.)?(store|server|user|other)\\.[a-z0-9]{1,8}";
    let scope = prop_oneof![select(vec!["abc".to_owned(), "ABC".to_owned()]), "[!-~&&[^/?#%]]{1,44}"];
    (prop_oneof![3 => select(known), 1 => unknown], proptest::option::of(scope)).prop_map(|(name, scope)| {
        let policy = Policy::parse(&name).unwrap();
        match scope {
            Some(store) if policy.kind() == PolicyKind::Store => {
                Permission::scoped(policy, store.parse().unwrap()).unwrap()
            }
            Some(_) | None => policy.into(),
        }
    })
}

/// Up to twelve of them.
pub(crate) fn any_set() -> impl Strategy<Value = PermissionSet> {
    proptest::collection::vec(any_permission(), 0..12).prop_map(PermissionSet::from_iter)
}
