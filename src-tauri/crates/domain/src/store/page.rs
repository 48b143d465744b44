use serde::{Deserialize, Serialize};

/// What the checkout page does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Page {
    /// Whether it speaks the payer's language.
    pub auto_detect_language: bool,
    /// Whether it has a button that opens a wallet.
    pub show_pay_in_wallet_button: bool,
    /// Whether it shows the store's name and logo.
    pub show_store_header: bool,
    /// Whether it throws confetti.
    pub celebrate_payment: bool,
    /// Whether it makes a sound.
    pub play_sound_on_payment: bool,
}

impl Default for Page {
    fn default() -> Self {
        Self {
            auto_detect_language: false,
            show_pay_in_wallet_button: true,
            show_store_header: true,
            celebrate_payment: true,
            play_sound_on_payment: false,
        }
    }
}

/// What a payer's receipt shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Receipt {
    /// Whether there is one.
    pub enabled: bool,
    /// Whether it has a QR code.
    #[serde(rename = "showQR")]
    pub show_qr: bool,
    /// Whether it lists the payments.
    pub show_payments: bool,
}

impl Default for Receipt {
    fn default() -> Self {
        Self { enabled: true, show_qr: true, show_payments: true }
    }
}
