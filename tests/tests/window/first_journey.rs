//! From a fresh home to a key that works.

use anyhow::{Context, Result, ensure};
use blackbox::{ADMIN, Asker, Browser, Callback, Hand, Home, Scripts, Window, in_window};

use crate::steps::{approve, first_start};

by_both_hands!(a_shop_asks_through_a_browser_and_the_admin_approves_in_the_window);

const QUERY: &str = "applicationName=Till&applicationIdentifier=till\
                     &permissions=btcpay.store.canviewinvoices&permissions=btcpay.store.canviewreports";

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

async fn a_shop_asks_through_a_browser_and_the_admin_approves_in_the_window(hand: Hand) -> Result<()> {
    let home = Home::unmade()?;
    in_window(&home, hand, async |window| {
        window.has_focus("passphrase").await?;
        first_start(window, &home).await?;
        let shop = Callback::new().await?;
        let (browser, id, number) = asks(window, &shop).await?;
        window.click_css(&format!("[data-testid=request-card][data-request-id=\"{id}\"]")).await?;
        window.says("[data-testid=request-sentence]", "Till").await?;
        ensure!(!window.everything().await?.contains(&format!(">{number}<")), "the window shows the number");
        window.has_focus("request-number").await?;
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
        window.gone("request-sheet").await?;
        window.click("nav-keys").await?;
        check(window, &home, &shop).await?;
        window.click("key-row").await?;
        window.dismiss("key-sheet").await?;
        window.has_focus("key-row").await?;
        browser.close().await
    })
    .await
}
