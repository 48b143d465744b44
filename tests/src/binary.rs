//! Where the programs under test are.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

/// The built `fieldgatectl`: the file `FIELDGATECTL` names, else the development build of this workspace.
///
/// # Errors
/// When it is not there; the message says how to build it.
pub fn fieldgatectl() -> Result<PathBuf> {
    program("fieldgatectl", "FIELDGATECTL", "ctl")
}

/// The built `fieldgate`, the window: the file `FIELDGATE` names, else the development build of this workspace.
///
/// # Errors
/// When it is not there; the message says how to build it.
pub fn fieldgate() -> Result<PathBuf> {
    program("fieldgate", "FIELDGATE", "fieldgate")
}

fn program(name: &str, variable: &str, package: &str) -> Result<PathBuf> {
    let path = std::env::var_os(variable).map_or_else(|| development_build().join(name), PathBuf::from);
    if !path.is_file() {
        bail!(
            "{} is not there: build it with `cargo build -p {package}`, or name another one in {variable}",
            path.display()
        );
    }
    Ok(path)
}

/// Where cargo puts it: a test runs from `TARGET/debug/deps`, a program of ours from `TARGET/debug`.
pub(crate) fn development_build() -> PathBuf {
    let beside_us = std::env::current_exe().ok();
    let ours = beside_us.as_deref().and_then(Path::parent);
    let profile =
        ours.and_then(|folder| if folder.ends_with("deps") { folder.parent() } else { Some(folder) });
    let profile = profile.map(ToOwned::to_owned);
    profile.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/debug"))
}
