//! What other users of the computer get, and whoever picks up what a crash leaves behind: nothing.
//!
//! Another user is played by `setpriv`, which takes root. Where the tests run as somebody else, that it is refused is
//! all there is to see.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use anyhow::{Context, Result};
use blackbox::{PATIENCE, Start, World};
use serde_json::{Value, json};
use tokio::process::Command;
use tokio::time::timeout;

/// A user who owns nothing (`nobody`).
const NOBODY: [&str; 4] = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Runs a command line; its exit code and what it printed.
async fn run(words: &[&str]) -> Result<(Option<i32>, String)> {
    let (program, arguments) = words.split_first().context("a program")?;
    let mut command = Command::new(program);
    let ended = timeout(PATIENCE, command.args(arguments).current_dir("/").kill_on_drop(true).output());
    let output =
        ended.await.context("it does not end")?.with_context(|| format!("{program} is not there"))?;
    Ok((output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned()))
}

/// Runs it as another user; nothing where we may not.
async fn as_nobody(words: &[&str]) -> Result<Option<(Option<i32>, String)>> {
    let (exit, printed) = run(&[&NOBODY[..], words].concat()).await?;
    if is_root() {
        return Ok(Some((exit, printed)));
    }
    assert_ne!(exit, Some(0), "without root nobody becomes another user");
    Ok(None)
}

#[tokio::test]
async fn another_users_program_may_not_ask() -> Result<()> {
    let world = World::new().await?;
    let url = world.gate.authorize("permissions=btcpay.store.canviewinvoices");
    let curl = ["curl", "--silent", "--noproxy", "*", "--write-out", "\n%{http_code}", &url];
    if let Some((_, printed)) = as_nobody(&curl).await? {
        let (body, status) = printed.rsplit_once('\n').context("a status")?;
        assert_eq!(status, "403", "{body}");
        let refusal: Value = serde_json::from_str(body)?;
        assert_eq!(refusal.get("code"), Some(&json!("other-user")), "{body}");
        assert_eq!(world.home.ok(&["requests"]).await?, json!([]), "nothing waits");
    }
    let (_, printed) = run(&curl).await?;
    assert!(printed.ends_with("\n202"), "the same from our own user is taken in: {printed}");
    Ok(())
}

#[tokio::test]
async fn another_users_program_is_turned_away_from_the_control_socket() -> Result<()> {
    let world = World::new().await?;
    let socket = world.home.path().join("control.sock");
    // The folders and the file keep others out by themselves: here only the gate can.
    for (path, mode) in [(world.home.beside(), 0o711), (world.home.path(), 0o711), (&socket, 0o666)] {
        fs::set_permissions(path, Permissions::from_mode(mode))?;
    }
    let socket = socket.to_string_lossy();
    let curl =
        ["curl", "--silent", "--http0.9", "--output", "-", "--unix-socket", &socket, "http://fieldgate/"];
    if let Some((_, printed)) = as_nobody(&curl).await? {
        assert_eq!(printed, "", "it was not even greeted");
        // The gate's own word says that it could connect; curl may see the hang-up as a failure to do so.
        let turned_away =
            async || Ok(world.gate.stderr()?.contains("of another user was turned away").then_some(()));
        blackbox::until("the gate's word of it", turned_away).await?;
    }
    let (_, printed) = run(&curl).await?;
    assert!(printed.contains("\"fieldgate\""), "our own user is greeted: {printed}");
    Ok(())
}

#[tokio::test]
async fn a_crash_leaves_no_core_dump() -> Result<()> {
    // Where the passphrase's file is, beside the home.
    let prelude = Some("cd \"$(dirname \"$FIELDGATE_PASSPHRASE_FILE\")\" && ulimit -c unlimited");
    let mut world = World::with(Start { prelude, ..Start::default() }).await?;
    // Below a page no file is written; exactly 1 also stops a dump that is piped to a program (core(5)).
    assert_eq!(world.gate.process().core_limits()?, ["1", "1"]);
    world.gate.abort().await?;
    for entry in fs::read_dir(world.home.beside())? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        assert!(!name.contains("core"), "{name} is left");
    }
    Ok(())
}
