//! What the program says of itself on stderr.

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// The program's own log goes to stderr; `FIELDGATE_LOG` sets how much (`warn` unless said). Libraries never say more
/// than warnings: what they would print at lower levels is not ours to vouch for.
pub fn start_log() {
    let level =
        std::env::var("FIELDGATE_LOG").ok().and_then(|level| level.parse().ok()).unwrap_or(LevelFilter::WARN);
    let ours = ["fieldgate", "fieldgatectl", "assembly", "btcpay", "desk", "domain", "gate", "vault"]
        .map(|name| (name, level));
    let filter = Targets::new().with_default(level.min(LevelFilter::WARN)).with_targets(ours);
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(false);
    tracing_subscriber::registry().with(lines).with(filter).init();
}
