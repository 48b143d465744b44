use serde::{Deserialize, Serialize};

/// The most digits that BTCPay Server's decimals have.
const MOST_DIGITS: usize = 28;
/// From here on, floating point skips whole numbers.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A decimal number. Written as a text, read from a text or a number, as Greenfield does with amounts. A text is kept
/// digit by digit: `"0.10"` stays `0.10`. A number is kept at its value, as exactly as JSON readers keep it (`f64`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "String")]
pub struct Amount(String);

/// The text is no decimal number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a decimal number of at most 28 digits, such as 12.50")]
pub struct BadAmount;

#[derive(Deserialize)]
#[serde(untagged, expecting = "not a decimal number, such as 12.50")]
enum Written {
    Text(String),
    Whole(i64),
    Fraction(f64),
}

impl Amount {
    /// Whether it is below zero.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        self.0.starts_with('-') && self.0.bytes().any(|b| matches!(b, b'1'..=b'9'))
    }

    /// Reads digits, which a sign may precede and a point part.
    ///
    /// # Errors
    /// [`BadAmount`] for anything else.
    pub fn parse(text: &str) -> Result<Self, BadAmount> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let mut parts = digits.splitn(2, '.');
        let well_formed = parts.all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
        let count = digits.bytes().filter(u8::is_ascii_digit).count();
        if well_formed && count <= MOST_DIGITS { Ok(Self(text.to_owned())) } else { Err(BadAmount) }
    }
}

impl Default for Amount {
    fn default() -> Self {
        Self("0".to_owned())
    }
}

impl From<Amount> for String {
    fn from(amount: Amount) -> Self {
        amount.0
    }
}

impl TryFrom<Written> for Amount {
    type Error = BadAmount;
    fn try_from(written: Written) -> Result<Self, BadAmount> {
        match written {
            Written::Text(text) => Self::parse(&text),
            Written::Whole(number) => Self::parse(&number.to_string()),
            // What is that large has lost digits on the way here, and must be written as a text.
            Written::Fraction(number) if number.abs() >= EXACT => Err(BadAmount),
            Written::Fraction(number) => Self::parse(&number.to_string()),
        }
    }
}
