//! What was acknowledged survives whatever happens to the process.

use anyhow::{Context, Result, ensure};
use blackbox::crashes::crashes;
use blackbox::dice::Dice;
use blackbox::{Browser, Callback, Scripts, World};
use fantoccini::Locator;
use serde_json::{Value, json};

const VIEW: &str = "permissions=btcpay.store.canviewinvoices";

/// The handle of the key that `approve` answered with.
fn granted(approved: &Value) -> Result<String> {
    let key = approved.pointer("/grant/key").and_then(Value::as_str);
    Ok(key.with_context(|| format!("a key in {approved}"))?.to_owned())
}

#[tokio::test]
async fn a_key_nobody_collected_before_the_crash_is_collected_after_it() -> Result<()> {
    let mut world = World::new().await?;
    let asked = world.asker.asked(VIEW).await?;
    let key = granted(&world.approve(&asked, &[]).await?)?;
    world.crash_and_restart().await?;

    let listed = world.home.listed_key(&key).await?;
    assert_eq!((&listed["neverCollected"], &listed["state"]), (&json!(true), &json!("live")));
    assert_eq!(world.home.request(&asked.id).await?["status"], "approved");
    assert_eq!(world.asker.get(&asked.poll).await?.status, 404, "the gate knows of no poll after a restart");
    assert_eq!(world.home.ok(&["deliver", &asked.id]).await?["status"], "approved");
    let polled = world.asker.poll(&asked).await?;
    let token = polled["apiKey"].as_str().context("the old poll collects it")?;
    assert_eq!(world.asker.may(token).await?, ["btcpay.store.canviewinvoices"]);
    assert_eq!(world.home.listed_key(&key).await?["neverCollected"], false);

    world.home.ok(&["key", "revoke", &key]).await?;
    assert_eq!(world.asker.current(token).await?.status, 401);
    world.crash_and_restart().await?;
    assert_eq!(world.asker.current(token).await?.status, 401, "and stays revoked");
    Ok(())
}

#[tokio::test]
async fn a_key_that_was_never_posted_is_posted_after_the_crash() -> Result<()> {
    let mut world = World::new().await?;
    let shop = Callback::busy().await?;
    let (port, redirect) = (shop.port, shop.redirect("/cb?secret=x"));
    let asked = world.asker.asked(&format!("{VIEW}&{redirect}")).await?;
    let key = granted(&world.approve(&asked, &[]).await?)?;
    world.crash_and_restart().await?;
    assert_eq!(world.home.listed_key(&key).await?["neverCollected"], true);
    shop.end().await;
    assert_eq!(world.home.refused(&["deliver", &asked.id]).await?, "nobody-listens");

    let shop = Callback::again(port).await?;
    assert_eq!(world.home.ok(&["deliver", &asked.id]).await?["status"], "delivered");
    let post = shop.first("POST").await?;
    assert_eq!(post.target, "/cb?secret=x");
    let posted = post.json()?;
    assert_eq!(world.asker.current(posted["apiKey"].as_str().context("a key")?).await?.status, 200);
    assert_eq!(world.home.request(&asked.id).await?["grant"]["delivery"], "json-post");
    Ok(())
}

#[tokio::test]
async fn a_page_that_lost_its_gate_says_so_and_can_be_armed_again() -> Result<()> {
    let mut world = World::new().await?;
    let shop = Callback::new().await?;
    let browser = Browser::new(Scripts::Off).await?;
    browser.open(&world.gate.authorize(&format!("{VIEW}&{}", shop.redirect("/cb")))).await?;
    let (id, number) = browser.waiting().await?;
    let page = browser.url().await?;
    let approved = world.home.ok(&["approve", &id, "--number", &number]).await?;
    world.crash_and_restart().await?;
    browser.open(&page).await?;
    browser.says("ask again").await?;
    assert_eq!(world.home.listed_key(&granted(&approved)?).await?["neverCollected"], true);

    world.home.ok(&["deliver", &id]).await?;
    browser.open(&page).await?;
    browser.client.wait().at_most(blackbox::PATIENCE).for_element(Locator::Css("form button")).await?;
    browser.click("form button").await?;
    let form = shop.first("POST").await?.form()?;
    let key = form.iter().find(|(name, _)| name == "apiKey").context("a key")?;
    assert_eq!(world.asker.current(&key.1).await?.status, 200);
    browser.close().await
}

#[tokio::test]
async fn a_key_that_was_never_collected_can_be_revoked_after_the_crash() -> Result<()> {
    let mut world = World::new().await?;
    let asked = world.asker.asked(VIEW).await?;
    let key = granted(&world.approve(&asked, &[]).await?)?;
    world.crash_and_restart().await?;
    world.home.ok(&["key", "revoke", &key]).await?;
    assert_eq!(world.home.listed_key(&key).await?["state"], "revoked");
    assert_eq!(world.home.refused(&["deliver", &asked.id]).await?, "invalid", "a dead key is not handed out");
    Ok(())
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_in_50_crashes_under_load() -> Result<()> {
    let done = crashes(50, Dice::from_environment()?).await?;
    println!("{done}");
    ensure!(done.harm.is_none(), "{done}");
    let all = &done.ledger;
    ensure!(all.unanswered.len() >= 50, "the crashes hit no call under way: {done}");
    ensure!(all.live.len() > 50 && all.revoked.len() > 50, "there was no load: {done}");
    ensure!(all.approved.len() > 20 && all.refused.len() > 5, "nobody decided: {done}");
    Ok(())
}
