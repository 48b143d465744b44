//! A shop, and everything its owner may set about it (Greenfield, `StoreData`).

mod amount;
mod brand;
mod criterion;
mod draft;
mod invoicing;
mod options;
mod page;
mod rules;
#[cfg(test)]
mod tests;
mod timing;
mod words;

use serde::{Deserialize, Serialize};

use crate::{Issuer, StoreId, Timestamp};

pub use amount::Amount;
pub use brand::Brand;
pub use criterion::Criterion;
pub use draft::StoreDraft;
pub use invoicing::Invoicing;
pub use options::{Methods, PaymentOptions};
pub use page::{Page, Receipt};
pub use rules::BrokenRule;
pub use timing::Timing;
pub use words::{NetworkFeeMode, SpeedPolicy};

use rules::Rules;

/// A shop whose invoices and settings store permissions speak of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Store {
    /// Handle.
    pub id: StoreId,
    /// Display name, 1 to 50 characters.
    pub name: String,
    /// Everything else that can be set about it.
    pub settings: StoreSettings,
    /// Who knows this store.
    pub issuer: Issuer,
    /// When it was created.
    pub created: Timestamp,
}

/// Everything that can be set about a store, its name excepted. Fieldgate takes no payments: it keeps these for the
/// programs that ask. Serialised in the names and the order of Greenfield's `StoreData`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct StoreSettings {
    /// How the store looks, and where it is.
    #[serde(flatten)]
    pub brand: Brand,
    /// How long things take.
    #[serde(flatten)]
    pub timing: Timing,
    /// What invoices are like.
    #[serde(flatten)]
    pub invoicing: Invoicing,
    /// How payments are offered.
    #[serde(flatten)]
    pub payment: PaymentOptions,
    /// Whether lists leave the store out.
    pub archived: bool,
    /// What can be paid with, and at which fee.
    #[serde(flatten)]
    pub methods: Methods,
    /// What the checkout page does.
    #[serde(flatten)]
    pub page: Page,
    /// What a payer's receipt shows.
    pub receipt: Receipt,
}

impl StoreSettings {
    /// Takes an empty text for none.
    fn without_empty_texts(mut self) -> Self {
        let optional = [
            &mut self.brand.website,
            &mut self.brand.brand_color,
            &mut self.brand.logo_url,
            &mut self.brand.css_url,
            &mut self.brand.payment_sound_url,
            &mut self.brand.support_url,
            &mut self.methods.default_payment_method,
            &mut self.methods.default_lang,
            &mut self.methods.html_title,
        ];
        for text in optional {
            text.take_if(|text| text.is_empty());
        }
        self
    }

    fn check(&self, rules: &mut Rules) {
        self.brand.check(rules);
        self.timing.check(rules);
        self.invoicing.check(rules);
        self.methods.check(rules);
    }

    /// As Greenfield keeps them: spans in whole minutes.
    fn rounded(mut self) -> Self {
        self.timing.round_down();
        self
    }
}
