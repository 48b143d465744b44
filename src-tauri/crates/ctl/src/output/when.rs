//! Times as people say them.

use domain::Timestamp;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// How long ago: `just now`, `12 s ago`, `5 min ago`, `3 h ago`, `2 d ago`, then the day. What is ahead (a clock was
/// set back) is written out.
pub(crate) fn ago(then: Timestamp, now: Timestamp) -> String {
    match now.0.saturating_sub(then.0) {
        ..0 => exact(then),
        0..2 => "just now".to_owned(),
        seconds @ 2..MINUTE => format!("{seconds} s ago"),
        seconds @ MINUTE..HOUR => format!("{} min ago", seconds / MINUTE),
        seconds @ HOUR..DAY => format!("{} h ago", seconds / HOUR),
        seconds if seconds < 30 * DAY => format!("{} d ago", seconds / DAY),
        _ => day(then),
    }
}

/// How long from now: `in 4:12`, `in 3 h`, `in 12 d`, then the day; `over` when it is past.
pub(crate) fn until(then: Timestamp, now: Timestamp) -> String {
    match then.0.saturating_sub(now.0) {
        ..=0 => "over".to_owned(),
        seconds @ 1..HOUR => format!("in {}:{:02}", seconds / MINUTE, seconds % MINUTE),
        seconds @ HOUR..DAY => format!("in {} h", seconds / HOUR),
        seconds if seconds < 60 * DAY => format!("in {} d", seconds / DAY),
        _ => day(then),
    }
}

/// Day and time, to the second, in UTC.
pub(crate) fn exact(then: Timestamp) -> String {
    written(then, "%Y-%m-%d %H:%M:%S UTC")
}

fn day(then: Timestamp) -> String {
    written(then, "%Y-%m-%d")
}

fn written(then: Timestamp, form: &str) -> String {
    match jiff::Timestamp::from_second(then.0) {
        Ok(time) => time.strftime(form).to_string(),
        Err(_) => format!("second {}", then.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_past_is_told_in_the_unit_that_fits() {
        let now = Timestamp(1_800_000_000);
        for (seconds, told) in [
            (0, "just now"),
            (12, "12 s ago"),
            (59, "59 s ago"),
            (60, "1 min ago"),
            (3_599, "59 min ago"),
            (3_600, "1 h ago"),
            (86_400, "1 d ago"),
            (86_400 * 40, "2026-12-06"),
            (-5, "2027-01-15 08:00:05 UTC"),
        ] {
            assert_eq!(ago(Timestamp(now.0 - seconds), now), told);
        }
    }

    #[test]
    fn what_ends_soon_is_counted_down() {
        let now = Timestamp(1_800_000_000);
        for (seconds, told) in [
            (252, "in 4:12"),
            (5, "in 0:05"),
            (0, "over"),
            (7_200, "in 2 h"),
            (86_400, "in 1 d"),
            (86_400 * 90, "2027-04-15"),
        ] {
            assert_eq!(until(Timestamp(now.0 + seconds), now), told);
        }
    }

    #[test]
    fn a_time_beyond_the_calendar_is_still_told() {
        assert_eq!(exact(Timestamp(i64::MAX)), format!("second {}", i64::MAX));
    }
}
