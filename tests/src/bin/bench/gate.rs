//! The gate and the core behind it.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use blackbox::{ADMIN, Gate, Home, Start, World};
use serde_json::json;
use tokio::task::JoinSet;

use crate::spread;

const CALLERS: u32 = 32;
const LOAD: Duration = Duration::from_secs(5);
const ROUNDS: usize = 20;

pub(crate) async fn figures() -> Result<()> {
    let world = World::new().await?;
    let key = world.home.key(ADMIN, &["unrestricted"]).await?;
    println!("resident when idle: {} kB", world.gate.process().resident()?);
    println!("start to both sockets answering: {}", spread(starts().await?));
    println!("ask, approve, collect: {}", spread(main_jobs(&world).await?));
    println!("mint a key over the API: {}", spread(mints(&world, &key).await?));
    println!("GET current, {CALLERS} callers: {:.0} a second", throughput(&world, &key).await?);
    println!("resident after that: {} kB", world.gate.process().resident()?);
    Ok(())
}

async fn starts() -> Result<Vec<Duration>> {
    let mut took = Vec::new();
    let home = Home::new().await?;
    for _ in 0..ROUNDS {
        let began = Instant::now();
        let mut gate = Gate::start(&home, Start { locked: true, ..Start::default() }).await?;
        took.push(began.elapsed());
        gate.end().await?;
    }
    Ok(took)
}

async fn main_jobs(world: &World) -> Result<Vec<Duration>> {
    let mut took = Vec::new();
    for _ in 0..ROUNDS {
        let began = Instant::now();
        world.collected("permissions=btcpay.store.canviewinvoices", &[]).await?;
        took.push(began.elapsed());
    }
    Ok(took)
}

async fn mints(world: &World, key: &str) -> Result<Vec<Duration>> {
    let mut took = Vec::new();
    for _ in 0..ROUNDS * 5 {
        let began = Instant::now();
        let answer = world.asker.mint(key, &json!({"permissions": []})).await?;
        took.push(began.elapsed());
        ensure!(answer.status == 200, "no key was made: {answer:?}");
    }
    Ok(took)
}

async fn throughput(world: &World, key: &str) -> Result<f64> {
    let url = format!("{}/api/v1/api-keys/current", world.gate.url);
    let client = reqwest::Client::builder().no_proxy().build()?;
    let until = Instant::now() + LOAD;
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        let (client, url, key) = (client.clone(), url.clone(), format!("token {key}"));
        callers.spawn(async move {
            let mut answered = 0_u32;
            while Instant::now() < until {
                client
                    .get(&url)
                    .header("Authorization", &key)
                    .send()
                    .await?
                    .error_for_status()?
                    .bytes()
                    .await?;
                answered += 1;
            }
            anyhow::Ok(answered)
        });
    }
    let mut answered = 0;
    while let Some(caller) = callers.join_next().await {
        answered += caller??;
    }
    Ok(f64::from(answered) / LOAD.as_secs_f64())
}
