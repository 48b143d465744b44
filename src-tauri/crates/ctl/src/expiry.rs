//! When a key shall end, as it is typed.

use std::str::FromStr;
use std::time::Duration;

use domain::Timestamp;

const DAY: u64 = 24 * 60 * 60;

/// `30s`, `5m`, `1h`, `1d`, `1y` (365 days), `never`, or a time in RFC 3339.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expiry {
    /// Not by itself.
    Never,
    /// This long from when it is made.
    After(Duration),
    /// At this time.
    At(Timestamp),
}

/// What is said of a text that is none of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadExpiry {
    #[error("write 30s, 5m, 1h, 1d, 1y, never, or a time like 2030-01-31T12:00:00Z")]
    Form,
    #[error("a key that ends at once is of no use: write at least 1s, or never")]
    Zero,
    #[error("that is further away than time is counted here: write never")]
    TooLong,
}

impl Expiry {
    /// The end of a key that is made `now`.
    pub(crate) fn from(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Never => None,
            Self::After(time) => Some(now.plus(time)),
            Self::At(end) => Some(end),
        }
    }
}

impl FromStr for Expiry {
    type Err = BadExpiry;

    fn from_str(text: &str) -> Result<Self, BadExpiry> {
        if text == "never" {
            return Ok(Self::Never);
        }
        if let Some((count, unit)) = count_and_unit(text) {
            return after(count, unit);
        }
        let end: jiff::Timestamp = text.parse().map_err(|_| BadExpiry::Form)?;
        Ok(Self::At(Timestamp(end.as_second())))
    }
}

/// The digits and the one letter after them.
fn count_and_unit(text: &str) -> Option<(&str, u64)> {
    let (count, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        "d" => DAY,
        "y" => 365 * DAY,
        _ => return None,
    };
    let digits = !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit());
    digits.then_some((count, seconds))
}

fn after(count: &str, unit: u64) -> Result<Expiry, BadExpiry> {
    /// Beyond this no calendar here has a name for the day.
    const LONGEST: u64 = 7000 * 365 * DAY;
    let count: u64 = count.parse().map_err(|_| BadExpiry::TooLong)?;
    match count.checked_mul(unit) {
        Some(0) => Err(BadExpiry::Zero),
        Some(seconds) if seconds <= LONGEST => Ok(Expiry::After(Duration::from_secs(seconds))),
        _ => Err(BadExpiry::TooLong),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_of_time_counts_from_now() {
        let now = Timestamp(1_000);
        for (text, later) in
            [("30s", 30), ("5m", 300), ("1h", 3_600), ("1d", 86_400), ("30d", 2_592_000), ("1y", 31_536_000)]
        {
            let expiry: Expiry = text.parse().unwrap();
            assert_eq!(expiry.from(now), Some(Timestamp(1_000 + later)), "{text}");
        }
    }

    #[test]
    fn never_is_no_time_at_all() {
        assert_eq!("never".parse::<Expiry>().unwrap().from(Timestamp(5)), None);
    }

    #[test]
    fn a_time_with_an_offset_is_that_moment() {
        for text in ["2030-01-31T12:00:00Z", "2030-01-31T13:00:00+01:00", "2030-01-31T12:00:00.75Z"] {
            assert_eq!(text.parse(), Ok(Expiry::At(Timestamp(1_896_091_200))), "{text}");
        }
    }

    #[test]
    fn what_could_be_meant_in_two_ways_is_refused() {
        for text in [
            "",
            "1",
            "d",
            "1w",
            "1 d",
            "-1d",
            "+1d",
            "1.5h",
            "Never",
            "2030-01-31",
            "2030-01-31T12:00:00",
            "é",
        ] {
            assert_eq!(text.parse::<Expiry>(), Err(BadExpiry::Form), "{text:?}");
        }
    }

    #[test]
    fn nothing_and_more_than_can_be_counted_are_refused() {
        assert_eq!("0s".parse::<Expiry>(), Err(BadExpiry::Zero));
        assert_eq!("99999999999999999999y".parse::<Expiry>(), Err(BadExpiry::TooLong));
        assert_eq!("9999999999999999y".parse::<Expiry>(), Err(BadExpiry::TooLong));
        assert_eq!("7001y".parse::<Expiry>(), Err(BadExpiry::TooLong));
    }
}
