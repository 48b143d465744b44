//! Starting, stopping, and who may say what over the control socket.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use blackbox::control::Control;
use blackbox::{Asker, Gate, Home, Start, World, wire};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

#[tokio::test]
async fn a_port_that_is_taken_on_either_family_is_an_error_that_names_the_holder() -> Result<()> {
    let home = Home::new().await?;
    for family in [IpAddr::from(Ipv4Addr::LOCALHOST), IpAddr::from(Ipv6Addr::LOCALHOST)] {
        let holder = TcpListener::bind((family, 0))?;
        let start = Start { port: holder.local_addr()?.port(), ..Start::default() };
        let error = Gate::refuses(&home, start).await?;
        assert_eq!(error["code"], "port-taken", "{family}");
        let message = error["message"].as_str().context("a message")?;
        assert!(message.contains(&std::process::id().to_string()), "{family}: {message}");
        let name = std::env::current_exe()?;
        let name = name.file_name().context("a name")?.to_string_lossy().into_owned();
        assert!(message.contains(&name), "{family}: {message}");
        assert!(!home.path().join("gate.json").exists(), "nothing says that a gate runs");
    }
    Ok(())
}

#[tokio::test]
async fn the_gate_listens_on_both_loopback_families_and_nowhere_else() -> Result<()> {
    let world = World::new().await?;
    let port = world.gate.port();
    for (file, own) in [("/proc/net/tcp", "0100007F"), ("/proc/net/tcp6", "00000000000000000000000001000000")]
    {
        let table = fs::read_to_string(file)?;
        let rows = table.lines().skip(1).map(|line| line.split_whitespace().collect::<Vec<_>>());
        let wanted = format!(":{port:04X}");
        let listening: Vec<String> = rows
            .filter(|row| {
                row.get(3) == Some(&"0A") && row.get(1).is_some_and(|local| local.ends_with(&wanted))
            })
            .map(|row| row[1].to_owned())
            .collect();
        assert_eq!(listening, [format!("{own}{wanted}")], "{file}");
    }
    Ok(())
}

#[tokio::test]
async fn a_second_gate_in_the_same_home_is_refused() -> Result<()> {
    let world = World::new().await?;
    let error = Gate::refuses(&world.home, Start::default()).await?;
    assert_eq!(error["code"], "already-running");
    let message = error["message"].as_str().unwrap_or_default();
    assert!(message.contains(&world.gate.pid.to_string()), "it names the one that runs: {message}");
    Ok(())
}

/// Every call that needs the passphrase, with arguments that would do something.
fn guarded_calls(id: &str) -> Vec<(&'static str, Value)> {
    vec![
        ("lock", json!({})),
        ("requests", json!({})),
        ("changes", json!({"since": 0})),
        (
            "approve",
            json!({"id": id, "user": null, "issuer": null, "stores": [], "permissions": null, "label": null,
                   "expires": null, "proof": "passphrase", "matching": null}),
        ),
        ("refuse", json!({"id": id, "block": true})),
        ("deliver", json!({"id": id})),
        ("key_list", json!({"user": null, "search": null})),
        ("key_page", json!({"search": null, "offset": 0, "limit": 10})),
        ("key_ids", json!({"search": null, "offset": 0, "limit": 10})),
        (
            "key_create",
            json!({"user": blackbox::ADMIN, "issuer": null, "label": "", "permissions": [], "expires": null}),
        ),
        ("key_show", json!({"id": "akid_0000000000000000", "reveal": true})),
        ("key_revoke", json!({"id": "akid_0000000000000000"})),
        ("key_revoke_many", json!({"ids": ["akid_0000000000000000"]})),
        ("user_list", json!({})),
        ("user_create", json!({"email": "eve@shop.example", "admin": true, "password": null})),
        ("user_disable", json!({"user": blackbox::ADMIN, "disabled": true})),
        ("user_admin", json!({"user": blackbox::MERCHANT, "admin": true})),
        ("user_password", json!({"user": blackbox::ADMIN, "password": null})),
        ("user_delete", json!({"user": blackbox::MERCHANT})),
        ("store_list", json!({})),
        ("store_create", json!({"name": "Eve", "owner": blackbox::ADMIN})),
        ("store_rename", json!({"store": "s", "name": "Eve"})),
        ("store_member_set", json!({"store": "s", "user": blackbox::ADMIN, "role": "Owner"})),
        ("store_member_remove", json!({"store": "s", "user": blackbox::MERCHANT})),
        ("app_list", json!({})),
        ("app_judge", json!({"id": "app_0000000000000000", "standing": "known"})),
        ("app_show", json!({"id": "app_0000000000000000"})),
        ("app_note", json!({"id": "app_0000000000000000", "note": "x"})),
        ("review_list", json!({})),
        ("approve_again", json!({"ids": [id]})),
        ("remembered_list", json!({})),
        ("remembered_forget", json!({"id": id})),
        ("yardstick", json!({"permissions": []})),
        ("key_edit", json!({"id": "akid_0000000000000000", "label": "x"})),
        ("key_reduce", json!({"id": "akid_0000000000000000"})),
        ("copy_secret", json!({"secret": "0123456789abcdef0123456789abcdef01234567"})),
        ("key_rotate", json!({"id": "akid_0000000000000000", "old": "now"})),
        ("key_replace", json!({"user": blackbox::ADMIN, "old": "now", "handOver": "copy"})),
        ("replaceable", json!({"user": blackbox::ADMIN})),
        ("receipts", json!({})),
        ("try_it", json!({})),
        ("log", json!({"before": null, "limit": 10})),
        ("log_verify", json!({})),
        ("log_export", json!({"path": "/nowhere/log.jsonl"})),
        ("key_history", json!({"id": "akid_0000000000000000"})),
        ("folders", json!({})),
    ]
}

