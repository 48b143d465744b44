//! How a program without a browser gets its key, and who does not get it.

use anyhow::{Context, Result};
use blackbox::{Callback, Start, World};
use reqwest::Method;
use serde_json::Value;

const VIEW: &str = "permissions=btcpay.store.canviewinvoices";

#[tokio::test]
async fn without_a_redirect_the_key_is_collected_exactly_once() -> Result<()> {
    let world = World::new().await?;
    let asked = world.asker.asked(VIEW).await?;
    let (polled, approved) = tokio::join!(world.asker.poll(&asked), world.approve(&asked, &[]));
    let (mut polled, approved) = (polled?, approved?);
    if polled["apiKey"].is_null() {
        // It looked before the decision; the next look finds the key.
        polled = world.asker.poll(&asked).await?;
    }
    let key = polled["apiKey"].as_str().context("the poll brings the key")?;
    assert_eq!(world.asker.may(key).await?, ["btcpay.store.canviewinvoices"]);
    assert!(polled["userId"].is_string(), "{polled}");
    let again = world.asker.poll(&asked).await?;
    assert_eq!((&again["apiKey"], &again["status"]), (&Value::Null, &Value::from("delivered")), "once");
    assert!(approved["apiKey"].is_null(), "nobody else is shown it: {approved}");
    let key = approved["grant"]["key"].as_str().context("the grant names its key")?;
    assert_eq!(world.home.listed_key(key).await?["neverCollected"], false);
    Ok(())
}

#[tokio::test]
async fn a_poll_that_may_wait_is_answered_by_the_decision() -> Result<()> {
    let world = World::new().await?;
    let asked = world.asker.asked(VIEW).await?;
    let (asker, waiting) = (world.asker.clone(), asked.clone());
    let poll = tokio::spawn(async move { asker.poll(&waiting).await });
    world.home.ok(&["refuse", &asked.id]).await?;
    let polled = poll.await??;
    assert_eq!((&polled["status"], &polled["apiKey"]), (&Value::from("refused"), &Value::Null));
    Ok(())
}

#[tokio::test]
async fn a_posted_key_uses_no_proxy_whatever_the_environment_says() -> Result<()> {
    // A port nobody listens on: a proxy there would swallow the key.
    let closed = Callback::new().await?.port;
    let proxy = format!("http://127.0.0.1:{closed}");
    let names = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"];
    let env = names.map(|name| (name, proxy.clone())).into();
    let world = World::with(Start { env, ..Start::default() }).await?;
    let shop = Callback::new().await?;
    let asked = world.asker.asked(&format!("{VIEW}&{}", shop.redirect("/cb"))).await?;
    world.approve(&asked, &[]).await?;
    let posted = shop.first("POST").await?.json()?;
    let key = posted["apiKey"].as_str().context("a key")?;
    assert_eq!(world.asker.may(key).await?, ["btcpay.store.canviewinvoices"]);
    let polled = world.asker.poll_until(&asked, "delivered").await?;
    assert!(polled["apiKey"].is_null(), "the poll of a posted key brings none: {polled}");
    Ok(())
}

#[tokio::test]
async fn a_post_follows_no_redirect() -> Result<()> {
    let world = World::new().await?;
    let elsewhere = Callback::new().await?;
    let shop = Callback::redirecting(elsewhere.url("/caught")).await?;
    let asked = world.asker.asked(&format!("{VIEW}&{}", shop.redirect("/cb"))).await?;
    world.approve(&asked, &[]).await?;
    shop.first("POST").await?;
    let over = async || {
        let polled = world.asker.poll(&asked).await?;
        Ok((polled["status"] != "pending" && polled["status"] != "approved").then_some(()))
    };
    blackbox::until("the end of all tries", over).await?;
    assert!(elsewhere.received().is_empty(), "{:?}", elsewhere.received());
    Ok(())
}

