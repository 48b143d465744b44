//! Two hundred callers at once: nobody is answered wrongly, and every granted call is counted once.

use std::sync::Arc;

use anyhow::Result;
use blackbox::World;
use blackbox::crowd::{Crowd, DAY};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

const DAYS: usize = 3;

#[tokio::test]
async fn two_hundred_callers_at_once_are_answered_rightly_and_counted_exactly() -> Result<()> {
    let mut world = World::new().await?;
    let crowd = Crowd::of(&world.home).await?;
    let mut callers = JoinSet::new();
    let start = Arc::new(Barrier::new(blackbox::crowd::CALLERS));
    for mut worker in crowd.workers(&world) {
        let start = Arc::clone(&start);
        callers.spawn(async move {
            start.wait().await;
            for errand in [DAY; DAYS].concat() {
                worker.run(errand).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(caller) = callers.join_next().await {
        caller??;
    }
    crowd.check_counts(&world.home, DAYS).await?;
    world.restart().await?;
    crowd.check_counts(&world.home, DAYS).await?;
    let verdict = world.home.ok(&["log", "--verify"]).await?;
    assert_eq!(verdict["faults"], serde_json::json!([]));
    Ok(())
}
