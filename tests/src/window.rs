//! The real window on a screen of its own, driven through WebKit's own driver.

use std::cell::Cell;
use std::path::PathBuf;

use anyhow::{Context, Result};
use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::Value;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::{Clipboard, Hand, Home, PATIENCE, binary, driver, process, screen::Screen, until};

/// A running Fieldgate with its window. Everything that was started for it is gone when dropped.
#[derive(Debug)]
pub struct Window {
    /// The session.
    pub client: Client,
    /// The process.
    pub pid: u32,
    home: PathBuf,
    complaints: PathBuf,
    hand: Cell<Hand>,
    _driver: Child,
    screen: Screen,
}

/// Opens the window in `home`, goes through the steps with this hand and closes it. When a step fails, the error says what the window
/// showed, and where a picture of it is.
///
/// # Errors
/// What the steps say, or the window.
pub async fn in_window(
    home: &Home,
    hand: Hand,
    steps: impl AsyncFnOnce(&Window) -> Result<()>,
) -> Result<()> {
    let window = Window::open(home, 0, hand).await?;
    match steps(&window).await {
        Ok(()) => window.close().await,
        Err(error) => Err(error.context(window.testimony().await)),
    }
}

impl Window {
    /// Starts Fieldgate in `home` with its gate at `port`; 0 means any. The window is worked with this hand.
    ///
    /// # Errors
    /// When Xvfb, D-Bus or WebKitWebDriver is not installed, or the window does not open.
    pub async fn open(home: &Home, port: u16, hand: Hand) -> Result<Self> {
        let screen = Screen::new().await?;
        let complaints = home.beside().join("window.err");
        let (driver, address) = driver::start(home, &screen, port, &complaints).await?;
        let mut session = ClientBuilder::new(HttpConnector::new());
        session.capabilities(driver::capabilities()?);
        let client =
            timeout(PATIENCE, session.connect(&address)).await.context("the window does not open")?;
        let client = client.with_context(|| std::fs::read_to_string(&complaints).unwrap_or_default())?;
        let pid = driver::pid_of_the_window(home)?;
        let (home, hand) = (home.path().to_owned(), Cell::new(hand));
        Ok(Self { client, pid, home, complaints, hand, _driver: driver, screen })
    }

    /// What works it now.
    pub fn hand(&self) -> Hand {
        self.hand.get()
    }

    /// From now on the window is worked with this hand.
    pub fn take_in(&self, hand: Hand) {
        self.hand.set(hand);
    }

    /// What somebody on its screen would paste.
    ///
    /// # Errors
    /// When the screen is gone.
    pub fn clipboard(&self) -> Result<Clipboard> {
        Clipboard::on(&self.screen)
    }

    /// Where its gate is, as `gate.json` says.
    ///
    /// # Errors
    /// When it never says so.
    pub async fn gate(&self) -> Result<String> {
        let file = self.home.join("gate.json");
        until("gate.json", async || {
            let Ok(text) = std::fs::read_to_string(&file) else { return Ok(None) };
            let said: Value = serde_json::from_str(&text)?;
            Ok(said["url"].as_str().map(ToOwned::to_owned))
        })
        .await
    }

    /// The address that the window wants opened in its user's browser.
    ///
    /// # Errors
    /// When it never wants any.
    pub async fn opened(&self) -> Result<String> {
        let file = driver::opened(&self.home);
        until("an address to open", async || {
            let text = std::fs::read_to_string(&file).unwrap_or_default();
            Ok(text.strip_suffix('\n').map(ToOwned::to_owned))
        })
        .await
    }

    /// A second start of Fieldgate in the same home, on the same screen.
    ///
    /// # Errors
    /// When it is not built.
    pub fn second_start(&self) -> Result<Command> {
        let mut command = Command::new(binary::fieldgate()?);
        driver::surroundings(&mut command, &self.home, &self.screen)?;
        command.env("FIELDGATE_PORT", "0").kill_on_drop(true);
        Ok(command)
    }

    /// Waits for the element of this name to be seen.
    ///
    /// # Errors
    /// When it never is.
    pub async fn find(&self, testid: &str) -> Result<Element> {
        self.find_css(&named(testid)).await
    }

    /// Waits for an element that this CSS selector finds to be seen.
    ///
    /// # Errors
    /// When it never is.
    pub async fn find_css(&self, css: &str) -> Result<Element> {
        until(css, async || {
            for element in self.client.find_all(Locator::Css(css)).await? {
                // It may be taken out of the page between two questions.
                if element.is_displayed().await.unwrap_or(false) {
                    return Ok(Some(element));
                }
            }
            Ok(None)
        })
        .await
    }

