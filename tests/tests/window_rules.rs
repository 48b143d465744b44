//! How the window is built, read from what it is built of: no page of it may reach further than its one command.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

fn source(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

fn read_json(path: &str) -> Result<Value> {
    let text = fs::read_to_string(source(path)).with_context(|| path.to_owned())?;
    Ok(serde_json::from_str(&text)?)
}

#[test]
fn the_window_runs_nothing_but_what_is_built_in() -> Result<()> {
    let config = read_json("src-tauri/tauri.conf.json")?;
    let security = config.pointer("/app/security").context("security")?;
    let policy = security.pointer("/csp").and_then(Value::as_str).context("a policy")?;
    ensure!(policy.contains("default-src 'none'"), "{policy}");
    for loose in ["unsafe-", "*", "data:", "blob:", "https:", "ws:"] {
        ensure!(!policy.contains(loose), "{loose} in {policy}");
    }
    // The channel to our own program is the only address in it.
    let addresses: Vec<&str> = policy.split([' ', ';']).filter(|word| word.contains("://")).collect();
    assert_eq!(addresses, ["http://ipc.localhost"], "{policy}");
    ensure!(security.pointer("/dangerousDisableAssetCspModification").is_none(), "{security}");
    assert_eq!(security.pointer("/freezePrototype"), Some(&json!(true)));
    assert_eq!(config.pointer("/app/withGlobalTauri"), Some(&json!(false)));
    assert_eq!(config.pointer("/app/windows"), Some(&json!([])), "the one window is made in code");
    assert_eq!(config.pointer("/build/devUrl"), Some(&Value::Null));
    ensure!(config.pointer("/plugins").is_none(), "there is no plugin");
    Ok(())
}

#[test]
fn the_window_has_one_capability_with_one_command() -> Result<()> {
    let files = fs::read_dir(source("src-tauri/capabilities"))?.collect::<Result<Vec<_>, _>>()?;
    assert_eq!(files.len(), 1, "{files:?}");
    let capability = read_json("src-tauri/capabilities/main.json")?;
    let permissions = json!(["allow-call", "core:event:allow-listen", "core:event:allow-unlisten"]);
    assert_eq!(capability.pointer("/permissions"), Some(&permissions));
    assert_eq!(capability.pointer("/windows"), Some(&json!(["main"])));
    ensure!(capability.pointer("/remote").is_none(), "no page from elsewhere: {capability}");
    Ok(())
}

#[test]
fn the_packaged_window_has_no_developer_tools() -> Result<()> {
    let workspace = fs::read_to_string(source("Cargo.toml"))?;
    let tauri = workspace.lines().find(|line| line.starts_with("tauri = ")).context("tauri's line")?;
    ensure!(tauri.contains("default-features = false") && !tauri.contains("devtools"), "{tauri}");
    let window = fs::read_to_string(source("src-tauri/Cargo.toml"))?;
    ensure!(!window.contains("devtools"), "{window}");
    Ok(())
}
