//! How much harm a key could do, in five steps.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::catalogue::{self, PolicyEntry};
use crate::permission_set::PermissionSet;
use crate::policy::{Policy, PolicyKind};

/// The highest that something reaches, from looking to administering. Ordered; serialised in kebab case
/// (`move-money`), displayed in words (`Move money`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Tier {
    /// Reads, or can do nothing at all.
    See,
    /// Asks customers for money that comes in.
    Sell,
    /// Changes things, but moves no money.
    Change,
    /// Lets money go out, or decides where it comes in.
    MoveMoney,
    /// Whole servers and accounts, and everything nobody here knows.
    Administer,
}

impl Tier {
    /// The tier of a policy: the highest among itself and all it includes. An unknown one counts as the
    /// highest.
    #[must_use]
    pub fn of(policy: &Policy) -> Self {
        let below = catalogue::closure(policy).map(|entry| Self::alone(&entry.policy()));
        below.fold(Self::alone(policy), Self::max)
    }

    /// The tier of a policy as if it included nothing. What no line names is taken for the highest.
    fn alone(policy: &Policy) -> Self {
        let Some(PolicyEntry { name, .. }) = catalogue::entry(policy) else { return Self::Administer };
        match policy.kind() {
            PolicyKind::Store => Self::of_store(name.strip_prefix("btcpay.store.").unwrap_or_default()),
            PolicyKind::User => Self::of_user(name.strip_prefix("btcpay.user.").unwrap_or_default()),
            PolicyKind::Unrestricted | PolicyKind::Server | PolicyKind::Other => Self::Administer,
        }
    }

    fn of_store(action: &str) -> Self {
        match action {
            "canmodifystoresettings"
            | "canuselightningnode"
            | "cancreatepullpayments"
            | "canmanagepullpayments"
            | "canmanagepayouts"
            | "canmanagewallets"
            | "canmanagewalletsettings"
            | "canmanagewallettransactions"
            | "cancreatetransactions"
            | "cansigntransactions"
            | "canbroadcasttransactions"
            | "cancanceltransactions" => Self::MoveMoney,
            "canmodifyofferings"
            | "canmanagesubscribers"
            | "cancreditsubscribers"
            | "cansendstoreemails"
            | "canarchivepullpayments" => Self::Change,
            "cancreateinvoice"
            | "canmodifyinvoices"
            | "cancreatelightninginvoice"
            | "canmodifypaymentrequests"
            | "cancreatenonapprovedpullpayments"
            | "webhooks.canmodifywebhooks" => Self::Sell,
            view if view.starts_with("canview") => Self::See,
            _ => Self::Administer,
        }
    }

    fn of_user(action: &str) -> Self {
        match action {
            "canmodifyprofile" | "canmanagenotificationsforuser" => Self::Change,
            view if view.starts_with("canview") => Self::See,
            _ => Self::Administer,
        }
    }
}

