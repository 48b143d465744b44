//! Somebody else writes in the store's file: what was written is not used, and is shown where it can be.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;
use blackbox::{ADMIN, Asker, Gate, Home, MERCHANT, Start, World};
use rusqlite::Connection;
use serde_json::json;

/// Forty zeros: a token that nobody was given.
const TOKEN: &str = "0000000000000000000000000000000000000000";

fn file(home: &Home) -> PathBuf {
    home.path().join("fieldgate.db")
}

fn by_hand(home: &Home, sql: &str) -> Result<()> {
    Ok(Connection::open(file(home))?.execute_batch(sql)?)
}

/// A home that a gate has served, and no longer does.
async fn at_rest(world: World) -> Result<Home> {
    let World { mut gate, home, .. } = world;
    gate.end().await?;
    Ok(home)
}

#[tokio::test]
async fn a_header_that_was_changed_opens_nothing_and_changes_nothing() -> Result<()> {
    let home = Home::new().await?;
    for (what, change, code) in [
        ("another salt", "substr(bytes, 1, 30) || x'ff' || substr(bytes, 32)", "wrong-passphrase"),
        ("a cheaper cost", "substr(bytes, 1, 10) || x'00004c00' || substr(bytes, 15)", "wrong-passphrase"),
        (
            "a cost below the floor",
            "substr(bytes, 1, 10) || x'00000008' || substr(bytes, 15)",
            "vault-damaged",
        ),
        ("another wrapped key", "substr(bytes, 1, 109) || x'00'", "wrong-passphrase"),
        ("a newer format", "substr(bytes, 1, 8) || x'0101' || substr(bytes, 11)", "newer-file"),
        ("a cut one", "substr(bytes, 1, 60)", "vault-damaged"),
    ] {
        let kept = fs::read(file(&home))?;
        by_hand(&home, &format!("UPDATE header SET bytes = CAST({change} AS BLOB)"))?;
        let changed = Connection::open(file(&home))?
            .query_row("SELECT bytes FROM header", [], |row| row.get::<_, Vec<u8>>(0))?;
        assert_eq!(home.refused(&["key", "list"]).await?, code, "{what}");
        let after = Connection::open(file(&home))?
            .query_row("SELECT bytes FROM header", [], |row| row.get::<_, Vec<u8>>(0))?;
        assert_eq!(after, changed, "{what}: nothing was mended");
        fs::write(file(&home), kept)?;
    }
    assert_eq!(home.ok(&["key", "list"]).await?, json!([]), "put back, it opens");
    Ok(())
}

#[tokio::test]
async fn a_key_an_admin_and_a_standing_written_by_hand_are_unused_after_the_unlock() -> Result<()> {
    let world = World::new().await?;
    world.home.key(MERCHANT, &["btcpay.store.canviewinvoices"]).await?;
    let query =
        "permissions=btcpay.store.canviewinvoices&applicationIdentifier=till&redirect=http://x.example/";
    let asked = world.asker.asked(query).await?;
    world.home.ok(&["refuse", &asked.id, "--block"]).await?;
    let home = at_rest(world).await?;
    // The hash of that token, as whoever knows how tokens are looked up would write it; with another row's MAC.
    by_hand(
        &home,
        "UPDATE users SET is_admin = 1 WHERE email LIKE 'merchant%';
         INSERT INTO keys SELECT 'akid_00000000000000ff',
           x'9692e67b8378a6f6753f97782d458aa757e947eab2fbdf6b5c187b74561eb78f',
           sealed_secret, owner, issuer, 'by hand', '[\"unrestricted\"]', application_id, created, expires,
           revoked_at, expired_at, last_used, mac FROM keys LIMIT 1;
         UPDATE standings SET standing = 'known';",
    )?;
    let gate = Gate::start(&home, Start { locked: true, ..Start::default() }).await?;
    let asker = Asker::of(&gate)?;
    assert_eq!(asker.current(TOKEN).await?.status, 200, "until somebody unlocks the rows are taken as found");
    let forged = home.listed_key("akid_00000000000000ff").await?;
    assert_eq!(forged["state"], "damaged", "{forged}");
    assert_eq!(asker.current(TOKEN).await?.status, 401, "from the unlock on it is nobody's");

    let users = home.ok(&["user", "list"]).await?;
    let trusted = users.as_array().into_iter().flatten().filter(|user| user["disabled"] == false);
    let admins: Vec<_> = trusted.filter(|user| user["admin"] == true).map(|user| &user["email"]).collect();
    assert_eq!(admins, [&json!(ADMIN)], "{users}");
    let applications = home.ok(&["app", "list"]).await?;
    let known = applications.as_array().into_iter().flatten().any(|app| app["standing"] == "known");
    assert!(!known, "{applications}");
    assert!(gate.stderr()?.contains("does not verify"), "and it is said");
    Ok(())
}
