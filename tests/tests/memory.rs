//! What a gate that was locked still has in its memory.

use anyhow::{Context, Result};
use blackbox::{ADMIN, World, until};
use serde_json::json;

fn stands_in(text: &str, memory: &[u8]) -> bool {
    memchr::memmem::find(memory, text.as_bytes()).is_some()
}

#[tokio::test]
async fn a_locked_gate_has_forgotten_passphrase_password_and_tokens() -> Result<()> {
    let world = World::new().await?;
    let by_hand = world.home.key(ADMIN, &["unrestricted"]).await?;
    let collected = world.collected("permissions=btcpay.store.canviewinvoices", &[]).await?;
    let made = world.asker.mint(&by_hand, &json!({"label": "over the API"})).await?.json()?;
    let over_the_api = made.get("apiKey").and_then(|key| key.as_str()).context("a key")?.to_owned();
    let login = world.asker.send(reqwest::Method::GET, "/api/v1/users/me", |it| {
        it.basic_auth(ADMIN, Some(&world.home.admin_password))
    });
    assert_eq!(login.await?.status, 200);
    let secrets = [
        ("a key made by hand", &by_hand),
        ("a collected key", &collected),
        ("a key made over the API", &over_the_api),
        ("the passphrase", &world.home.passphrase),
        ("the password", &world.home.admin_password),
    ];
    world.home.ok(&["lock"]).await?;
    let mut left = Vec::new();
    // What is on its way to be wiped is, soon; what lies about stays.
    let forgotten = until("a memory without them", async || {
        let memory = world.gate.process().memory()?;
        let there = secrets.iter().filter(|(_, secret)| stands_in(secret, &memory));
        left = there.map(|(what, _)| *what).collect();
        Ok(left.is_empty().then_some(()))
    });
    forgotten.await.with_context(|| format!("still there: {left:?}"))?;
    let memory = world.gate.process().memory()?;
    assert!(stands_in("btcpay.store.canviewinvoices", &memory), "the search itself finds things");
    Ok(())
}
