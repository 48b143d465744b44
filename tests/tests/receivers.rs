//! Who receives a key at a loopback address: found by the listening socket, and looked at again before every delivery.

use anyhow::{Context, Result};
use blackbox::{Browser, Callback, Gate, Home, PATIENCE, Scripts, Start, Tab, World, until};
use serde_json::{Value, json};
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

const VIEW: &str = "permissions=btcpay.store.canviewinvoices";

/// The listener of a request, as `requests` tells it.
async fn listener(world: &World, id: &str) -> Result<Value> {
    Ok(world.home.request(id).await?.pointer("/receiver/listener").cloned().unwrap_or_default())
}

/// Another program, a second Fieldgate, that listens at `port` of both families.
async fn another_program(port: u16) -> Result<(Gate, Home)> {
    let home = Home::new().await?;
    let gate = Gate::start(&home, Start { port, ..Start::default() }).await?;
    Ok((gate, home))
}

#[tokio::test]
async fn the_listening_program_is_named_wherever_it_listens() -> Result<()> {
    let world = World::new().await?;
    let exe = std::env::current_exe()?;
    for (bound, host) in [
        ("127.0.0.1:0", "127.0.0.1"),
        ("[::1]:0", "[::1]"),
        ("0.0.0.0:0", "localhost"),
        ("[::]:0", "localhost"),
    ] {
        let shop = Callback::on(bound).await?;
        let asked = world.asker.asked(&format!("{VIEW}&redirect=http://{host}:{}/cb", shop.port)).await?;
        let found = listener(&world, &asked.id).await?;
        assert_eq!(found["whose"], "own", "{bound}: {found}");
        assert_eq!(found["program"]["exe"].as_str(), exe.to_str());
        assert_eq!(found["program"]["pid"], std::process::id());
        let approved = world.approve(&asked, &[]).await?;
        assert_eq!(approved["receiver"]["listener"], found, "{bound}");
        world.asker.poll_until(&asked, "delivered").await?;
        assert!(shop.first("POST").await?.json()?["apiKey"].is_string(), "{bound}");
        assert_eq!(listener(&world, &asked.id).await?, found, "and it is kept");
    }
    Ok(())
}

#[tokio::test]
async fn nothing_is_approved_before_somebody_listens() -> Result<()> {
    let world = World::new().await?;
    let shop = Callback::new().await?;
    let (port, redirect) = (shop.port, shop.redirect("/cb"));
    shop.end().await;
    let asked = world.asker.asked(&format!("{VIEW}&{redirect}")).await?;
    assert_eq!(listener(&world, &asked.id).await?, json!({"whose": "nobody"}));
    assert_eq!(world.not_approved(&asked, &[]).await?, "nobody-listens");
    assert_eq!(world.home.request(&asked.id).await?["status"], "pending");
    assert_eq!(world.home.ok(&["key", "list"]).await?, json!([]));

    let shop = Callback::again(port).await?;
    world.approve(&asked, &[]).await?;
    assert!(shop.first("POST").await?.json()?["apiKey"].is_string());
    Ok(())
}

#[tokio::test]
async fn a_key_is_not_posted_to_a_program_that_took_the_place_of_the_one_approved() -> Result<()> {
    let world = World::new().await?;
    let shop = Callback::busy().await?;
    let asked = world.asker.asked(&format!("{VIEW}&{}", shop.redirect("/cb"))).await?;
    let approved = world.approve(&asked, &[]).await?;
    world.asker.poll_until(&asked, "undelivered").await?;
    let port = shop.port;
    shop.end().await;
    let (intruder, _home) = another_program(port).await?;
    assert_eq!(world.home.refused(&["deliver", &asked.id]).await?, "receiver-changed");
    let key = approved["grant"]["key"].as_str().context("a key")?;
    assert_eq!(world.home.listed_key(key).await?["neverCollected"], true);

    // It does not take keys; that it may have this one is kept all the same.
    let accepted = ["deliver", &asked.id, "--new-receiver"];
    assert_eq!(world.home.refused(&accepted).await?, "failed");
    let exe = listener(&world, &asked.id).await?["program"]["exe"].clone();
    assert!(exe.as_str().is_some_and(|exe| exe.ends_with("/fieldgatectl")), "{exe}");
    let log = world.home.ok(&["log"]).await?.to_string();
    assert!(log.contains("receiver-accepted"), "{log}");
    drop(intruder);
    Ok(())
}

#[tokio::test]
async fn a_page_holds_no_key_for_a_program_that_took_the_place_of_the_one_approved() -> Result<()> {
    let world = World::new().await?;
    let shop = Callback::new().await?;
    let tab =
        Tab::open(&world.asker, &format!("/api-keys/authorize?{VIEW}&{}", shop.redirect("/cb"))).await?;
    world.home.ok(&["approve", &tab.id, "--number", &tab.number]).await?;
    let port = shop.port;
    shop.end().await;
    let waits = tab.shows().await?;
    assert!(waits.body.contains("Nothing listens at") && !waits.body.contains("apiKey"), "{}", waits.body);

    let (mut intruder, home) = another_program(port).await?;
    let shown = tab.shows().await?;
    assert!(
        shown.body.contains("fieldgatectl listens at") && !shown.body.contains("apiKey"),
        "{}",
        shown.body
    );
    let request = world.home.request(&tab.id).await?;
    assert_eq!(
        (&request["status"], &request["grant"]["delivery"]),
        (&json!("undelivered"), &json!("withheld"))
    );
    intruder.kill().await?;
    drop(home);

    let shop = Callback::again(port).await?;
    assert!(!tab.shows().await?.body.contains("apiKey"), "it was taken back");
    world.home.ok(&["deliver", &tab.id]).await?;
    assert_eq!(tab.form().await?.action, shop.url("/cb"));
    Ok(())
}

