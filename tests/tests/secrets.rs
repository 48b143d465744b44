//! Canaries: secrets that went through a whole life of Fieldgate, looked for everywhere they have no business.

#![expect(clippy::indexing_slicing, reason = "of JSON documents: what is missing is null")]

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use blackbox::encoding::is_in;
use blackbox::{ADMIN, Asked, Callback, Gate, Start, World};
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

/// What is presented and gets nobody in, and a password that is changed: neither is ours to repeat.
async fn wrong_ones_and_a_change(world: &World) -> Result<Vec<(&'static str, String)>> {
    let wrong_key = "c0ffee00c0ffee11c0ffee22c0ffee33c0ffee44".to_owned();
    let (wrong, new) = ("canary wrong password 51".to_owned(), "canary new password 52".to_owned());
    ensure!(world.asker.current(&wrong_key).await?.status == 401);
    let login = |password: String| {
        world.asker.send(Method::GET, "/api/v1/users/me", move |it| it.basic_auth(ADMIN, Some(password)))
    };
    ensure!(login(wrong.clone()).await?.status == 401);
    let changed = world.asker.send(Method::PUT, "/api/v1/users/me", |it| {
        let wish = json!({"currentPassword": world.home.admin_password, "newPassword": new});
        it.basic_auth(ADMIN, Some(&world.home.admin_password)).json(&wish)
    });
    let changed = changed.await?;
    ensure!(changed.status == 200, "{changed:?}");
    ensure!(login(new.clone()).await?.status == 200);
    Ok(vec![("a wrong key", wrong_key), ("a wrong password", wrong), ("a new password", new)])
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

    let mut secrets = wrong_ones_and_a_change(world).await?;
    secrets.extend([
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
    ]);
    Ok(Canaries { secrets, numbers, handle })
}

/// Every place a secret could have leaked to, by name.
async fn places(world: &World) -> Result<Vec<(String, Vec<u8>)>> {
    let mut places = vec![
        ("stderr".to_owned(), world.gate.stderr()?.into_bytes()),
        ("stdout".to_owned(), world.gate.line.clone().into_bytes()),
        ("arguments and environment".to_owned(), world.gate.process().surroundings()?),
    ];
    files(world.home.path(), &mut places)?;
    for command in
        [&["log"][..], &["requests"], &["key", "list"], &["user", "list"], &["app", "list"], &["status"]]
    {
        let output = world.home.ctl(command).await?;
        output.json()?;
        places.push((command.join(" "), (output.stdout + &output.stderr).into_bytes()));
    }
    Ok(places)
}

/// Every file below a folder, whole: what SQLite has freed and not yet written over stands in there too.
fn files(folder: &Path, places: &mut Vec<(String, Vec<u8>)>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let found = fs::symlink_metadata(&path)?;
        if found.is_dir() {
            files(&path, places)?;
        } else if found.is_file() {
            places.push((path.display().to_string(), fs::read(&path)?));
        }
    }
    Ok(())
}

/// What a power cut would leave: the write-ahead log is not yet taken in, and nobody has tidied up.
async fn after_a_crash(world: &mut World) -> Result<Vec<(String, Vec<u8>)>> {
    world.gate.kill().await?;
    let mut places = Vec::new();
    files(world.home.path(), &mut places)?;
    ensure!(
        places.iter().any(|(path, bytes)| path.ends_with("-wal") && !bytes.is_empty()),
        "there is a log to write ahead"
    );
    let by_name = |(path, bytes)| (format!("{path} after a crash"), bytes);
    let places = places.into_iter().map(by_name).collect();
    world.gate = Gate::start(&world.home, Start::default()).await?;
    Ok(places)
}

#[tokio::test]
async fn no_secret_is_found_where_it_has_no_business() -> Result<()> {
    let env = vec![("FIELDGATE_LOG", "trace".to_owned())];
    let mut world = World::with(Start { env, ..Start::default() }).await?;
    let canaries = a_whole_life(&world).await?;
    let mut places = places(&world).await?;
    places.extend(after_a_crash(&mut world).await?);
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