#[tokio::test]
async fn a_key_that_could_not_be_posted_is_delivered_later() -> Result<()> {
    let world = World::new().await?;
    let shop = Callback::busy().await?;
    let (port, redirect) = (shop.port, shop.redirect("/cb"));
    let asked = world.asker.asked(&format!("{VIEW}&{redirect}")).await?;
    let approved = world.approve(&asked, &[]).await?;
    world.asker.poll_until(&asked, "undelivered").await?;
    let key = approved["grant"]["key"].as_str().context("the grant names its key")?;
    assert_eq!(world.home.listed_key(key).await?["neverCollected"], true);

    assert_eq!(world.home.refused(&["deliver", &asked.id]).await?, "failed");
    shop.end().await;
    let shop = Callback::again(port).await?;
    assert_eq!(world.home.ok(&["deliver", &asked.id]).await?["status"], "delivered");
    let posted = shop.first("POST").await?.json()?;
    let token = posted["apiKey"].as_str().context("a key")?;
    assert_eq!(world.asker.current(token).await?.status, 200);
    assert_eq!(world.asker.poll(&asked).await?["status"], "delivered");
    assert_eq!(world.home.listed_key(key).await?["neverCollected"], false);
    Ok(())
}

#[tokio::test]
async fn who_knows_the_id_but_not_the_secret_gets_no_key() -> Result<()> {
    let world = World::new().await?;
    let asked = world.asker.asked(VIEW).await?;
    world.approve(&asked, &[]).await?;
    assert!(!asked.poll.ends_with(&asked.id), "the poll holds more than the id");
    let page = format!("/api-keys/authorize/{}", asked.id);
    let wrong = "00112233445566778899aabbccddeeff";
    for target in
        [page.clone(), format!("{page}?c={wrong}"), format!("{page}?c="), format!("{page}?c={}", asked.id)]
    {
        for accept in ["*/*", "text/html"] {
            let answer = world.asker.send(Method::GET, &target, |it| it.header("Accept", accept)).await?;
            assert!(!answer.body.contains("apiKey"), "{target}: {answer:?}");
        }
    }
    let polled = world.asker.poll(&asked).await?;
    assert!(polled["apiKey"].is_string(), "the asker itself still gets it: {polled}");
    Ok(())
}

#[tokio::test]
async fn the_mode_asked_in_is_the_mode_answered_in() -> Result<()> {
    let world = World::new().await?;
    let shop = Callback::new().await?;
    let as_browser = |it: reqwest::RequestBuilder| it.header("Accept", "text/html");

    let asked = world.asker.asked(VIEW).await?;
    world.approve(&asked, &[]).await?;
    let page = world.asker.send(Method::GET, &asked.poll, as_browser).await?;
    assert!(!page.body.contains("apiKey"), "a page is no poll: {}", page.body);
    assert!(world.asker.poll(&asked).await?["apiKey"].is_string(), "and takes nothing away from it");

    let path = format!("/api-keys/authorize?{VIEW}&{}", shop.redirect("/cb"));
    let page = world.asker.send(Method::GET, &path, as_browser).await?;
    let page = page.header("location").context("a page to wait on")?.to_owned();
    let id = page.split(['/', '?']).find(|part| part.len() == 32).context("an id")?;
    world.home.ok(&["approve", id, "--no-number"]).await?;
    let polled = world.asker.get(&page).await?;
    assert!(!polled.body.contains("apiKey"), "a poll is no page: {}", polled.body);
    assert!(world.asker.send(Method::GET, &page, as_browser).await?.body.contains("apiKey"));
    Ok(())
}

#[tokio::test]
async fn two_askers_with_the_same_query_never_get_each_others_key() -> Result<()> {
    let world = World::new().await?;
    let one = world.asker.asked(VIEW).await?;
    let other = world.asker.asked(VIEW).await?;
    assert_ne!((&one.id, &one.poll), (&other.id, &other.poll));
    assert_ne!(one.number, other.number);
    assert_eq!(world.home.request(&one.id).await?["askedTimes"], 2, "they share a card");

    // The number typed says who is meant, whatever row of the card it is typed at.
    world.home.ok(&["approve", &one.id, "--number", &other.number]).await?;
    assert_eq!(world.asker.poll(&one).await?["status"], "superseded");
    let polled = world.asker.poll(&other).await?;
    assert!(polled["apiKey"].is_string(), "{polled}");
    assert!(world.asker.poll(&one).await?["apiKey"].is_null());
    Ok(())
}

#[tokio::test]
async fn an_unknown_poll_is_404() -> Result<()> {
    let world = World::new().await?;
    let asked = world.asker.asked(VIEW).await?;
    let unknown = asked.poll.replace(&asked.id, "ffffffffffffffffffffffffffffffff");
    assert_eq!(world.asker.get(&unknown).await?.status, 404);
    Ok(())
}
