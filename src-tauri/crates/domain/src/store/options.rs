use serde::{Deserialize, Serialize};

use super::{criterion::Criterion, rules::Rules, words::NetworkFeeMode};

/// How payments are offered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PaymentOptions {
    /// Whether Lightning amounts are shown in satoshi.
    pub lightning_amount_in_satoshi: bool,
    /// Whether Lightning invoices tell of private channels.
    pub lightning_private_route_hints: bool,
    /// Whether one address serves for the chain and for Lightning.
    pub on_chain_with_ln_invoice_fallback: bool,
    /// Whether a payment method is prepared when the payer chooses it, and not before.
    pub lazy_payment_methods: bool,
    /// Whether the payer is sent on after paying.
    pub redirect_automatically: bool,
}

/// What can be paid with, and at which fee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Methods {
    /// Whether the payer is told a fee.
    pub show_recommended_fee: bool,
    /// Within how many blocks a payment with that fee confirms.
    pub recommended_fee_block_target: i32,
    /// The payment method shown first.
    pub default_payment_method: Option<String>,
    /// The language of the checkout page. Left out where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_lang: Option<String>,
    /// The title of the checkout page.
    pub html_title: Option<String>,
    /// When the network's fee is added.
    pub network_fee_mode: NetworkFeeMode,
    /// From or up to which amount a payment method is offered.
    pub payment_method_criteria: Vec<Criterion>,
    /// Whether payers may use payjoin.
    pub pay_join_enabled: bool,
}

impl Default for Methods {
    fn default() -> Self {
        Self {
            show_recommended_fee: true,
            recommended_fee_block_target: 1,
            default_payment_method: None,
            default_lang: None,
            html_title: None,
            network_fee_mode: NetworkFeeMode::MultiplePaymentsOnly,
            payment_method_criteria: Vec::new(),
            pay_join_enabled: false,
        }
    }
}

impl Methods {
    pub(super) fn check(&self, rules: &mut Rules) {
        if let Some(id) = &self.default_payment_method {
            rules.payment_method("DefaultPaymentMethod", id);
        }
        rules.short("PaymentMethodCriteria", self.payment_method_criteria.len());
        for (nth, criterion) in self.payment_method_criteria.iter().enumerate() {
            criterion.check(&format!("PaymentMethodCriteria[{nth}]"), rules);
        }
    }
}
