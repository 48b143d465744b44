//! Keys and passwords that are guessed, and what is counted, over an orderly end and a new start.

use anyhow::{Context, Result};
use blackbox::{ADMIN, Answer, World};
use reqwest::Method;

const INFO: &str = "/api/v1/server/info";

async fn by_password(world: &World, password: &str) -> Result<Answer> {
    world.asker.send(Method::GET, INFO, |it| it.basic_auth(ADMIN, Some(password))).await
}

fn is_told_when_to_come_again(answer: &Answer, longest: u64) -> Result<()> {
    assert_eq!(
        (answer.status, answer.json()?.get("code")),
        (429, Some(&"too-many-requests".into())),
        "{answer:?}"
    );
    let seconds: u64 = answer.header("retry-after").context("Retry-After")?.parse()?;
    assert!((1..=longest).contains(&seconds), "{seconds}");
    assert_eq!(answer.header("www-authenticate"), None);
    Ok(())
}

#[tokio::test]
async fn too_many_bad_keys_of_a_program_wait_and_its_good_key_never_does() -> Result<()> {
    let world = World::new().await?;
    let good = world.home.key(ADMIN, &[]).await?;
    let bad = async || world.asker.current(&"0".repeat(40)).await;
    for number in 0..60 {
        assert_eq!(bad().await?.status, 401, "{number}");
    }
    is_told_when_to_come_again(&bad().await?, 60)?;
    assert_eq!(world.asker.current(&good).await?.status, 200);
    Ok(())
}

#[tokio::test]
async fn wrong_passwords_hold_off_their_account_over_a_restart() -> Result<()> {
    let mut world = World::new().await?;
    let password = world.home.admin_password.clone();
    for number in 0..5 {
        assert_eq!(by_password(&world, "a guess").await?.status, 401, "{number}");
    }
    is_told_when_to_come_again(&by_password(&world, &password).await?, 30)?;
    world.restart().await?;
    is_told_when_to_come_again(&by_password(&world, &password).await?, 30)
}

#[tokio::test]
async fn what_a_key_was_used_for_is_told_after_a_restart() -> Result<()> {
    let mut world = World::new().await?;
    let made = world.home.ok(&["key", "create", "--user", ADMIN, "--permission", "unrestricted"]).await?;
    let (key, id) = (made["apiKey"].as_str().context("a key")?, made["id"].as_str().context("an id")?);
    for _ in 0..3 {
        let answer = world.asker.mint(key, &serde_json::json!({})).await?;
        assert_eq!(answer.status, 200);
    }
    world.restart().await?;
    let shown = world.home.ok(&["key", "show", id]).await?;
    assert_eq!(shown["usage"][0]["permission"], "unrestricted");
    assert_eq!(shown["usage"][0]["count"], 3);
    Ok(())
}
