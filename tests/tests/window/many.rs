//! A window with more in it than anybody would want.

use anyhow::{Context, Result, ensure};
use blackbox::{ADMIN, Hand, Home, Window, control::Control, in_window, until};
use serde_json::{Value, json};

use crate::steps::{SEE, asked, unlock};

const KEYS: usize = 10_000;
const STORES: usize = 300;

/// 200 characters, of which some stand for two, some are read from the right, and some take a line each.
fn long_name() -> String {
    "محل الخبز 🥐 bakery ".chars().cycle().take(200).collect()
}

/// Every byte as a query may write it.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

async fn ok(control: &mut Control, call: &str, args: Value) -> Result<Value> {
    let mut answer = control.call(call, args).await?;
    ensure!(answer["error"].is_null(), "{call}: {answer}");
    Ok(answer["ok"].take())
}

/// Fills the desk over its own control socket: ten thousand keys, some with names that are hard to show, and a user
/// with 300 stores.
async fn fill(home: &Home) -> Result<()> {
    let mut control = Control::connect(home.path()).await?;
    ok(&mut control, "unlock", json!({ "passphrase": home.passphrase })).await?;
    for n in 0..STORES {
        let name: String = format!("{n} {}", long_name()).chars().take(50).collect();
        ok(&mut control, "store_create", json!({ "name": name.trim(), "owner": ADMIN })).await?;
    }
    for n in 0..KEYS {
        let label = if n % 100 == 0 { long_name() } else { format!("key {n}") };
        let key = json!({ "user": ADMIN, "issuer": null, "label": label, "expires": null,
            "permissions": ["btcpay.store.canviewinvoices"] });
        ok(&mut control, "key_create", key).await?;
    }
    Ok(())
}

/// Whether the page is as wide as its window, so that nothing hangs out of it to the side.
async fn fits(window: &Window) -> Result<bool> {
    let script = "return document.documentElement.scrollWidth <= document.documentElement.clientWidth";
    Ok(window.client.execute(script, Vec::new()).await? == true)
}

async fn count(window: &Window, css: &str) -> Result<u64> {
    let script = "return document.querySelectorAll(arguments[0]).length";
    let found = window.client.execute(script, vec![json!(css)]).await?;
    found.as_u64().context("a number")
}

/// Looks at everything there is much of.
async fn look(window: &Window) -> Result<()> {
    window.click("nav-keys").await?;
    window.says("main", "10,000 keys").await?;
    window.find("key-row").await?;
    ensure!(count(window, "[data-testid=key-row]").await? < 200, "not every row is in the page");
    window.type_into("key-search", "key 7777").await?;
    window.says("[data-testid=key-row]", "key 7777").await?;
    until("a single row", async || Ok((count(window, "[data-testid=key-row]").await? == 1).then_some(())))
        .await?;
    ensure!(fits(window).await?, "the table of keys hangs out");
    window.click("nav-stores").await?;
    window.find("store-row").await?;
    ensure!(fits(window).await?, "the stores hang out");
    window.click("nav-requests").await?;
    asked(window, &format!("{SEE}&selectiveStores=true&applicationName={}", encoded(&long_name()))).await?;
    window.find("approve").await?;
    window.find("request-store").await?;
    ensure!(fits(window).await?, "the sheet hangs out");
    window.dismiss("request-sheet").await
}

#[tokio::test]
async fn ten_thousand_keys_and_three_hundred_stores_break_nothing() -> Result<()> {
    let home = Home::in_memory().await?;
    in_window(&home, Hand::Mouse, async |window| {
        window.gate().await?;
        fill(&home).await?;
        unlock(window, &home).await?;
        // Filling it is what takes its time: both hands have the same one.
        for hand in Hand::BOTH {
            window.take_in(hand);
            look(window).await.with_context(|| format!("{hand:?}"))?;
        }
        Ok(())
    })
    .await
}
