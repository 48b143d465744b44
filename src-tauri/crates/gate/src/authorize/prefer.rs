//! `Prefer: wait=N` (RFC 7240 §4.3): how long an asker would wait for news.

use std::time::Duration;

use crate::http::Request;

/// The longest anybody waits, in seconds.
const LONGEST: u64 = 25;

/// The wait that will be granted; nothing when none is asked, or it cannot be read. The first one counts.
pub(crate) fn wait(request: &Request) -> Option<Duration> {
    let mut preferences = request.headers.all("prefer").flat_map(|value| value.split([',', ';']));
    let seconds = preferences.find_map(|preference| {
        let (name, value) = preference.split_once('=')?;
        name.trim().eq_ignore_ascii_case("wait").then(|| value.trim().trim_matches('"'))
    })?;
    let only_digits = !seconds.is_empty() && seconds.bytes().all(|byte| byte.is_ascii_digit());
    // More digits than a number can hold are still more than the longest.
    let seconds = only_digits.then(|| seconds.parse().unwrap_or(u64::MAX))?;
    Some(Duration::from_secs(seconds.min(LONGEST)))
}
