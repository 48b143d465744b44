//! A screen nobody looks at.

use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    AtomEnum, ChangeWindowAttributesAux, ClientMessageEvent, ConnectionExt, EventMask,
};
use x11rb::wrapper::ConnectionExt as _;

use x11rb::protocol::Event;
use x11rb::rust_connection::RustConnection;

use crate::PATIENCE;

const XVFB: &str = "Xvfb";

/// An X server without a screen; gone when dropped.
#[derive(Debug)]
pub struct Screen {
    /// Its name, such as `:3`.
    pub display: String,
    _server: Child,
}

impl Screen {
    /// Starts one on a display of its own choice.
    ///
    /// # Errors
    /// When Xvfb is not installed, or does not start.
    pub async fn new() -> Result<Self> {
        let mut server = Command::new(XVFB)
            .args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{XVFB} does not start: install xvfb"))?;
        let mut stdout = BufReader::new(server.stdout.take().context("stdout is a pipe")?);
        let mut number = String::new();
        timeout(PATIENCE, stdout.read_line(&mut number)).await.context("Xvfb does not start")??;
        ensure!(!number.trim().is_empty(), "Xvfb ended");
        Ok(Self { display: format!(":{}", number.trim()), _server: server })
    }

    /// Looks out for the next window to be shown.
    ///
    /// # Errors
    /// When the server is gone.
    pub fn next_window(&self) -> Result<Appearing> {
        let (server, _) = x11rb::connect(Some(&self.display))?;
        for root in &server.setup().roots {
            let children = ChangeWindowAttributesAux::new().event_mask(EventMask::SUBSTRUCTURE_NOTIFY);
            server.change_window_attributes(root.root, &children)?;
        }
        server.sync()?;
        Ok(Appearing { server })
    }

    /// Asks every window to close, as a window manager does when its cross is clicked.
    ///
    /// # Errors
    /// When the server is gone, or no window can be asked.
    pub fn close_windows(&self) -> Result<()> {
        let (server, _) = x11rb::connect(Some(&self.display))?;
        let protocols = server.intern_atom(false, b"WM_PROTOCOLS")?.reply()?.atom;
        let delete = server.intern_atom(false, b"WM_DELETE_WINDOW")?.reply()?.atom;
        let mut asked = false;
        for root in &server.setup().roots {
            for window in server.query_tree(root.root)?.reply()?.children {
                let understood =
                    server.get_property(false, window, protocols, AtomEnum::ATOM, 0, 32)?.reply()?;
                if understood.value32().is_some_and(|mut atoms| atoms.any(|atom| atom == delete)) {
                    let event = ClientMessageEvent::new(
                        32,
                        window,
                        protocols,
                        [delete, x11rb::CURRENT_TIME, 0, 0, 0],
                    );
                    server.send_event(false, window, EventMask::NO_EVENT, event)?;
                    asked = true;
                }
            }
        }
        server.sync()?;
        ensure!(asked, "no window can be asked to close");
        Ok(())
    }
}

/// The least width of what counts as a window: helpers of the toolkit are tiny.
const LEAST_WIDTH: u16 = 200;

/// A look-out for a window.
#[derive(Debug)]
pub struct Appearing {
    server: RustConnection,
}

impl Appearing {
    /// Waits until a window of some size is shown.
    ///
    /// # Errors
    /// When none is, or the server is gone.
    pub async fn wait(self) -> Result<()> {
        let seen = tokio::task::spawn_blocking(move || self.see());
        timeout(PATIENCE, seen).await.context("no window appears")??
    }

    fn see(&self) -> Result<()> {
        loop {
            let Event::MapNotify(shown) = self.server.wait_for_event()? else { continue };
            // It may be gone again by now.
            let Ok(size) = self.server.get_geometry(shown.window)?.reply() else { continue };
            if size.width >= LEAST_WIDTH {
                return Ok(());
            }
        }
    }
}
