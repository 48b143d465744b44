//! The policies that are not about stores.

use super::{PolicyEntry, entry_of};

pub(super) const ENTRIES: &[PolicyEntry] = &[
    entry_of(
        "unrestricted",
        "Everything the user can do",
        "Does whatever its user may do, now and later, up to the whole server for an administrator.",
        &[
            "btcpay.server.canmodifyserversettings",
            "btcpay.store.canmodifystoresettings",
            "btcpay.user.canmodifyprofile",
            "btcpay.server.canviewusers",
            "btcpay.user.candeleteuser",
            "btcpay.user.canmanagenotificationsforuser",
            "btcpay.impersonation.canimpersonate",
        ],
    ),
    entry_of(
        "btcpay.impersonation.canimpersonate",
        "Act in another user's name",
        "Enters as any other user and does there what that user may do.",
        &[],
    ),
    entry_of(
        "btcpay.server.canmodifyserversettings",
        "Change how the server is set up",
        "Changes all settings of the server, and with them its users and its Lightning node.",
        &["btcpay.server.canuseinternallightningnode", "btcpay.server.canmanageusers"],
    ),
    entry_of(
        "btcpay.server.canmanageusers",
        "Look after user accounts",
        "Adds users, and makes and stops API keys in their name.",
        &["btcpay.server.cancreateuser"],
    ),
    entry_of(
        "btcpay.server.cancreateuser",
        "Add user accounts",
        "Opens accounts for new users and touches none that exist.",
        &[],
    ),
    entry_of(
        "btcpay.server.canviewusers",
        "See all user accounts",
        "Reads the names, addresses and roles of everybody who has an account.",
        &[],
    ),
    entry_of(
        "btcpay.server.canuseinternallightningnode",
        "Spend from the server's Lightning node",
        "Pays with the Lightning node that the server itself runs, and opens and closes its channels.",
        &[
            "btcpay.server.cancreatelightninginvoiceinternalnode",
            "btcpay.server.canviewlightninginvoiceinternalnode",
        ],
    ),
    entry_of(
        "btcpay.server.cancreatelightninginvoiceinternalnode",
        "Charge through the server's Lightning node",
        "Makes invoices on the Lightning node that the server itself runs.",
        &[],
    ),
    entry_of(
        "btcpay.server.canviewlightninginvoiceinternalnode",
        "See invoices on the server's Lightning node",
        "Reads the invoices of the Lightning node that the server itself runs.",
        &[],
    ),
    entry_of(
        "btcpay.user.canmodifyprofile",
        "Change the user's profile",
        "Changes the name, the e-mail address and the picture of the user the key belongs to.",
        &["btcpay.user.canviewprofile"],
    ),
    entry_of(
        "btcpay.user.canviewprofile",
        "See the user's profile",
        "Reads the name, the e-mail address and the roles of the user the key belongs to.",
        &[],
    ),
    entry_of(
        "btcpay.user.canmanagenotificationsforuser",
        "Handle the user's notifications",
        "Reads the notifications of the user the key belongs to, marks them as seen and clears them.",
        &["btcpay.user.canviewnotificationsforuser"],
    ),
    entry_of(
        "btcpay.user.canviewnotificationsforuser",
        "See the user's notifications",
        "Reads what the user the key belongs to was notified of.",
        &[],
    ),
    entry_of(
        "btcpay.user.candeleteuser",
        "Close the user's account",
        "Removes for good the account of the user the key belongs to.",
        &[],
    ),
];
