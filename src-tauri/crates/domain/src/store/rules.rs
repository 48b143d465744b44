//! The rules that settings have to keep, and what is said of those that are broken.

use std::ops::RangeInclusive;

use url::Url;

/// The most entries of a list among the settings.
const MOST_ENTRIES: usize = 50;

/// One broken rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenRule {
    /// The field at fault, by the name of the property (`Website`, `PaymentMethodCriteria[0].Amount`).
    pub field: String,
    /// What is wrong with it, in a sentence. It does not repeat what was sent.
    pub message: String,
}

/// Gathers every rule that is broken.
#[derive(Debug, Default)]
pub(super) struct Rules(Vec<BrokenRule>);

impl Rules {
    pub(super) fn demand(&mut self, kept: bool, field: impl Into<String>, message: impl Into<String>) {
        if !kept {
            self.0.push(BrokenRule { field: field.into(), message: message.into() });
        }
    }

    pub(super) fn within(&mut self, field: &str, value: i64, allowed: RangeInclusive<i64>, unit: &str) {
        let message = format!("{field} can only be between {} and {} {unit}", allowed.start(), allowed.end());
        self.demand(allowed.contains(&value), field, message);
    }

    /// An address of the web: `http` or `https`, with a host.
    pub(super) fn web_address(&mut self, field: &str, text: Option<&str>) {
        let kept = text.is_none_or(is_web_address);
        self.demand(kept, field, format!("{field} is not a valid url"));
    }

    /// An address of the web, or a file that was uploaded: `fileid:ID`.
    pub(super) fn file_address(&mut self, field: &str, text: Option<&str>) {
        let uploaded = |text: &str| {
            text.strip_prefix("fileid:")
                .is_some_and(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_graphic()))
        };
        let kept = text.is_none_or(|text| is_web_address(text) || uploaded(text));
        self.demand(kept, field, format!("{field} is neither a valid url nor fileid:ID"));
    }

    /// Any address with a scheme: `https:`, `mailto:`, `nostr:`.
    pub(super) fn address(&mut self, field: &str, text: Option<&str>) {
        let kept = text.is_none_or(|text| parsed(text).is_some());
        self.demand(kept, field, format!("{field} is not a valid uri"));
    }

    /// A list that does not go on and on: settings are kept in memory and told with every list of stores.
    pub(super) fn short(&mut self, field: &str, length: usize) {
        let message = format!("{field} can have at most {MOST_ENTRIES} entries");
        self.demand(length <= MOST_ENTRIES, field, message);
    }

    /// A currency's code. Which there are is the affair of whoever knows its rate.
    pub(super) fn currency(&mut self, field: impl Into<String>, code: &str) {
        let kept = (2..=10).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric());
        self.demand(kept, field, "This is not the code of a currency, such as USD");
    }

    /// The handle of a payment method, such as `BTC-CHAIN`.
    pub(super) fn payment_method(&mut self, field: impl Into<String>, id: &str) {
        let kept = (1..=64).contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        self.demand(kept, field, "This is not the id of a payment method, such as BTC-CHAIN");
    }

    pub(super) fn broken(self) -> Vec<BrokenRule> {
        self.0
    }
}

fn is_web_address(text: &str) -> bool {
    parsed(text).is_some_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// The parser drops tabs and line ends in silence and trims blanks; here they are no part of an address.
fn parsed(text: &str) -> Option<Url> {
    let clean = !text.chars().any(|c| c.is_control() || c.is_whitespace());
    clean.then(|| Url::parse(text).ok()).flatten()
}
