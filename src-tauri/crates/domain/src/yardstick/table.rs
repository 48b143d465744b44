//! What each plugin asks for, as its source has it. Plugins that let their users choose, or that ask for whatever the
//! program around them needs, are no yardstick.

use crate::Policy;

/// A plugin that everybody knows, and what it asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Yardstick {
    /// The plugin's name.
    pub name: &'static str,
    /// What it asks for each time.
    pub required: &'static [&'static str],
    /// What it asks for as well, depending on how it is set up or how old it is.
    pub optional: &'static [&'static str],
    /// Where that can be read.
    pub source: &'static str,
}

impl Yardstick {
    /// All it may ask for.
    pub(super) fn policies(&self) -> impl Iterator<Item = Policy> {
        self.required.iter().chain(self.optional).filter_map(|name| Policy::parse(name).ok())
    }
}

const CREATE: &str = "btcpay.store.cancreateinvoice";
const INVOICES: &str = "btcpay.store.canviewinvoices";
const MODIFY_INVOICES: &str = "btcpay.store.canmodifyinvoices";
const SETTINGS: &str = "btcpay.store.canviewstoresettings";
const MODIFY_STORE: &str = "btcpay.store.canmodifystoresettings";
const WEBHOOKS: &str = "btcpay.store.webhooks.canmodifywebhooks";
const REFUNDS: &str = "btcpay.store.cancreatenonapprovedpullpayments";

static ALL: [Yardstick; 7] = [
    Yardstick {
        name: "WooCommerce",
        required: &[INVOICES, CREATE, SETTINGS, MODIFY_INVOICES],
        optional: &[REFUNDS, WEBHOOKS],
        source: "github.com/btcpayserver/woocommerce-greenfield-plugin, src/Helper/GreenfieldApiAuthorization.php",
    },
    Yardstick {
        name: "PrestaShop",
        required: &[MODIFY_STORE, WEBHOOKS, SETTINGS, CREATE, INVOICES, MODIFY_INVOICES],
        optional: &[],
        source: "github.com/btcpayserver/prestashop-plugin, modules/btcpay",
    },
    Yardstick {
        name: "Magento",
        required: &[INVOICES, CREATE, WEBHOOKS, SETTINGS, MODIFY_INVOICES],
        optional: &[],
        source: "github.com/btcpayserver/magento2-plugin",
    },
    Yardstick {
        name: "Drupal Commerce",
        required: &[INVOICES, CREATE, SETTINGS, WEBHOOKS],
        optional: &[],
        source: "github.com/btcpayserver/commerce_btcpay, src/ApiKeyPermissions.php",
    },
    Yardstick {
        name: "Shopware",
        required: &[CREATE, INVOICES, WEBHOOKS],
        optional: &[],
        source: "github.com/coincharge-io/CoinchargeBTCPayShopware",
    },
    Yardstick {
        name: "SmartStore",
        required: &[MODIFY_STORE],
        optional: &[],
        source: "the BTCPay module for SmartStore",
    },
    Yardstick {
        name: "Keysat",
        required: &[SETTINGS, MODIFY_STORE, INVOICES, CREATE, MODIFY_INVOICES],
        optional: &[],
        source: "github.com/keysat-xyz/keysat",
    },
];

/// Every yardstick there is.
#[must_use]
pub fn all() -> &'static [Yardstick] {
    &ALL
}
