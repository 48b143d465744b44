//! A real chromium asks, waits, and carries the key to the application.

#![expect(clippy::indexing_slicing, reason = "of JSON documents: what is missing is null")]

use anyhow::{Context, Result, ensure};
use blackbox::{Browser, Callback, MERCHANT, Received, Scripts, World};
use fantoccini::Locator;

const BOTH: &str = "permissions=btcpay.store.cancreateinvoice&permissions=btcpay.store.canviewinvoices";
const TARGET: &str = "/rest/save?secret=x%7ey&b=%41&a=&&store=1";

/// The fields of the form that a browser posted, after what holds for every such post; the key first.
async fn check_post(world: &World, post: &Received) -> Result<(String, Vec<String>)> {
    ensure!(post.target == TARGET, "path and query are not byte for byte as asked: {}", post.target);
    let kind = post.header("content-type").unwrap_or_default();
    ensure!(kind == "application/x-www-form-urlencoded", "{kind}");
    ensure!(post.header("referer").is_none(), "it says where it came from: {post:?}");
    ensure!(post.header("cookie").is_none(), "{post:?}");
    let fields = post.form()?;
    let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
    ensure!(names.iter().all(|name| ["apiKey", "userId", "permissions[]"].contains(name)), "{names:?}");
    let all = |wanted: &'static str| {
        fields.iter().filter(move |(name, _)| name == wanted).map(|(_, value)| value.clone())
    };
    let key = all("apiKey").next().context("a key")?;
    let user = all("userId").next().context("a user")?;
    let users = world.home.ok(&["user", "list"]).await?;
    ensure!(users.as_array().into_iter().flatten().any(|it| it["id"] == user.as_str()), "{user} in {users}");
    let mut permissions: Vec<String> = all("permissions[]").collect();
    permissions.sort();
    ensure!(world.asker.may(&key).await? == permissions, "the key does what it says: {permissions:?}");
    Ok((key, permissions))
}

async fn the_whole_journey(scripts: Scripts, elsewhere: bool) -> Result<()> {
    let world = World::new().await?;
    let other = Callback::new().await?;
    let shop = match elsewhere {
        true => Callback::redirecting(other.url("/thanks")).await?,
        false => Callback::new().await?,
    };
    let browser = Browser::new(scripts).await?;
    browser.open(&world.gate.authorize(&format!("{BOTH}&{}", shop.redirect(TARGET)))).await?;
    let (id, number) = browser.waiting().await?;
    assert_eq!(world.home.request(&id).await?["mode"], "browser");
    world.home.ok(&["approve", &id, "--number", &number, "--user", MERCHANT]).await?;
    if scripts == Scripts::Off {
        browser.click("form button").await?;
    }
    let post = shop.first("POST").await?;
    let (_, permissions) = check_post(&world, &post).await?;
    assert_eq!(permissions, ["btcpay.store.cancreateinvoice", "btcpay.store.canviewinvoices"]);
    let end = if elsewhere { other.url("/thanks") } else { shop.url(TARGET) };
    browser.arrives(&end).await?;
    assert_eq!(world.home.request(&id).await?["grant"]["delivery"], "form-post");
    browser.close().await
}

#[tokio::test]
async fn the_browser_posts_the_key_to_the_application() -> Result<()> {
    the_whole_journey(Scripts::On, false).await
}

#[tokio::test]
async fn the_application_may_send_the_browser_on_to_another_origin() -> Result<()> {
    the_whole_journey(Scripts::On, true).await
}

#[tokio::test]
async fn without_scripts_a_button_posts_the_key() -> Result<()> {
    the_whole_journey(Scripts::Off, false).await
}

#[tokio::test]
async fn without_scripts_too_the_application_may_send_the_browser_on() -> Result<()> {
    the_whole_journey(Scripts::Off, true).await
}

