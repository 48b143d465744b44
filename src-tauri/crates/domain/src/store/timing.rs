use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::{rules::Rules, words::SpeedPolicy};

/// 24 days, in seconds.
const LONGEST: i64 = 24 * 24 * 60 * 60;
const MINUTE: i64 = 60;
/// What an invoice may last, in seconds.
const SPAN: RangeInclusive<i64> = MINUTE..=LONGEST;

/// How long things take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Timing {
    /// Seconds until an invoice nobody paid has expired: 1 minute to 24 days, kept in whole minutes.
    pub invoice_expiration: i64,
    /// Seconds before that at which the payer sees a countdown: the same.
    pub display_expiration_timer: i64,
    /// Days that a refund's Lightning invoice has to last: up to 3650.
    #[serde(rename = "refundBOLT11Expiration")]
    pub refund_bolt11_expiration: i64,
    /// Seconds until a paid and unconfirmed invoice is invalid: 10 minutes to 24 days, kept in whole minutes.
    pub monitoring_expiration: i64,
    /// How many confirmations settle a payment.
    pub speed_policy: SpeedPolicy,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            invoice_expiration: 900,
            display_expiration_timer: 300,
            refund_bolt11_expiration: 30,
            monitoring_expiration: 86_400,
            speed_policy: SpeedPolicy::MediumSpeed,
        }
    }
}

impl Timing {
    pub(super) fn check(&self, rules: &mut Rules) {
        rules.within("InvoiceExpiration", self.invoice_expiration, SPAN, "seconds");
        rules.within("DisplayExpirationTimer", self.display_expiration_timer, SPAN, "seconds");
        rules.within("RefundBOLT11Expiration", self.refund_bolt11_expiration, 0..=3650, "days");
        rules.within("MonitoringExpiration", self.monitoring_expiration, 10 * MINUTE..=LONGEST, "seconds");
    }

    pub(super) fn round_down(&mut self) {
        let spans = [
            &mut self.invoice_expiration,
            &mut self.display_expiration_timer,
            &mut self.monitoring_expiration,
        ];
        for span in spans {
            *span -= *span % MINUTE;
        }
    }
}
