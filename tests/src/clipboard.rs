//! The clipboard of a screen, as any other program on it sees it.

use anyhow::{Context, Result};
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    Atom, AtomEnum, ConnectionExt, CreateWindowAux, EventMask, Window, WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::{COPY_DEPTH_FROM_PARENT, COPY_FROM_PARENT, CURRENT_TIME, NONE};

use crate::screen::Screen;

/// By which programs tell clipboard managers not to keep what was copied.
const HINT: &[u8] = b"x-kde-passwordManagerHint";

/// A program that pastes.
#[derive(Debug)]
pub struct Clipboard {
    server: RustConnection,
    window: Window,
    selection: Atom,
    property: Atom,
}

impl Clipboard {
    /// Comes to the screen as a program of its own.
    ///
    /// # Errors
    /// When the server is gone.
    pub fn on(screen: &Screen) -> Result<Self> {
        let (server, number) = x11rb::connect(Some(&screen.display))?;
        let root = server.setup().roots.get(number).context("a screen")?.root;
        let window = server.generate_id()?;
        server.create_window(
            COPY_DEPTH_FROM_PARENT,
            window,
            root,
            0,
            0,
            1,
            1,
            0,
            WindowClass::INPUT_OUTPUT,
            COPY_FROM_PARENT,
            &CreateWindowAux::new().event_mask(EventMask::PROPERTY_CHANGE),
        )?;
        let selection = server.intern_atom(false, b"CLIPBOARD")?.reply()?.atom;
        let property = server.intern_atom(false, b"PASTED")?.reply()?.atom;
        Ok(Self { server, window, selection, property })
    }

    /// The text that is pasted now; none when nobody has copied any.
    ///
    /// # Errors
    /// When the server is gone.
    pub async fn text(&self) -> Result<Option<String>> {
        let text = self.paste(b"UTF8_STRING").await?;
        Ok(text.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// Whether what was copied is marked as a secret, which clipboard managers do not keep.
    ///
    /// # Errors
    /// When the server is gone.
    pub async fn is_marked_secret(&self) -> Result<bool> {
        Ok(self.paste(HINT).await?.as_deref() == Some(b"secret"))
    }

    async fn paste(&self, form: &[u8]) -> Result<Option<Vec<u8>>> {
        if self.server.get_selection_owner(self.selection)?.reply()?.owner == NONE {
            return Ok(None);
        }
        let form = self.server.intern_atom(false, form)?.reply()?.atom;
        self.server.convert_selection(self.window, self.selection, form, self.property, CURRENT_TIME)?;
        self.server.flush()?;
        crate::until("whoever copied to answer", async || {
            while let Some(event) = self.server.poll_for_event()? {
                if let Event::SelectionNotify(answer) = event {
                    return Ok(Some(self.taken(answer.property)?));
                }
            }
            Ok(None)
        })
        .await
    }

    fn taken(&self, property: Atom) -> Result<Option<Vec<u8>>> {
        if property == NONE {
            return Ok(None);
        }
        let taken = self.server.get_property(true, self.window, property, AtomEnum::ANY, 0, u32::MAX)?;
        Ok(Some(taken.reply()?.value))
    }
}
