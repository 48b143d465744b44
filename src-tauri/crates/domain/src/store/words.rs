use std::fmt;

use serde::{Deserialize, Serialize};

/// The text is none of the words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected one of {0}")]
pub struct UnknownWord(String);

/// Enumerations whose values are words, written as they are named and read in any letter case, as Greenfield does.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $word:ident,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub enum $name { $($(#[$of])* $word,)* }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$word,)*];
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(self, f)
            }
        }

        impl From<$name> for String {
            fn from(word: $name) -> Self {
                word.to_string()
            }
        }

        impl TryFrom<String> for $name {
            type Error = UnknownWord;
            fn try_from(text: String) -> Result<Self, UnknownWord> {
                let mut all = Self::ALL.iter().copied();
                all.find(|word| word.to_string().eq_ignore_ascii_case(&text)).ok_or_else(|| {
                    UnknownWord(Self::ALL.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
                })
            }
        }
    )*};
}

words! {
    /// How many confirmations settle a payment.
    SpeedPolicy {
        /// None; one where the payer could still replace the payment.
        HighSpeed,
        /// One.
        MediumSpeed,
        /// Six.
        LowSpeed,
        /// Two.
        LowMediumSpeed,
    }

    /// When the network's fee is added to an invoice.
    NetworkFeeMode {
        /// From the second payment of an invoice on.
        MultiplePaymentsOnly,
        /// Always.
        Always,
        /// Never.
        Never,
    }
}
