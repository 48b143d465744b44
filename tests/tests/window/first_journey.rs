//! From a fresh home to a key that works: by mouse, and by keyboard alone.

use anyhow::{Context, Result, ensure};
use blackbox::{ADMIN, Asker, Browser, Callback, Home, Scripts, Window, in_window, until};
use fantoccini::key::Key;

use crate::steps::{approve, first_start, listens};

const QUERY: &str = "applicationName=Till&applicationIdentifier=till\
                     &permissions=btcpay.store.canviewinvoices&permissions=btcpay.store.canviewreports";
const TAB: Key = Key::Tab;

/// Opens the authorize URL in a real chromium; the browser, the id of the request and the number it shows.
async fn asks(window: &Window, shop: &Callback) -> Result<(Browser, String, String)> {
    let browser = Browser::new(Scripts::On).await?;
    let url = format!("{}/api-keys/authorize?{QUERY}&{}", window.gate().await?, shop.redirect("/save?a=%41"));
    browser.open(&url).await?;
    let (id, number) = browser.waiting().await?;
    Ok((browser, id, number))
}

/// The key the browser posted: it works, belongs to the admin, and is in the table, where its secret is not.
async fn check(window: &Window, home: &Home, shop: &Callback) -> Result<()> {
    let post = shop.first("POST").await?;
    ensure!(post.target == "/save?a=%41", "{post:?}");
    let fields = post.form()?;
    let key = fields.iter().find(|(name, _)| name == "apiKey").map(|(_, value)| value).context("a key")?;
    let may = Asker::at(&window.gate().await?)?.may(key).await?;
    ensure!(may == ["btcpay.store.canviewinvoices", "btcpay.store.canviewreports"], "{may:?}");
    let listed = home.ok(&["key", "list"]).await?;
    let id = listed[0]["id"].as_str().context("a key is listed")?;
    let row = window.find_css(&format!("[data-testid=key-row][data-key-id=\"{id}\"]")).await?;
    let says = row.text().await?;
    ensure!(says.contains("Till") && says.contains(ADMIN), "{says}");
    ensure!(!window.everything().await?.contains(key), "the secret is in the page");
    Ok(())
}

#[tokio::test]
async fn a_shop_asks_through_a_browser_and_the_admin_approves_in_the_window() -> Result<()> {
    let home = Home::unmade()?;
    in_window(&home, async |window| {
        first_start(window, &home).await?;
        let shop = Callback::new().await?;
        let (browser, id, number) = asks(window, &shop).await?;
        window.find_css(&format!("[data-testid=request-card][data-request-id=\"{id}\"]")).await?;
        window.click("request-card").await?;
        window.says("[data-testid=request-sentence]", "Till").await?;
        ensure!(!window.everything().await?.contains(&format!(">{number}<")), "the window shows the number");
        window.type_into("request-number", &number).await?;
        approve(window).await?;
        window.find("request-over").await?;
        browser.arrives(&shop.url("/save?a=%41")).await?;
        let key = shop.first("POST").await?.form()?;
        ensure!(
            !window.everything().await?.contains(&key[0].1),
            "the secret is in the page that says it is over"
        );
        window.click("done").await?;
        window.click("nav-keys").await?;
        check(window, &home, &shop).await?;
        browser.close().await
    })
    .await
}

/// Moves the focus on with Tab until it is on the element of this name.
async fn tab_to(window: &Window, testid: &str) -> Result<()> {
    until(&format!("Tab to reach {testid}"), async || {
        if window.focus().await? == testid {
            return Ok(Some(()));
        }
        window.press(&(TAB + "")).await?;
        Ok(None)
    })
    .await
}

/// Waits until the element of this name has the focus by itself.
async fn focused(window: &Window, testid: &str) -> Result<()> {
    until(&format!("the focus on {testid}"), async || Ok((window.focus().await? == testid).then_some(())))
        .await
}

#[tokio::test]
async fn the_same_journey_needs_no_mouse() -> Result<()> {
    let home = Home::unmade()?;
    let enter = Key::Enter + "";
    in_window(&home, async |window| {
        focused(window, "passphrase").await?;
        window.press(&home.passphrase).await?;
        tab_to(window, "passphrase-repeat").await?;
        window.press(&home.passphrase).await?;
        tab_to(window, "admin-email").await?;
        window.press(&(ADMIN.to_owned() + &enter)).await?;
        window.gone("onboarding").await?;
        let shop = Callback::new().await?;
        let (browser, _, number) = asks(window, &shop).await?;
        window.find("request-card").await?;
        tab_to(window, "request-card").await?;
        window.press(&enter).await?;
        focused(window, "request-number").await?;
        window.press(&number).await?;
        listens(window).await?;
        tab_to(window, "approve").await?;
        window.press(&enter).await?;
        window.find("request-over").await?;
        tab_to(window, "done").await?;
        window.press(&enter).await?;
        window.gone("request-sheet").await?;
        tab_to(window, "nav-keys").await?;
        window.press(&enter).await?;
        check(window, &home, &shop).await?;
        tab_to(window, "key-row").await?;
        window.press(&enter).await?;
        window.find("key-sheet").await?;
        window.press(&(Key::Escape + "")).await?;
        window.gone("key-sheet").await?;
        focused(window, "key-row").await?;
        browser.close().await
    })
    .await
}