#[tokio::test]
async fn without_the_passphrase_a_connection_may_do_nothing_but_look_raise_and_unlock() -> Result<()> {
    let world = World::new().await?;
    let asked = world.asker.asked("permissions=unrestricted").await?;
    let mut control = Control::connect(world.home.path()).await?;
    for (name, args) in guarded_calls(&asked.id) {
        let answer = control.call(name, args).await?;
        assert_eq!(answer["error"]["code"], "passphrase-needed", "{name}: {answer}");
    }
    assert!(control.call("status", json!({})).await?["ok"].is_object());
    assert!(control.call("raise", json!({})).await?["ok"].is_object());
    assert_eq!(world.home.request(&asked.id).await?["status"], "pending", "nothing was decided");
    assert_eq!(world.home.ok(&["key", "list"]).await?, json!([]));
    Ok(())
}

#[tokio::test]
async fn unlocking_one_connection_opens_no_other() -> Result<()> {
    let world = World::new().await?;
    let mut one = Control::connect(world.home.path()).await?;
    let mut other = Control::connect(world.home.path()).await?;
    let right = one.call("unlock", json!({"passphrase": world.home.passphrase})).await?;
    assert!(right["ok"].is_object(), "{right}");
    assert!(one.call("key_list", json!({"user": null, "search": null})).await?["ok"].is_array());
    assert_eq!(other.call("key_list", json!({})).await?["error"]["code"], "passphrase-needed");
    assert!(one.call("lock", json!({})).await?["ok"].is_object());
    assert_eq!(one.call("user_list", json!({})).await?["error"]["code"], "passphrase-needed");
    Ok(())
}

#[tokio::test]
async fn a_wrong_passphrase_opens_nothing_and_makes_the_next_try_wait() -> Result<()> {
    let world = World::new().await?;
    let mut control = Control::connect(world.home.path()).await?;
    let wrong = control.call("unlock", json!({"passphrase": "something else"})).await?;
    assert_eq!(wrong["error"]["code"], "wrong-passphrase");
    assert_eq!(control.call("user_list", json!({})).await?["error"]["code"], "passphrase-needed");
    let right = json!({"passphrase": world.home.passphrase});
    assert_eq!(control.call("unlock", right.clone()).await?["error"]["code"], "too-many", "not yet");
    let opened = async || Ok(control.call("unlock", right.clone()).await?["ok"].is_object().then_some(()));
    blackbox::until("the end of the delay", opened).await?;
    assert!(control.call("user_list", json!({})).await?["ok"].is_array());
    Ok(())
}

#[tokio::test]
async fn a_caller_of_another_version_is_told_so() -> Result<()> {
    let world = World::new().await?;
    let mut control = Control::greeting_with(
        world.home.path(),
        |theirs| json!({"fieldgate": "0.0.1", "protocol": theirs["protocol"]}),
    )
    .await?;
    assert_eq!(control.read().await?["error"]["code"], "version-mismatch");
    Ok(())
}

#[tokio::test]
async fn locked_means_that_keys_answer_and_none_is_minted() -> Result<()> {
    let world = World::new().await?;
    let key = world.home.key(blackbox::ADMIN, &["unrestricted"]).await?;
    let wish = json!({"label": "made over the API", "permissions": []});
    assert_eq!(world.asker.mint(&key, &wish).await?.status, 200, "unlocked");
    world.home.ok(&["lock"]).await?;
    let refused = world.asker.mint(&key, &wish).await?;
    assert_eq!(refused.status, 503, "{}", refused.body);
    assert_eq!(refused.json()?["code"], "locked");
    assert_eq!(world.asker.current(&key).await?.status, 200, "keys go on answering");
    assert_eq!(world.home.ok(&["status"]).await?["locked"], true);
    assert_eq!(world.asker.ask("").await?.status, 202, "requests are taken in");
    Ok(())
}

