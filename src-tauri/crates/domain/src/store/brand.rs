use serde::{Deserialize, Serialize};

use super::rules::Rules;

/// How a store looks, and where it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Brand {
    /// Address of the shop itself: `http` or `https`.
    pub website: Option<String>,
    /// `#` and six hex digits.
    pub brand_color: Option<String>,
    /// Whether the colour is for the merchant's own pages, too.
    pub apply_brand_color_to_backend: bool,
    /// Address of a picture, or `fileid:ID`.
    pub logo_url: Option<String>,
    /// Address of a style sheet, or `fileid:ID`.
    pub css_url: Option<String>,
    /// Address of a sound, or `fileid:ID`.
    pub payment_sound_url: Option<String>,
    /// Where payers find help: an address with any scheme, in which `{OrderId}` and `{InvoiceId}` may stand.
    pub support_url: Option<String>,
}

impl Brand {
    pub(super) fn check(&self, rules: &mut Rules) {
        let color = self.brand_color.as_deref();
        rules.web_address("Website", self.website.as_deref());
        rules.demand(color.is_none_or(is_color), "BrandColor", "BrandColor is not # and six hex digits");
        rules.file_address("LogoUrl", self.logo_url.as_deref());
        rules.file_address("CssUrl", self.css_url.as_deref());
        rules.file_address("PaymentSoundUrl", self.payment_sound_url.as_deref());
        rules.address("SupportUrl", self.support_url.as_deref());
    }
}

fn is_color(text: &str) -> bool {
    let digits = text.strip_prefix('#');
    digits.is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}
