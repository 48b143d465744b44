//! A real chromium, driven through chromedriver.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::{PATIENCE, process, until};

const DRIVER: &str = "/usr/bin/chromedriver";
const CHROMIUM: &str = "/usr/bin/chromium";

/// Whether pages may run scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scripts {
    /// As usual.
    On,
    /// Switched off in the settings.
    Off,
}

/// One browser with a profile of its own. Both are gone when dropped.
#[derive(Debug)]
pub struct Browser {
    /// The session.
    pub client: Client,
    driver: Child,
    profile: TempDir,
}

impl Browser {
    /// Starts one.
    ///
    /// # Errors
    /// When chromium or chromedriver is not installed, or does not start.
    pub async fn new(scripts: Scripts) -> Result<Self> {
        let (driver, port) = start_driver().await?;
        let profile = tempfile::Builder::new().prefix("fieldgate-chromium-").tempdir()?;
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities(&profile, scripts))
            .connect(&format!("http://127.0.0.1:{port}"))
            .await?;
        Ok(Self { client, driver, profile })
    }

    /// Opens a page.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub async fn open(&self, url: &str) -> Result<()> {
        Ok(self.client.goto(url).await?)
    }

    /// The address it shows.
    ///
    /// # Errors
    /// When the session is gone.
    pub async fn url(&self) -> Result<String> {
        Ok(self.client.current_url().await?.to_string())
    }

    /// The number on the waiting page, and the id of the request in its address.
    ///
    /// # Errors
    /// When this is no waiting page.
    pub async fn waiting(&self) -> Result<(String, String)> {
        let wait = self.client.wait().at_most(PATIENCE);
        let element = wait.for_element(Locator::Css("[data-testid=number]")).await;
        let element = match element {
            Ok(element) => element,
            Err(error) => bail!("{error}; the page says: {}", self.text().await.unwrap_or_default()),
        };
        let number = element.text().await?;
        let url = self.client.current_url().await?;
        let id = url.path().rsplit('/').next().unwrap_or_default().to_owned();
        Ok((id, number))
    }

    /// What the page says.
    ///
    /// # Errors
    /// When there is no page.
    pub async fn text(&self) -> Result<String> {
        Ok(self.client.find(Locator::Css("body")).await?.text().await?)
    }

    /// Waits until the page says `words`, in any case.
    ///
    /// # Errors
    /// When it never does.
    pub async fn says(&self, words: &str) -> Result<String> {
        let wanted = words.to_lowercase();
        let mut last = String::new();
        let found = until(&format!("a page that says {words:?}"), async || {
            // Between two pages there is none.
            last = self.text().await.unwrap_or_default();
            Ok(last.to_lowercase().contains(&wanted).then(|| last.clone()))
        })
        .await;
        found.with_context(|| format!("the page says: {last}"))
    }

    /// Waits until it shows this address.
    ///
    /// # Errors
    /// When it never does.
    pub async fn arrives(&self, url: &str) -> Result<()> {
        let mut last = String::new();
        let found = until(&format!("the address {url}"), async || {
            last = self.url().await?;
            Ok((last == url).then_some(()))
        })
        .await;
        found.with_context(|| format!("it shows {last}"))
    }

    /// Waits for an element and clicks it.
    ///
    /// # Errors
    /// When it never comes.
    pub async fn click(&self, css: &str) -> Result<()> {
        let wait = self.client.wait().at_most(PATIENCE);
        Ok(wait.for_element(Locator::Css(css)).await?.click().await?)
    }

    /// Ends the session.
    ///
    /// # Errors
    /// When it does not end.
    pub async fn close(mut self) -> Result<()> {
        self.client.clone().close().await?;
        self.driver.start_kill()?;
        timeout(PATIENCE, self.driver.wait()).await.context("chromedriver does not end")??;
        Ok(())
    }
}

impl Drop for Browser {
    /// A session that was not closed leaves its chromium behind: it is known by its profile.
    fn drop(&mut self) {
        let profile = self.profile.path().to_string_lossy().into_owned();
        process::with_argument(&profile).into_iter().for_each(process::kill);
    }
}

/// Starts a driver on a port of its own choice; that port may be taken on the other family, then it ends at once.
async fn start_driver() -> Result<(Child, u16)> {
    let mut tries = 0..5;
    loop {
        let mut driver = Command::new(DRIVER)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{DRIVER} does not start: install chromium-driver"))?;
        let stdout = driver.stdout.take().context("stdout is a pipe")?;
        match timeout(PATIENCE, port_of(stdout)).await.context("chromedriver does not start")? {
            Ok(port) => return Ok((driver, port)),
            Err(error) if tries.next().is_none() => return Err(error),
            Err(_) => {}
        }
    }
}

async fn port_of(stdout: tokio::process::ChildStdout) -> Result<u16> {
    let mut lines = BufReader::new(stdout).lines();
    while let Some(line) = lines.next_line().await? {
        if let Some((_, port)) = line.split_once("started successfully on port ") {
            // It goes on to say things nobody reads.
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Ok(port.trim_end_matches('.').parse()?);
        }
    }
    bail!("chromedriver ended")
}

fn capabilities(profile: &TempDir, scripts: Scripts) -> Map<String, Value> {
    let args = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
    ];
    let mut args: Vec<String> = args.map(ToOwned::to_owned).into();
    args.push(format!("--user-data-dir={}", profile.path().display()));
    let mut options = json!({"binary": CHROMIUM, "args": args});
    if scripts == Scripts::Off {
        options["prefs"] = json!({"profile.managed_default_content_settings.javascript": 2});
    }
    let timeouts = json!({"pageLoad": Duration::from_secs(60).as_millis() as u64});
    let all = json!({"goog:chromeOptions": options, "timeouts": timeouts});
    all.as_object().cloned().unwrap_or_default()
}