#[tokio::test]
async fn a_gate_started_without_the_passphrase_is_locked() -> Result<()> {
    let world = World::with(Start { locked: true, ..Start::default() }).await?;
    assert_eq!(world.home.ok(&["status"]).await?["locked"], true);
    let key = world.home.key(blackbox::ADMIN, &["unrestricted"]).await?;
    assert_eq!(world.asker.current(&key).await?.status, 200, "one command's unlocking minted a key");
    assert_eq!(world.asker.mint(&key, &json!({})).await?.status, 503, "and opened nothing else");
    Ok(())
}

#[tokio::test]
async fn stop_and_sigterm_end_it_cleanly() -> Result<()> {
    let home = Home::new().await?;
    for by_command in [true, false] {
        let mut gate = home.serve().await?;
        assert_eq!(home.ok(&["status"]).await?["running"], true);
        let (exit, rest) = if by_command {
            assert_eq!(home.ok(&["stop"]).await?["stopped"], true);
            gate.ended().await?
        } else {
            gate.end().await?
        };
        assert_eq!((exit, rest.as_str()), (Some(0), ""), "by command: {by_command}; {}", gate.stderr()?);
        for name in ["gate.json", "control.sock"] {
            assert!(!home.path().join(name).exists(), "{name} is gone");
        }
        assert_eq!(home.ok(&["status"]).await?["running"], false);
        assert_eq!(home.refused(&["stop"]).await?, "not-running");
    }
    Ok(())
}

#[tokio::test]
async fn an_open_long_poll_is_answered_when_the_gate_ends() -> Result<()> {
    let mut world = World::new().await?;
    let asked = world.asker.asked("").await?;
    let poll = asked.poll.strip_prefix(&world.gate.url).context("a poll at the gate")?;
    let host = format!("Host: 127.0.0.1:{}", world.gate.port());
    // Both in one segment: whoever has answered the first has read the second.
    let both = format!(
        "GET /api/v1/health HTTP/1.1\r\n{host}\r\n\r\n\
         GET {poll} HTTP/1.1\r\n{host}\r\nPrefer: wait=25\r\n\r\n"
    );
    let mut stream = TcpStream::connect(world.gate.addr()).await?;
    stream.write_all(both.as_bytes()).await?;
    let first = wire::read_answer(&mut stream).await?;
    assert_eq!(first.status, 200, "{first:?}");
    // A whole command's time for the poll to get from there to where it waits.
    assert_eq!(world.home.request(&asked.id).await?["status"], "pending");
    let (exit, _) = world.gate.end().await?;
    assert_eq!(exit, Some(0));
    let last = wire::read_answer(&mut stream).await?;
    assert_eq!((last.status, &last.json()?["status"]), (200, &json!("closed")), "{last:?}");
    Ok(())
}

#[tokio::test]
async fn what_a_killed_gate_leaves_behind_is_no_hindrance() -> Result<()> {
    let mut world = World::new().await?;
    world.gate.kill().await?;
    assert!(world.home.path().join("control.sock").exists(), "nobody took it away");
    assert_eq!(world.home.ok(&["status"]).await?["running"], false);
    let gate = world.home.serve().await?;
    assert_eq!(Asker::of(&gate)?.ask("").await?.status, 202);
    assert_eq!(world.home.ok(&["status"]).await?["running"], true);
    Ok(())
}

#[tokio::test]
async fn files_belong_to_their_user_alone_whatever_the_umask() -> Result<()> {
    let home = Home::made_under(Some("umask 000")).await?;
    let gate = Gate::start(&home, Start { prelude: Some("umask 000"), ..Start::default() }).await?;
    Asker::of(&gate)?.ask("").await?;
    let seen = check_modes(home.path())?;
    assert!(seen >= 4, "the database, the lock, the socket and gate.json at least: {seen}");
    Ok(())
}

/// Checks a folder and everything in it; how many files that were.
fn check_modes(path: &Path) -> Result<usize> {
    let found = fs::symlink_metadata(path)?;
    let wanted = if found.is_dir() { 0o700 } else { 0o600 };
    let mode = found.permissions().mode() & 0o7777;
    ensure!(mode == wanted, "{} is {mode:o}", path.display());
    if !found.is_dir() {
        return Ok(1);
    }
    fs::read_dir(path)?.map(|entry| check_modes(&entry?.path())).sum()
}

#[tokio::test]
async fn a_home_without_a_vault_says_so() -> Result<()> {
    let home = Home::new().await?;
    for name in ["fieldgate.db", "fieldgate.db-wal", "fieldgate.db-shm"] {
        let _ = fs::remove_file(home.path().join(name));
    }
    assert_eq!(home.refused(&["key", "list"]).await?, "not-initialised");
    assert_eq!(Gate::refuses(&home, Start::default()).await?["code"], "not-initialised");
    Ok(())
}

#[tokio::test]
async fn a_vault_that_is_there_is_never_made_anew() -> Result<()> {
    let home = Home::new().await?;
    assert_eq!(home.refused(&["init", "--admin", blackbox::ADMIN]).await?, "already-initialised");
    Ok(())
}
