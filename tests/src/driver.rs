//! WebKit's own driver, which starts the window and drives it.

use std::ffi::OsString;
use std::fs::{DirBuilder, File, Permissions};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use crate::{Home, binary, ctl, process, screen::Screen, until};

const DRIVER: &str = "WebKitWebDriver";
/// The variable by which everything that was started for a window is known.
pub const HOME: &str = "FIELDGATE_HOME";

/// The driver gives the window its own environment. Its port may be taken between the choice and the start; then it
/// ends at once.
pub(crate) async fn start(
    home: &Home,
    screen: &Screen,
    port: u16,
    complaints: &Path,
) -> Result<(Child, String)> {
    for _ in 0..5 {
        let own = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let mut command = Command::new("dbus-run-session");
        command.args(["--", DRIVER, &format!("--port={own}")]);
        surroundings(&mut command, home.path(), screen)?;
        command.env("FIELDGATE_PORT", port.to_string()).env("TAURI_WEBVIEW_AUTOMATION", "true");
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(complaints)?)
            .kill_on_drop(true);
        let mut driver = command.spawn().context("dbus-run-session does not start: install dbus")?;
        let up = until("WebKitWebDriver", async || {
            if driver.try_wait()?.is_some() {
                return Ok(Some(false));
            }
            let answers = TcpStream::connect((Ipv4Addr::LOCALHOST, own)).await.is_ok();
            Ok(answers.then_some(true))
        });
        if up.await? {
            return Ok((driver, format!("http://127.0.0.1:{own}")));
        }
    }
    let said = std::fs::read_to_string(complaints).unwrap_or_default();
    bail!("{DRIVER} does not start: install webkit2gtk-driver. {said}")
}

/// The same everywhere: no graphics card, nobody else's bus, no browser of whoever runs the tests, nothing foreign.
///
/// # Errors
/// What the system says.
pub fn surroundings(command: &mut Command, home: &Path, screen: &Screen) -> Result<()> {
    for name in ctl::FOREIGN {
        command.env_remove(name);
    }
    let runtime = home.with_file_name("run");
    DirBuilder::new().recursive(true).mode(0o700).create(&runtime)?;
    command
        .env("PATH", with_note_taker(home)?)
        .env_remove("WAYLAND_DISPLAY")
        .env(HOME, home)
        .env("DISPLAY", &screen.display)
        .env("GDK_BACKEND", "x11")
        .env("LIBGL_ALWAYS_SOFTWARE", "1")
        .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
        .env("XDG_RUNTIME_DIR", runtime);
    Ok(())
}

/// Where the addresses are written that the window of `home` wants opened in its user's browser, one a line.
pub(crate) fn opened(home: &Path) -> PathBuf {
    home.with_file_name("opened")
}

/// A search path on which `xdg-open` writes down what it is to open.
fn with_note_taker(home: &Path) -> Result<OsString> {
    let folder = home.with_file_name("bin");
    DirBuilder::new().recursive(true).create(&folder)?;
    let script = format!("#!/bin/sh\nprintf '%s\\n' \"$1\" >>'{}'\n", opened(home).display());
    let tool = folder.join("xdg-open");
    std::fs::write(&tool, script)?;
    std::fs::set_permissions(&tool, Permissions::from_mode(0o755))?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    Ok(std::env::join_paths(std::iter::once(folder).chain(std::env::split_paths(&path)))?)
}

/// What the driver is to start.
pub(crate) fn capabilities() -> Result<Map<String, Value>> {
    let program = binary::fieldgate()?;
    let all = json!({"webkitgtk:browserOptions": {"binary": program, "args": []}});
    Ok(all.as_object().cloned().unwrap_or_default())
}

/// The process that shows the window of `home`.
pub(crate) fn pid_of_the_window(home: &Home) -> Result<u32> {
    let program = binary::fieldgate()?.canonicalize()?;
    let ours = process::with_environment(HOME, &home.path().to_string_lossy());
    let found = ours
        .into_iter()
        .find(|pid| std::fs::read_link(format!("/proc/{pid}/exe")).ok() == Some(program.clone()));
    found.with_context(|| format!("no process runs {}", program.display()))
}