impl PermissionSet {
    /// The highest tier any of its permissions reaches; without permissions, [`Tier::See`]. A scope lowers
    /// nothing: one store's money is money.
    #[must_use]
    pub fn tier(&self) -> Tier {
        self.iter().map(|permission| Tier::of(permission.policy())).max().unwrap_or(Tier::See)
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::See => "See",
            Self::Sell => "Sell",
            Self::Change => "Change",
            Self::MoveMoney => "Move money",
            Self::Administer => "Administer",
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::permission::samples::{any_set, set};

    /// The table, row by row; `store.` names are meant where nothing stands before.
    const ROWS: &[(Tier, &str)] = &[
        (
            Tier::Administer,
            "unrestricted btcpay.impersonation.canimpersonate btcpay.user.candeleteuser \
             btcpay.server.cancreatelightninginvoiceinternalnode btcpay.server.cancreateuser \
             btcpay.server.canmanageusers btcpay.server.canmodifyserversettings \
             btcpay.server.canuseinternallightningnode btcpay.server.canviewlightninginvoiceinternalnode \
             btcpay.server.canviewusers",
        ),
        (
            Tier::MoveMoney,
            "canmodifystoresettings canuselightningnode cancreatepullpayments canmanagepullpayments \
             canmanagepayouts canmanagewallets canmanagewalletsettings canmanagewallettransactions \
             cancreatetransactions cansigntransactions canbroadcasttransactions cancanceltransactions",
        ),
        (
            Tier::Change,
            "canmodifyofferings canmanagesubscribers cancreditsubscribers cansendstoreemails \
             canarchivepullpayments btcpay.user.canmodifyprofile btcpay.user.canmanagenotificationsforuser",
        ),
        (
            Tier::Sell,
            "cancreateinvoice canmodifyinvoices cancreatelightninginvoice canmodifypaymentrequests \
             cancreatenonapprovedpullpayments webhooks.canmodifywebhooks",
        ),
        (
            Tier::See,
            "canviewinvoices canviewlightninginvoice canviewofferings canviewpaymentrequests canviewpayouts \
             canviewpullpayments canviewreports canviewstoresettings canviewwallet \
             btcpay.user.canviewprofile btcpay.user.canviewnotificationsforuser",
        ),
    ];

    fn rows() -> impl Iterator<Item = (Tier, Policy)> {
        let full = |name: &str| match name {
            "unrestricted" => name.to_owned(),
            _ if name.starts_with("btcpay.") => name.to_owned(),
            _ => format!("btcpay.store.{name}"),
        };
        ROWS.iter().flat_map(move |(tier, names)| {
            names.split_whitespace().map(move |name| (*tier, Policy::parse(&full(name)).unwrap()))
        })
    }

    #[test]
    fn every_policy_stands_in_one_row_of_the_table_and_has_its_tier() {
        for (tier, policy) in rows() {
            assert_eq!(Tier::alone(&policy), tier, "{policy}");
        }
        let mut named: Vec<_> = rows().map(|(_, policy)| policy).collect();
        named.sort();
        assert_eq!(named, catalogue::all().iter().map(PolicyEntry::policy).collect::<Vec<_>>());
    }

    #[test]
    fn what_a_policy_includes_never_lifts_it_above_its_row() {
        for (tier, policy) in rows() {
            assert_eq!(Tier::of(&policy), tier, "{policy}");
        }
    }

    #[test]
    fn no_permission_at_all_only_sees() {
        assert_eq!(PermissionSet::new().tier(), Tier::See);
    }

    #[test]
    fn an_unknown_policy_is_taken_for_the_worst() {
        for name in
            ["btcpay.store.canviewthings", "btcpay.plugin.store.canviewx", "btcpay.user.canviewx", "btcpay.x"]
        {
            assert_eq!(set(&[name]).tier(), Tier::Administer, "{name}");
        }
    }

    #[test]
    fn a_scope_lowers_no_tier() {
        assert_eq!(set(&["btcpay.store.canmodifystoresettings:a"]).tier(), Tier::MoveMoney);
    }

    #[test]
    fn tiers_rise_from_seeing_to_administering_and_have_wire_names() {
        let tiers = [Tier::See, Tier::Sell, Tier::Change, Tier::MoveMoney, Tier::Administer];
        assert!(tiers.is_sorted_by(|a, b| a < b));
        assert_eq!(
            serde_json::to_string(&tiers).unwrap(),
            r#"["see","sell","change","move-money","administer"]"#
        );
    }

    proptest! {
        #[test]
        fn the_tier_of_a_set_is_the_highest_in_its_closure(held in any_set()) {
            let closure = held.iter().flat_map(|held| {
                let below = catalogue::closure(held.policy()).map(PolicyEntry::policy);
                below.chain([held.policy().clone()]).collect::<Vec<_>>()
            });
            let rows: std::collections::BTreeMap<_, _> = rows().map(|(tier, policy)| (policy, tier)).collect();
            let highest = closure.map(|policy| rows.get(&policy).copied().unwrap_or(Tier::Administer)).max();
            prop_assert_eq!(held.tier(), highest.unwrap_or(Tier::See));
        }
    }
}
