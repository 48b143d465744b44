use serde::{Deserialize, Serialize};

use super::rules::Rules;

/// What invoices are like.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Invoicing {
    /// What a Lightning invoice says; `{StoreName}`, `{ItemDescription}` and `{OrderId}` are filled in.
    pub lightning_description_template: String,
    /// Percent of an invoice that may be missing for it to count as paid: 0 to 100.
    pub payment_tolerance: f64,
    /// Whether invoices are made for anybody.
    pub anyone_can_create_invoice: bool,
    /// The currency of an invoice that names none.
    pub default_currency: String,
    /// Currencies whose rates are recorded with each invoice.
    pub additional_tracked_rates: Vec<String>,
}

impl Default for Invoicing {
    fn default() -> Self {
        Self {
            lightning_description_template: "Paid to {StoreName} (Order ID: {OrderId})".to_owned(),
            payment_tolerance: 0.0,
            anyone_can_create_invoice: false,
            default_currency: "USD".to_owned(),
            additional_tracked_rates: Vec::new(),
        }
    }
}

impl Invoicing {
    pub(super) fn check(&self, rules: &mut Rules) {
        let tolerated = (0.0..=100.0).contains(&self.payment_tolerance);
        rules.demand(tolerated, "PaymentTolerance", "PaymentTolerance can only be between 0 and 100 percent");
        rules.currency("DefaultCurrency", &self.default_currency);
        rules.short("AdditionalTrackedRates", self.additional_tracked_rates.len());
        for (nth, code) in self.additional_tracked_rates.iter().enumerate() {
            rules.currency(format!("AdditionalTrackedRates[{nth}]"), code);
        }
    }
}
