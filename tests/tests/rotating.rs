//! Keys in place of others, over real sockets and over crashes.

#![expect(clippy::indexing_slicing, reason = "of JSON documents: what is missing is null")]

use anyhow::{Context, Result};
use blackbox::{ADMIN, Asked, Start, World};
use serde_json::{Value, json};

const VIEW: &str = "permissions=btcpay.store.canviewinvoices";

fn text<'a>(answer: &'a Value, field: &str) -> Result<&'a str> {
    answer[field].as_str().with_context(|| format!("{field} in {answer}"))
}

/// An old key and its token, and the new one with its token.
struct Rotated {
    old: String,
    old_token: String,
    new: String,
    new_token: String,
}

async fn rotated(world: &World, when: &str) -> Result<Rotated> {
    let create = ["key", "create", "--user", ADMIN, "--label", "Till", "--permission", "unrestricted"];
    let made = world.home.ok(&create).await?;
    let answer = world.home.ok(&["key", "rotate", text(&made, "id")?, "--old", when]).await?;
    assert_eq!((&answer["label"], &answer["permissions"]), (&json!("Till"), &json!(["unrestricted"])));
    Ok(Rotated {
        old: text(&made, "id")?.to_owned(),
        old_token: text(&made, "apiKey")?.to_owned(),
        new: text(&answer, "id")?.to_owned(),
        new_token: text(&answer, "apiKey")?.to_owned(),
    })
}

async fn status(world: &World, token: &str) -> Result<u16> {
    Ok(world.asker.current(token).await?.status)
}

#[tokio::test]
async fn a_rotated_key_stops_with_the_first_use_of_the_new_one_whatever_crashes_in_between() -> Result<()> {
    let mut world = World::new().await?;
    let keys = rotated(&world, "first-use").await?;
    assert_eq!(status(&world, &keys.old_token).await?, 200);
    world.crash_and_restart().await?;
    assert_eq!(status(&world, &keys.old_token).await?, 200, "nobody has used the new one");
    assert_eq!(status(&world, &keys.new_token).await?, 200);
    world.crash_and_restart().await?;
    assert_eq!(status(&world, &keys.old_token).await?, 401, "the answer to the new one was the end of it");
    assert_eq!(status(&world, &keys.new_token).await?, 200);
    let shown = world.home.ok(&["key", "show", &keys.new]).await?;
    let program = std::env::current_exe()?;
    assert_eq!(shown["firstUsed"]["by"]["exe"], json!(program.to_str()), "it knows who");
    assert_eq!(shown["replaces"], json!([keys.old]));
    let gone = world.home.ok(&["key", "show", &keys.old]).await?;
    assert_eq!((&gone["state"], &gone["replaced"]["outlook"]), (&json!("revoked"), &json!("stopped")));
    assert_eq!(world.home.ok(&["log", "--verify"]).await?["faults"], json!([]));
    Ok(())
}

#[tokio::test]
async fn a_locked_gate_stops_the_old_key_as_well_and_the_next_unlock_finds_nothing_amiss() -> Result<()> {
    let mut world = World::new().await?;
    let keys = rotated(&world, "first-use").await?;
    world.gate.kill().await?;
    world.gate = blackbox::Gate::start(&world.home, Start { locked: true, ..Start::default() }).await?;
    world.asker = blackbox::Asker::of(&world.gate)?;
    assert_eq!(status(&world, &keys.old_token).await?, 200);
    assert_eq!(status(&world, &keys.new_token).await?, 200);
    assert_eq!(status(&world, &keys.old_token).await?, 401);
    world.crash_and_restart().await?;
    assert_eq!(status(&world, &keys.old_token).await?, 401);
    assert_eq!(world.home.listed_key(&keys.old).await?["state"], "revoked");
    Ok(())
}

#[tokio::test]
async fn an_old_key_stops_now_or_has_a_day() -> Result<()> {
    let world = World::new().await?;
    let now = rotated(&world, "now").await?;
    assert_eq!(status(&world, &now.old_token).await?, 401);
    assert_eq!(status(&world, &now.new_token).await?, 200);
    let later = rotated(&world, "in-a-day").await?;
    assert_eq!(status(&world, &later.new_token).await?, 200);
    assert_eq!(status(&world, &later.old_token).await?, 200);
    let listed = world.home.listed_key(&later.old).await?;
    let day = listed["expires"].as_i64().context("an end")? - listed["created"].as_i64().context("a time")?;
    assert!((86_400..86_400 + 600).contains(&day), "{day}");
    assert_eq!(world.home.listed_key(&later.new).await?["expires"], Value::Null);
    assert_eq!(
        world.home.refused(&["key", "rotate", &later.old]).await?,
        "invalid",
        "its successor is there"
    );
    Ok(())
}

#[tokio::test]
async fn a_reconnect_stops_the_old_key_when_the_new_one_is_first_used() -> Result<()> {
    let world = World::new().await?;
    let old_token = world.collected(VIEW, &[]).await?;
    let old = text(&world.home.ok(&["key", "list"]).await?[0], "id")?.to_owned();
    let asked: Asked = world.asker.asked(VIEW).await?;
    world.approve(&asked, &["--stop-old", &old]).await?;
    let polled = world.asker.poll(&asked).await?;
    let new_token = text(&polled, "apiKey")?;
    assert_eq!(status(&world, &old_token).await?, 200);
    let grant = world.home.request(&asked.id).await?["grant"].clone();
    assert_eq!((grant["delivered"].is_i64(), &grant["firstUsed"]), (true, &Value::Null));
    assert_eq!(status(&world, new_token).await?, 200);
    assert_eq!(status(&world, &old_token).await?, 401);
    let grant = world.home.request(&asked.id).await?["grant"].clone();
    assert!(grant["firstUsed"]["at"].is_i64(), "{grant}");
    Ok(())
}