/// Approves what the browser asks for at `query` and waits for the page to say `words`.
async fn shown_in_fieldgate(
    world: &World,
    browser: &Browser,
    query: &str,
    more: &[&str],
    words: &str,
) -> Result<String> {
    browser.open(&world.gate.authorize(query)).await?;
    let (id, number) = browser.waiting().await?;
    let mut args = vec!["approve", &id, "--number", &number, "--user", MERCHANT];
    args.extend(more);
    let approved = world.home.ok(&args).await?;
    let key = approved["apiKey"].as_str().context("the key is shown to the admin")?.to_owned();
    browser.says(words).await?;
    ensure!(!browser.client.source().await?.contains(&key), "and not on the page");
    Ok(key)
}

#[tokio::test]
async fn the_example_urls_without_a_redirect_show_the_key_in_fieldgate() -> Result<()> {
    let world = World::new().await?;
    let browser = Browser::new(Scripts::On).await?;
    let (create, view) = ("btcpay.store.cancreateinvoice", "btcpay.store.canviewinvoices");
    let store = &world.home.store;
    let (created, viewed) = (format!("{create}:{store}"), format!("{view}:{store}"));
    let selective = format!("{BOTH}&selectiveStores=true");
    let lax = format!("{BOTH}&strict=false");
    let shown = "The key is shown in Fieldgate.";
    let changed = ["--permission", view, "--permission", "btcpay.store.canviewreports"];
    for (query, more, words, may) in [
        ("", &[][..], "Confirmed in Fieldgate", vec![]),
        ("applicationName=Your%20Application", &[], "Confirmed in Fieldgate", vec![]),
        (BOTH, &[], shown, vec![create, view]),
        (&selective, &[], shown, vec![&created, &viewed]),
        (&lax, &changed, shown, vec![view, "btcpay.store.canviewreports"]),
    ] {
        let key = shown_in_fieldgate(&world, &browser, query, more, words).await?;
        assert_eq!(world.asker.may(&key).await?, may, "{query}");
    }
    browser.close().await
}

#[tokio::test]
async fn the_example_urls_with_a_redirect_reach_the_application_and_offer_its_key_again() -> Result<()> {
    let world = World::new().await?;
    let shop = Callback::new().await?;
    let browser = Browser::new(Scripts::On).await?;
    let named = format!("applicationName=Your%20Application&{}", shop.redirect(TARGET));
    let identified = format!("{named}&applicationIdentifier=gozo");
    let mut keys = Vec::new();
    for (round, (query, choice)) in
        [(&named, None), (&identified, None), (&identified, Some("--existing")), (&identified, Some("--new"))]
            .into_iter()
            .enumerate()
    {
        browser.open(&world.gate.authorize(query)).await?;
        let (id, number) = browser.waiting().await?;
        let mut args = vec!["approve", &id, "--number", &number];
        if let Some(choice) = choice {
            assert_eq!(world.home.refused(&args).await?, "choice-needed");
            args.push(choice);
        }
        world.home.ok(&args).await?;
        browser.arrives(&shop.url(TARGET)).await?;
        let posts: Vec<Received> = shop.received().into_iter().filter(|it| it.method == "POST").collect();
        assert_eq!(posts.len(), round + 1, "one post for each approval");
        keys.push(check_post(&world, &posts[round]).await?.0);
    }
    assert_eq!(keys[1], keys[2], "the existing key is handed over again");
    assert!(keys[0] != keys[1] && keys[3] != keys[1], "and a new one is a new one");
    browser.close().await
}

#[tokio::test]
async fn a_state_of_the_application_comes_back_with_the_key() -> Result<()> {
    let world = World::new().await?;
    let shop = Callback::new().await?;
    let browser = Browser::new(Scripts::On).await?;
    browser.open(&world.gate.authorize(&format!("{}&state=a%26b%3D%22c", shop.redirect(TARGET)))).await?;
    let (id, number) = browser.waiting().await?;
    world.home.ok(&["approve", &id, "--number", &number]).await?;
    let fields = shop.first("POST").await?.form()?;
    assert!(fields.contains(&("state".to_owned(), "a&b=\"c".to_owned())), "{fields:?}");
    browser.close().await
}

