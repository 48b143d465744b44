//! The record of everything: whoever changes it is found out.

#![expect(clippy::indexing_slicing, reason = "of JSON documents: what is missing is null")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use blackbox::{ADMIN, Home, World};
use rusqlite::Connection;
use serde_json::Value;

/// A home with something in its log, and nobody running.
async fn with_a_past() -> Result<Home> {
    let mut world = World::new().await?;
    let asked = world.asker.asked("permissions=btcpay.store.canviewinvoices").await?;
    world.approve(&asked, &[]).await?;
    world.asker.poll(&asked).await?;
    let key = world.home.ok(&["key", "create", "--user", ADMIN]).await?;
    world.home.ok(&["key", "revoke", key["id"].as_str().context("an id")?]).await?;
    world.gate.end().await?;
    let World { home, .. } = world;
    Ok(home)
}

/// Changes the file behind everybody's back; what `log --verify` then says, and the file as it was.
async fn after(home: &Home, sql: &str) -> Result<Vec<String>> {
    let kept = home.beside().join("kept");
    copy(home.path(), &kept)?;
    Connection::open(home.path().join("fieldgate.db"))?.execute_batch(sql)?;
    let output = home.ctl(&["log", "--verify"]).await?;
    ensure!(output.code()? == "vault-damaged", "{output:?}");
    let verdict: Value = serde_json::from_str(&output.stdout)?;
    copy(&kept, home.path())?;
    let faults = verdict["faults"].as_array().context("faults")?;
    Ok(faults.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect())
}

/// The database with what belongs to it, and nothing else.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for name in ["fieldgate.db", "fieldgate.db-wal", "fieldgate.db-shm"] {
        let _ = fs::remove_file(to.join(name));
        if from.join(name).exists() {
            fs::copy(from.join(name), to.join(name))?;
        }
    }
    Ok(())
}

fn names(faults: &[String], what: &str, seq: u64) -> bool {
    let seq = seq.to_string();
    let says = |fault: &String| {
        fault.to_lowercase().contains(what)
            && fault.split(|c: char| !c.is_ascii_digit()).any(|word| word == seq)
    };
    faults.iter().any(says)
}

#[tokio::test]
async fn an_untouched_log_is_whole() -> Result<()> {
    let home = with_a_past().await?;
    let verdict = home.ok(&["log", "--verify"]).await?;
    assert_eq!(verdict["faults"], serde_json::json!([]), "{verdict}");
    assert!(verdict["entries"].as_u64() > Some(5), "{verdict}");
    Ok(())
}

#[tokio::test]
async fn every_decision_and_key_event_is_in_it() -> Result<()> {
    let home = with_a_past().await?;
    let log = home.ok(&["log"]).await?;
    let actions: Vec<&str> =
        log.as_array().into_iter().flatten().filter_map(|it| it["action"].as_str()).collect();
    for action in [
        "desk-created",
        "user-created",
        "store-created",
        "unlocked",
        "request-approved",
        "key-delivered",
        "key-created",
        "key-revoked",
    ] {
        assert!(actions.contains(&action), "{action} in {actions:?}");
    }
    Ok(())
}

#[tokio::test]
async fn an_edited_row_is_named() -> Result<()> {
    let home = with_a_past().await?;
    for column in
        ["detail = detail || '.'", "subject = 'x'", "at = at + 1", "actor = '{\"kind\":\"window\"}'"]
    {
        let faults = after(&home, &format!("UPDATE log SET {column} WHERE seq = 3")).await?;
        assert!(names(&faults, "edited", 3), "{column}: {faults:?}");
        assert_eq!(faults.len(), 1, "and no other: {faults:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_deleted_row_is_named() -> Result<()> {
    let home = with_a_past().await?;
    let faults = after(&home, "DELETE FROM log WHERE seq = 4").await?;
    assert!(names(&faults, "deleted", 4), "{faults:?}");
    assert_eq!(faults.len(), 1, "and no other: {faults:?}");
    Ok(())
}

#[tokio::test]
async fn two_swapped_rows_are_named() -> Result<()> {
    let home = with_a_past().await?;
    let swap = "UPDATE log SET seq = -1 WHERE seq = 3; UPDATE log SET seq = 3 WHERE seq = 5;
                UPDATE log SET seq = 5 WHERE seq = -1;";
    let faults = after(&home, swap).await?;
    // There is a seal between the two: each counts as edited. "Swapped" is said of two between the same seals.
    assert!(names(&faults, "edited", 3) && names(&faults, "edited", 5), "{faults:?}");
    assert_eq!(faults.len(), 2, "and no other: {faults:?}");
    Ok(())
}

#[tokio::test]
async fn a_log_cut_short_is_found_out() -> Result<()> {
    let home = with_a_past().await?;
    // What came after the last seal may be missing unseen; the seals go further than this.
    let faults = after(&home, "DELETE FROM log WHERE seq > 3").await?;
    assert!(names(&faults, "deleted", 4), "{faults:?}");
    Ok(())
}

#[tokio::test]
async fn a_row_slipped_in_is_found_out() -> Result<()> {
    let home = with_a_past().await?;
    let faults = after(
        &home,
        "INSERT INTO log SELECT 0, at, actor, action, subject, detail, hash FROM log WHERE seq = 2",
    )
    .await?;
    assert!(!faults.is_empty());
    assert_eq!(
        home.ok(&["log", "--verify"]).await?["faults"],
        serde_json::json!([]),
        "put back, it is whole"
    );
    Ok(())
}

#[tokio::test]
async fn the_log_is_written_into_a_new_file_of_its_user_alone() -> Result<()> {
    let home = with_a_past().await?;
    let file = home.beside().join("log.jsonl");
    let path = file.to_string_lossy().into_owned();
    let done = home.ok(&["log", "--export", &path]).await?;
    let text = fs::read_to_string(&file)?;
    let lines = text.lines().map(serde_json::from_str).collect::<Result<Vec<Value>, _>>()?;
    assert_eq!(done["entries"].as_u64(), Some(lines.len() as u64));
    for (at, line) in lines.iter().enumerate() {
        assert_eq!(line["seq"].as_u64(), Some(at as u64 + 1));
        assert_eq!(line["hash"].as_str().map(str::len), Some(64), "{line}");
    }
    assert_eq!(fs::metadata(&file)?.permissions().mode() & 0o777, 0o600);
    assert_eq!(home.refused(&["log", "--export", &path]).await?, "already-exists");
    assert_eq!(fs::read_to_string(&file)?, text, "what is there stays");
    Ok(())
}
