//! Canaries: secrets that went through a whole life of Fieldgate, looked for everywhere they have no business.

#![expect(clippy::indexing_slicing, reason = "of JSON documents: what is missing is null")]

use std::fs;

use anyhow::{Context, Result, ensure};
use blackbox::encoding::is_in;
use blackbox::{ADMIN, Asked, Callback, Start, World};
use reqwest::Method;
use serde_json::{Value, json};

/// What must be found nowhere, by name, and what may be found anywhere.
struct Canaries {
    secrets: Vec<(&'static str, String)>,
    numbers: Vec<String>,
    handle: String,
}

fn token(json: &Value) -> Result<String> {
    Ok(json["apiKey"].as_str().with_context(|| format!("a key in {json}"))?.to_owned())
}

/// What of the poll's address is not the id: the collect secret.
fn collect_secret(asked: &Asked) -> Result<String> {
    let words = asked.poll.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_');
    let secret = words.filter(|word| word.len() >= 20 && *word != asked.id).max_by_key(|word| word.len());
    Ok(secret.context("a secret in the poll's address")?.to_owned())
}

/// The key that `approve` answered with, shown to whoever holds the passphrase.
async fn revealed(world: &World, approved: &Value) -> Result<String> {
    let handle = approved["grant"]["key"].as_str().context("a handle")?;
    token(&world.home.ok(&["key", "show", handle, "--reveal"]).await?)
}

async fn a_whole_life(world: &World) -> Result<Canaries> {
    let shop = Callback::new().await?;
    let view = "permissions=btcpay.store.canviewinvoices";
    let polling = world.asker.asked(view).await?;
    let posting = world
        .asker
        .asked(&format!("{view}&{}&state=canarystate77", shop.redirect("/cb?s=canaryquery42")))
        .await?;
    let refused = world.asker.asked("applicationName=refused").await?;
    let pending = world.asker.asked("applicationName=pending").await?;
    let numbers = [&polling, &posting, &refused, &pending].map(|asked| asked.number.clone()).into();

    let approved = world.approve(&polling, &[]).await?;
    let collected = token(&world.asker.poll(&polling).await?)?;
    world.approve(&posting, &[]).await?;
    let posted = token(&shop.first("POST").await?.json()?)?;
    world.asker.poll_until(&posting, "delivered").await?;
    // One that nobody takes: what goes wrong is logged.
    let busy = Callback::busy().await?;
    let failing = world.asker.asked(&format!("{view}&{}", busy.redirect("/cb?s=canaryquery43"))).await?;
    let failed = world.approve(&failing, &[]).await?;
    world.asker.poll_until(&failing, "undelivered").await?;
    let undelivered = revealed(world, &failed).await?;
    let by_hand = world.home.key(ADMIN, &["unrestricted"]).await?;
    let basic = world.asker.send(Method::POST, "/api/v1/api-keys", |it| {
        it.basic_auth(ADMIN, Some(&world.home.admin_password)).json(&json!({"label": "basic"}))
    });
    let basic = basic.await?;
    ensure!(basic.status == 200, "{basic:?}");
    let over_the_api = token(&basic.json()?)?;
    ensure!(world.asker.revoke(&by_hand, &over_the_api).await?.status == 200);
    ensure!(world.asker.current(&over_the_api).await?.status == 401);
    world.home.ok(&["refuse", &refused.id]).await?;
    ensure!(revealed(world, &approved).await? == collected);
    let handle = approved["grant"]["key"].as_str().context("a handle")?.to_owned();

    let secrets = vec![
        ("a collected key", collected),
        ("a posted key", posted),
        ("a key that could not be posted", undelivered),
        ("a key made by hand", by_hand),
        ("a revoked key", over_the_api),
        ("the passphrase", world.home.passphrase.clone()),
        ("the password", world.home.admin_password.clone()),
        ("a collect secret", collect_secret(&polling)?),
        ("a collect secret of a pending request", collect_secret(&pending)?),
        ("the redirect's query", "canaryquery42".to_owned()),
        ("the query of a redirect that fails", "canaryquery43".to_owned()),
        ("the state", "canarystate77".to_owned()),
    ];
    Ok(Canaries { secrets, numbers, handle })
}

/// Every place a secret could have leaked to, by name.
async fn places(world: &World) -> Result<Vec<(String, Vec<u8>)>> {
    let mut places = vec![
        ("stderr".to_owned(), world.gate.stderr()?.into_bytes()),
        ("stdout".to_owned(), world.gate.line.clone().into_bytes()),
        ("arguments and environment".to_owned(), world.gate.process().surroundings()?),
    ];
    for entry in fs::read_dir(world.home.path())? {
        let path = entry?.path();
        if fs::symlink_metadata(&path)?.is_file() {
            places.push((path.display().to_string(), fs::read(&path)?));
        }
    }
    for command in
        [&["log"][..], &["requests"], &["key", "list"], &["user", "list"], &["app", "list"], &["status"]]
    {
        let output = world.home.ctl(command).await?;
        output.json()?;
        places.push((command.join(" "), (output.stdout + &output.stderr).into_bytes()));
    }
    Ok(places)
}

#[tokio::test]
async fn no_secret_is_found_where_it_has_no_business() -> Result<()> {
    let env = vec![("FIELDGATE_LOG", "trace".to_owned())];
    let mut world = World::with(Start { env, ..Start::default() }).await?;
    let canaries = a_whole_life(&world).await?;
    let mut places = places(&world).await?;
    let (exit, rest) = world.gate.end().await?;
    assert_eq!((exit, rest.as_str()), (Some(0), ""));
    places.push(("the end of stderr".to_owned(), world.gate.stderr()?.into_bytes()));
    places.push(("the database at rest".to_owned(), fs::read(world.home.path().join("fieldgate.db"))?));

    let mut leaks = Vec::new();
    for (place, bytes) in &places {
        for (what, secret) in &canaries.secrets {
            if is_in(secret, bytes) {
                leaks.push(format!("{what} in {place}"));
            }
        }
    }
    assert!(leaks.is_empty(), "{leaks:#?}");
    let holds_handle =
        |wanted: &str| places.iter().any(|(place, bytes)| place == wanted && is_in(&canaries.handle, bytes));
    assert!(
        holds_handle("key list") && holds_handle("the database at rest"),
        "the search itself finds things"
    );
    Ok(())
}

#[tokio::test]
async fn no_number_is_in_the_programs_own_log() -> Result<()> {
    let env = vec![("FIELDGATE_LOG", "trace".to_owned())];
    let mut world = World::with(Start { env, ..Start::default() }).await?;
    let canaries = a_whole_life(&world).await?;
    world.gate.end().await?;
    let log = world.gate.stderr()?;
    assert!(log.contains("could not be posted"), "there is a log: {log}");
    for number in &canaries.numbers {
        let line = log.lines().find(|line| says(line, number));
        assert_eq!(line, None, "the number {number}");
    }
    Ok(())
}

/// Whether a line of the log has `number` for a word; its timestamp is none of its words, nor does a port or an id
/// come apart into any.
fn says(line: &str, number: &str) -> bool {
    let message = line.split_once(' ').map_or("", |(_, message)| message);
    message.split(|c: char| !c.is_alphanumeric()).any(|word| word == number)
}

#[test]
fn the_search_for_a_number_finds_one_and_is_not_misled_by_clocks_ports_and_ids() {
    let line = "2026-01-02T03:47:05.470000Z  WARN posted request=0047 origin=http://127.0.0.1:47100 47x";
    assert!(!says(line, "47"));
    assert!(says(&format!("{line} number=47"), "47"));
}