#[tokio::test]
async fn a_reload_does_not_lose_the_key() -> Result<()> {
    let world = World::new().await?;
    let shop = Callback::new().await?;
    // Without scripts the page stands still until somebody presses its button.
    let browser = Browser::new(Scripts::Off).await?;
    browser.open(&world.gate.authorize(&format!("{BOTH}&{}", shop.redirect(TARGET)))).await?;
    let (id, number) = browser.waiting().await?;
    world.home.ok(&["approve", &id, "--number", &number]).await?;
    browser.client.wait().at_most(blackbox::PATIENCE).for_element(Locator::Css("form button")).await?;
    browser.client.refresh().await?;
    browser.client.refresh().await?;
    browser.click("form button").await?;
    check_post(&world, &shop.first("POST").await?).await?;
    browser.close().await
}

#[tokio::test]
async fn another_browser_without_the_secret_is_shown_no_key() -> Result<()> {
    let world = World::new().await?;
    let shop = Callback::new().await?;
    let browser = Browser::new(Scripts::Off).await?;
    let stranger = Browser::new(Scripts::On).await?;
    browser.open(&world.gate.authorize(&format!("{BOTH}&{}", shop.redirect(TARGET)))).await?;
    let (id, number) = browser.waiting().await?;
    let page = browser.url().await?;
    let (bare, secret) = page.split_once("?c=").context("the page's address holds the secret")?;
    assert!(secret.len() >= 22 && !secret.contains(&id), "128 bits that are not the id");

    let before = stranger.open(bare).await;
    before?;
    let text = stranger.says("opened elsewhere").await?;
    assert!(!text.contains(&number), "{text}");
    world.home.ok(&["approve", &id, "--number", &number]).await?;
    browser.client.wait().at_most(blackbox::PATIENCE).for_element(Locator::Css("form button")).await?;
    for address in
        [bare.to_owned(), format!("{bare}?c={id}"), format!("{bare}?c={}", "0".repeat(secret.len()))]
    {
        stranger.open(&address).await?;
        stranger.says("opened elsewhere").await?;
        let source = stranger.client.source().await?;
        assert!(!source.contains("apiKey") && !source.contains("<form"), "{source}");
    }
    assert!(shop.received().is_empty());
    browser.click("form button").await?;
    check_post(&world, &shop.first("POST").await?).await?;
    stranger.close().await?;
    browser.close().await
}

#[tokio::test]
async fn a_refusal_is_said_on_the_page_and_nothing_is_sent() -> Result<()> {
    let world = World::new().await?;
    let shop = Callback::new().await?;
    for scripts in [Scripts::On, Scripts::Off] {
        let browser = Browser::new(scripts).await?;
        browser.open(&world.gate.authorize(&format!("{BOTH}&{}", shop.redirect(TARGET)))).await?;
        let (id, _) = browser.waiting().await?;
        world.home.ok(&["refuse", &id]).await?;
        browser.says("refused").await?;
        assert_eq!(browser.client.find_all(Locator::Css("form")).await?.len(), 0, "{scripts:?}");
        assert!(shop.received().is_empty(), "{:?}", shop.received());
        browser.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn what_an_application_says_of_itself_is_text_and_nothing_else() -> Result<()> {
    let world = World::new().await?;
    let browser = Browser::new(Scripts::On).await?;
    let name = "%3Cimg%20src=x%20onerror=document.title='taken'%3E%E2%80%AEgpj%0Anewline";
    browser.open(&world.gate.authorize(&format!("applicationName={name}"))).await?;
    browser.waiting().await?;
    let text = browser.says("<img src=x").await?;
    assert!(!text.contains('\u{202e}'), "{text}");
    assert_eq!(browser.client.find_all(Locator::Css("img[src=x]")).await?.len(), 0);
    assert_ne!(browser.client.title().await?, "taken");
    browser.close().await
}
