use serde::{Deserialize, Serialize};

use super::{amount::Amount, rules::Rules};

/// From or up to which amount a payment method is offered (Greenfield, `PaymentMethodCriteriaData`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Criterion {
    /// The payment method.
    pub payment_method_id: String,
    /// The currency of the amount.
    pub currency_code: String,
    /// The amount, not below zero.
    pub amount: Amount,
    /// Whether it is offered above the amount, and not below.
    pub above: bool,
}

impl Default for Criterion {
    fn default() -> Self {
        Self {
            payment_method_id: String::new(),
            currency_code: "USD".to_owned(),
            amount: Amount::default(),
            above: false,
        }
    }
}

impl Criterion {
    pub(super) fn check(&self, path: &str, rules: &mut Rules) {
        rules.payment_method(format!("{path}.PaymentMethodId"), &self.payment_method_id);
        rules.currency(format!("{path}.CurrencyCode"), &self.currency_code);
        let kept = !self.amount.is_negative();
        rules.demand(kept, format!("{path}.Amount"), "Amount must not be below 0");
    }
}
