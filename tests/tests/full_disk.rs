//! A full disk is an error before a key is issued, and nothing is half done. A disk that is really full takes a file system of our
//! own, and so root; that no file may get larger, the system grants everybody, and it stops the same writes.

#![expect(clippy::indexing_slicing, reason = "of JSON documents: what is missing is null")]

use std::fs;

use anyhow::{Context, Result, ensure};
use blackbox::ctl::Ctl;
use blackbox::disk::SmallDisk;
use blackbox::{ADMIN, Home, Start, World};
use serde_json::{Value, json};

const VIEW: &str = "permissions=btcpay.store.canviewinvoices";

/// Ignored, so that a file that gets too large is an error to whoever writes it, as a full disk is.
const NO_SIGNAL: Option<&str> = Some("trap '' XFSZ");

/// What is there before the disk is full.
struct Before {
    admin: String,
    asked: blackbox::Asked,
}

async fn before(world: &World) -> Result<Before> {
    let admin = world.home.key(ADMIN, &["unrestricted"]).await?;
    Ok(Before { admin, asked: world.asker.asked(VIEW).await? })
}

/// Makes keys until one is refused for want of room; those that were handed out.
async fn mint_until_refused(world: &World, admin: &str) -> Result<Vec<String>> {
    let mut handed_out = Vec::new();
    for turn in 0..5_000 {
        let wish = json!({"label": format!("n{turn}"), "permissions": ["btcpay.store.canviewinvoices"]});
        let answer = world.asker.mint(admin, &wish).await?;
        if answer.status != 200 {
            ensure!(answer.status == 500 && !answer.body.contains("apiKey"), "{answer:?}");
            return Ok(handed_out);
        }
        handed_out.push(answer.json()?["apiKey"].as_str().context("a key")?.to_owned());
    }
    anyhow::bail!("the disk is never full");
}

/// No room: nothing is issued, what waits goes on waiting, and every key answers.
async fn check_full(world: &World, before: &Before, refused_with: &str) -> Result<Vec<String>> {
    let handed_out = mint_until_refused(world, &before.admin).await?;
    assert_eq!(world.not_approved(&before.asked, &[]).await?, refused_with);
    assert_eq!(world.asker.get(&before.asked.poll).await?.json()?["status"], "pending");
    for key in handed_out.iter().chain([&before.admin]) {
        assert_eq!(world.asker.current(key).await?.status, 200);
    }
    Ok(handed_out)
}

/// Room again: the very same request is approved; and after a crash everything that was handed out is there, and nothing else.
async fn check_room(mut world: World, before: &Before, mut handed_out: Vec<String>) -> Result<()> {
    world.approve(&before.asked, &[]).await?;
    let collected = world.asker.poll(&before.asked).await?;
    handed_out.push(collected["apiKey"].as_str().context("a key")?.to_owned());
    handed_out.push(before.admin.clone());
    world.crash_and_restart().await?;
    for key in &handed_out {
        assert_eq!(world.asker.current(key).await?.status, 200);
    }
    let keys = world.home.ok(&["key", "list"]).await?;
    assert_eq!(keys.as_array().map(Vec::len), Some(handed_out.len()), "no key is there that nobody got");
    let verdict = world.home.ok(&["log", "--verify"]).await?;
    assert_eq!(verdict["faults"], json!([]), "{verdict}");
    assert_eq!(created(&world.home.ok(&["log"]).await?), handed_out.len(), "nor an entry without its key");
    Ok(())
}

fn created(log: &Value) -> usize {
    log.as_array().into_iter().flatten().filter(|entry| entry["action"] == "key-created").count()
}

#[tokio::test]
async fn without_room_nothing_is_issued_and_with_room_again_everything_works() -> Result<()> {
    let world = World::with(Start { prelude: NO_SIGNAL, ..Start::default() }).await?;
    let before = before(&world).await?;
    let sizes = fs::read_dir(world.home.path())?.map(|entry| Ok(entry?.metadata()?.len()));
    let largest = sizes.collect::<Result<Vec<u64>>>()?.into_iter().max();
    world.gate.process().limit_files(largest)?;
    // SQLite calls this an error of writing, not a full disk: it is told apart by its code.
    let handed_out = check_full(&world, &before, "failed").await?;
    world.gate.process().limit_files(None)?;
    check_room(world, &before, handed_out).await
}

#[tokio::test]
async fn on_a_disk_that_is_really_full_nothing_is_issued_and_it_is_called_that() -> Result<()> {
    let Some(disk) = SmallDisk::mounted(4 << 20)? else {
        println!("no file system of our own without root: the test beside this one stands for it");
        return Ok(());
    };
    let world = World::of(Home::on(disk.path()).await?, Start::default()).await?;
    let before = before(&world).await?;
    disk.fill()?;
    let handed_out = check_full(&world, &before, "disk-full").await?;
    disk.make_room()?;
    check_room(world, &before, handed_out).await
}

#[tokio::test]
async fn a_first_start_without_room_leaves_no_vault_and_can_be_repeated() -> Result<()> {
    let home = Home::unmade()?;
    let password = home.beside().join("password");
    fs::write(&password, &home.admin_password)?;
    let init = ["init", "--admin", ADMIN, "--password-file", &password.to_string_lossy()];
    let mut ctl = Ctl::at(&home)?;
    ctl.prelude = Some("trap '' XFSZ && ulimit -f 32");
    let refused = ctl.run(&init).await?;
    refused.error()?;
    ensure!(!home.path().join("fieldgate.db").exists(), "a vault is left: {refused:?}");
    ctl.prelude = None;
    ctl.run(&init).await?.json()?;
    Ok(())
}