#[tokio::test]
async fn an_existing_key_follows_its_program_to_another_port_and_no_other_program() -> Result<()> {
    let world = World::new().await?;
    let (first, second) = (Callback::new().await?, Callback::new().await?);
    let query = |redirect: &str| format!("{VIEW}&{redirect}&applicationIdentifier=till");
    let asked = world.asker.asked(&query(&first.redirect("/"))).await?;
    let granted = world.approve(&asked, &[]).await?["grant"]["key"].clone();
    world.asker.poll_until(&asked, "delivered").await?;

    let (intruder, _home) = another_program(0).await?;
    let other = format!("redirect=http://127.0.0.1:{}/", intruder.port());
    let asked = world.asker.asked(&query(&other)).await?;
    assert_eq!(world.home.request(&asked.id).await?["existingKey"], Value::Null);
    assert_eq!(world.not_approved(&asked, &["--existing"]).await?, "invalid");

    let asked = world.asker.asked(&query(&second.redirect("/"))).await?;
    assert_eq!(world.home.request(&asked.id).await?["existingKey"], granted);
    assert_eq!(world.approve(&asked, &["--existing"]).await?["grant"]["key"], granted);
    assert!(second.first("POST").await?.json()?["apiKey"].is_string());
    Ok(())
}

/// A listener of a user who owns nothing (`nobody`) at `port`, 0 for any, and its port; none where we may not become
/// another user.
async fn listener_of_nobody(port: u16) -> Result<Option<(Child, u16)>> {
    let listen = format!(
        "$s = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1', LocalPort => {port}, ReuseAddr => 1) \
         or die; $| = 1; print $s->sockport, qq(\n); sleep 600"
    );
    let mut child = Command::new("setpriv")
        .args([
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            "perl",
            "-MIO::Socket::INET",
            "-e",
            &listen,
        ])
        .current_dir("/")
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let mut line = String::new();
    let said = BufReader::new(child.stdout.take().context("its output")?).read_line(&mut line).await?;
    if said == 0 && !rustix::process::geteuid().is_root() {
        assert!(!child.wait().await?.success(), "without root nobody becomes another user");
        return Ok(None);
    }
    Ok(Some((child, line.trim().parse().with_context(|| format!("a port: {line:?}"))?)))
}

#[tokio::test]
async fn another_users_listener_is_named_as_such_and_gets_no_existing_key() -> Result<()> {
    let world = World::new().await?;
    let Some((mut child, port)) = listener_of_nobody(0).await? else { return Ok(()) };
    let query = format!("{VIEW}&redirect=http://127.0.0.1:{port}/cb&applicationIdentifier=till");
    let asked = world.asker.asked(&query).await?;
    let found = listener(&world, &asked.id).await?;
    assert_eq!(
        (&found["whose"], &found["uid"], &found["user"]),
        (&json!("other-user"), &json!(65534), &json!("nobody"))
    );

    // A key that was granted to a program of our own user at that very address is not offered to theirs.
    child.kill().await?;
    let shop = Callback::again(port).await?;
    let granted = world.approve(&asked, &[]).await?["grant"]["key"].clone();
    world.asker.poll_until(&asked, "delivered").await?;
    let asked = world.asker.asked(&query).await?;
    assert_eq!(world.home.request(&asked.id).await?["existingKey"], granted);
    shop.end().await;
    let _child = listener_of_nobody(port).await?;
    // A list may be a second old.
    let withdrawn = async || Ok(world.home.request(&asked.id).await?["existingKey"].is_null().then_some(()));
    until("the key to be offered no more", withdrawn).await?;
    assert_eq!(world.not_approved(&asked, &["--existing"]).await?, "invalid");
    assert_ne!(world.approve(&asked, &[]).await?["grant"]["key"], granted);
    Ok(())
}

#[tokio::test]
async fn a_browser_says_which_page_sent_it() -> Result<()> {
    let world = World::new().await?;
    let shop = Callback::new().await?;
    let browser = Browser::new(Scripts::On).await?;
    let url = world.gate.authorize(&format!("{VIEW}&{}", shop.redirect("/cb")));
    let sent_by = async |id: &str| -> Result<Value> { Ok(world.home.request(id).await?["sentBy"].clone()) };

    browser.open(&url).await?;
    let (typed, _) = browser.waiting().await?;
    assert_eq!(sent_by(&typed).await?, json!({"by": "nobody"}));

    browser.open(&shop.url("/settings?token=canary")).await?;
    browser.client.execute("location.href = arguments[0]", vec![json!(url)]).await?;
    let followed = async || {
        let id = browser.waiting().await?.0;
        Ok((id != typed).then_some(id))
    };
    let followed = until("the page that was followed to", followed).await?;
    assert_eq!(sent_by(&followed).await?, json!({"by": "page", "origin": shop.url("")}));
    timeout(PATIENCE, browser.close()).await?
}
