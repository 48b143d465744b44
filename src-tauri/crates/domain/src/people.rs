//! Who keys belong to, and the shops they speak of.

use serde::{Deserialize, Serialize};

use crate::{Email, Issuer, Policy, StoreId, Timestamp, UserId, catalogue};

/// A person or service that keys belong to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// Handle.
    pub id: UserId,
    /// Address, unique without regard to case.
    pub email: Email,
    /// Display name.
    pub name: Option<String>,
    /// Where a picture of the user is said to be. Shown as a text, never fetched.
    pub image_url: Option<String>,
    /// Whether server policies work for this user.
    pub is_admin: bool,
    /// A disabled user's keys and password are refused.
    pub disabled: bool,
    /// Whether Basic authentication is possible at all.
    pub has_password: bool,
    /// Who knows this user.
    pub issuer: Issuer,
    /// When it was created.
    pub created: Timestamp,
}

/// What a user may do in a store, as BTCPay Server names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Role {
    /// Everything in the store.
    Owner,
    /// Settings to read, invoices, webhooks, payment requests, payouts to manage.
    Manager,
    /// Invoices and payment requests.
    Employee,
    /// Invoices, and a look at the rest.
    Guest,
}

impl Role {
    /// The roles, the mightiest first.
    pub const ALL: [Self; 4] = [Self::Owner, Self::Manager, Self::Employee, Self::Guest];

    /// The store policies of the role (Greenfield, `StoreRole.permissions`); each brings what it includes.
    #[must_use]
    pub const fn policies(self) -> &'static [Policy] {
        match self {
            Self::Owner => OWNER,
            Self::Manager => MANAGER,
            Self::Employee => EMPLOYEE,
            Self::Guest => GUEST,
        }
    }

    /// Whether who has the role may do that in the store.
    #[must_use]
    pub fn allows(self, policy: &Policy) -> bool {
        self.policies().iter().any(|held| catalogue::includes(held, policy))
    }
}

const OWNER: &[Policy] = &[Policy::MODIFY_STORE_SETTINGS];
const MANAGER: &[Policy] = &[
    Policy::VIEW_STORE_SETTINGS,
    Policy::named("btcpay.store.canmodifyinvoices"),
    Policy::named("btcpay.store.webhooks.canmodifywebhooks"),
    Policy::named("btcpay.store.canmodifypaymentrequests"),
    Policy::named("btcpay.store.canmanagepullpayments"),
    Policy::named("btcpay.store.canmanagepayouts"),
];
const EMPLOYEE: &[Policy] = &[
    Policy::named("btcpay.store.canmodifyinvoices"),
    Policy::named("btcpay.store.canmodifypaymentrequests"),
    Policy::named("btcpay.store.cancreatenonapprovedpullpayments"),
    Policy::named("btcpay.store.canviewpayouts"),
    Policy::named("btcpay.store.canviewpullpayments"),
];
const GUEST: &[Policy] = &[
    Policy::named("btcpay.store.canmodifyinvoices"),
    Policy::named("btcpay.store.canviewpaymentrequests"),
    Policy::named("btcpay.store.canviewpullpayments"),
    Policy::named("btcpay.store.canviewpayouts"),
];

/// That a user belongs to a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Membership {
    /// The store.
    pub store: StoreId,
    /// The user.
    pub user: UserId,
    /// The user's role there.
    pub role: Role,
}