    /// Whether the element of this name is in the page now.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn has(&self, testid: &str) -> Result<bool> {
        Ok(!self.client.find_all(Locator::Css(&named(testid))).await?.is_empty())
    }

    /// Waits until the element of this name is out of the page.
    ///
    /// # Errors
    /// When it stays.
    pub async fn gone(&self, testid: &str) -> Result<()> {
        until(&format!("{testid} to go"), async || Ok((!self.has(testid).await?).then_some(()))).await
    }

    /// What the element of this name says.
    ///
    /// # Errors
    /// When it never comes.
    pub async fn text(&self, testid: &str) -> Result<String> {
        inner_text(&self.find(testid).await?).await
    }

    /// Waits until the element that this CSS selector finds says `words`.
    ///
    /// # Errors
    /// When it never does.
    pub async fn says(&self, css: &str, words: &str) -> Result<()> {
        let mut last = String::new();
        let said = until(&format!("{css} that says {words:?}"), async || {
            let element = self.client.find(Locator::Css(css)).await;
            let Ok(element) = element else { return Ok(None) };
            last = inner_text(&element).await.unwrap_or_default();
            Ok(last.contains(words).then_some(()))
        })
        .await;
        said.with_context(|| format!("it says: {last}"))
    }

    /// Makes the window an icon, and waits until its page knows.
    ///
    /// # Errors
    /// When it stays.
    pub async fn iconify(&self) -> Result<()> {
        self.client.minimize_window().await?;
        until("the window to be an icon", async || Ok((!self.is_seen().await?).then_some(()))).await
    }

    /// Waits until the window is on the screen and has the focus.
    ///
    /// # Errors
    /// When it stays where it is.
    pub async fn comes_up(&self) -> Result<()> {
        until("the window to come up", async || Ok(self.is_seen().await?.then_some(()))).await
    }

    /// Whether the window is on the screen and has the focus, as its page knows.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn is_seen(&self) -> Result<bool> {
        let script = "return document.visibilityState === 'visible' && document.hasFocus()";
        Ok(self.client.execute(script, Vec::new()).await? == true)
    }

    /// The whole page as it stands, and the title of the window.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn everything(&self) -> Result<String> {
        Ok(format!("{}\n{}", self.client.title().await?, self.client.source().await?))
    }

    /// What there is to read in the window, and its title.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn shown(&self) -> Result<String> {
        let text = self.client.execute("return document.body.innerText", Vec::new()).await?;
        Ok(format!("{}\n{}", self.client.title().await?, text.as_str().unwrap_or_default()))
    }

    /// Ends the session, and the window with it.
    ///
    /// # Errors
    /// When it does not end.
    pub async fn close(self) -> Result<()> {
        Ok(timeout(PATIENCE, self.client.clone().close()).await.context("the session does not end")??)
    }

    /// Closes the window as its user does, and waits until the process has ended.
    ///
    /// # Errors
    /// When it does not.
    pub async fn close_and_wait(&self) -> Result<()> {
        // Not the driver: it would kill the process.
        self.screen.close_windows()?;
        let pid = self.pid;
        until("the process to end", async || Ok((!process::is_alive(pid)).then_some(()))).await
    }

    /// What a failed journey leaves behind.
    pub async fn testimony(&self) -> String {
        let text = "return document.body.innerText";
        // What hangs would say nothing for ever.
        let shown = timeout(PATIENCE, self.client.execute(text, Vec::new())).await;
        let shown = shown.map(Result::unwrap_or_default).unwrap_or_default();
        let picture = timeout(PATIENCE, self.picture()).await.context("the window hangs").flatten();
        let picture = picture.map_or_else(|e| format!("none: {e}"), |it| it.display().to_string());
        let complaints = std::fs::read_to_string(&self.complaints).unwrap_or_default();
        let shown = shown.as_str().unwrap_or_default();
        format!("the window shows:\n{shown}\npicture: {picture}\nit complained:\n{complaints}")
    }

    /// Takes a picture, into a file named after the test.
    ///
    /// # Errors
    /// When the window is gone, or the file cannot be written.
    pub async fn picture(&self) -> Result<PathBuf> {
        let png = self.client.screenshot().await?;
        let folder = binary::development_build().join("pictures");
        std::fs::create_dir_all(&folder)?;
        let test = std::thread::current().name().unwrap_or("window").replace("::", "-");
        let file = folder.join(format!("{test}.png"));
        std::fs::write(&file, png)?;
        Ok(file)
    }
}

impl Drop for Window {
    /// Driver, bus and window each have children of their own: all are known by the home in their environment.
    fn drop(&mut self) {
        let home = self.home.to_string_lossy().into_owned();
        process::with_environment(driver::HOME, &home).into_iter().for_each(process::kill);
    }
}

/// What an element shows. The driver's own notion of text leaves out what a line too long might cut off.
async fn inner_text(element: &Element) -> Result<String> {
    Ok(element.prop("innerText").await?.unwrap_or_default())
}

pub(crate) fn named(testid: &str) -> String {
    format!("[data-testid=\"{testid}\"]")
}
