//! The example authorize URLs of the published flow, asked by a program and approved on the command line.

use anyhow::{Context, Result};
use blackbox::asker::sorted;
use blackbox::{Callback, MERCHANT, World};
use serde_json::{Value, json};

const CREATE: &str = "btcpay.store.cancreateinvoice";
const VIEW: &str = "btcpay.store.canviewinvoices";
const BOTH: &str = "permissions=btcpay.store.cancreateinvoice&permissions=btcpay.store.canviewinvoices";

async fn user_id(world: &World, email: &str) -> Result<Value> {
    let users = world.home.ok(&["user", "list"]).await?;
    let found = users.as_array().into_iter().flatten().find(|user| user["email"] == email);
    Ok(found.with_context(|| format!("{email} in {users}"))?["id"].clone())
}

fn key_of(json: &Value) -> Result<String> {
    Ok(json["apiKey"].as_str().with_context(|| format!("a key in {json}"))?.to_owned())
}

#[tokio::test]
async fn no_parameter_proves_that_the_user_exists() -> Result<()> {
    let world = World::new().await?;
    let asked = world.asker.asked("").await?;
    world.approve(&asked, &["--user", MERCHANT]).await?;
    let polled = world.asker.poll(&asked).await?;
    assert_eq!(polled["userId"], user_id(&world, MERCHANT).await?);
    assert_eq!(polled["permissions"], json!([]));
    assert_eq!(world.asker.may(&key_of(&polled)?).await?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn application_name_becomes_the_label_and_is_shown_as_the_askers_own_words() -> Result<()> {
    let world = World::new().await?;
    let asked = world.asker.asked("applicationName=Your%20Application").await?;
    assert_eq!(world.home.request(&asked.id).await?["name"], "Your Application");
    let approved = world.approve(&asked, &[]).await?;
    let polled = world.asker.poll(&asked).await?;
    let current = world.asker.current(&key_of(&polled)?).await?;
    assert_eq!(current.json()?["label"], "Your Application");
    let key = approved["grant"]["key"].as_str().context("the grant names its key")?;
    assert_eq!(world.home.listed_key(key).await?["label"], "Your Application");
    Ok(())
}

#[tokio::test]
async fn redirect_gets_the_key_posted_as_json() -> Result<()> {
    let world = World::new().await?;
    let shop = Callback::new().await?;
    let query = format!("applicationName=Your%20Application&{}", shop.redirect("/back?order=7&x=%7e"));
    let asked = world.asker.asked(&query).await?;
    world.approve(&asked, &["--user", MERCHANT]).await?;
    let posted = shop.first("POST").await?;
    assert_eq!(posted.target, "/back?order=7&x=%7e", "byte for byte as asked");
    assert!(
        posted.header("content-type").is_some_and(|kind| kind.starts_with("application/json")),
        "{posted:?}"
    );
    let body = posted.json()?;
    assert_eq!(body["userId"], user_id(&world, MERCHANT).await?);
    assert_eq!(body["permissions"], json!([]));
    assert_eq!(body.as_object().context("an object")?.len(), 3, "nothing but the three fields: {body}");
    assert_eq!(world.asker.current(&key_of(&body)?).await?.status, 200);
    world.asker.poll_until(&asked, "delivered").await?;
    Ok(())
}

#[tokio::test]
async fn a_redirect_to_another_computer_is_taken_and_named_unencrypted() -> Result<()> {
    let world = World::new().await?;
    for query in [
        "applicationName=Your%20Application&redirect=http://gozo.com",
        "applicationName=Your%20Application&redirect=http://gozo.com&applicationIdentifier=gozo",
    ] {
        let asked = world.asker.asked(query).await?;
        let request = world.home.request(&asked.id).await?;
        assert_eq!((&request["origin"], &request["unencrypted"]), (&json!("http://gozo.com"), &json!(true)));
        world.home.ok(&["refuse", &asked.id]).await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_same_application_is_offered_its_existing_key() -> Result<()> {
    let world = World::new().await?;
    let shop = Callback::new().await?;
    let query =
        format!("applicationName=Your%20Application&{}&applicationIdentifier=gozo", shop.redirect("/"));
    let first = world.asker.asked(&query).await?;
    let first = world.approve(&first, &[]).await?;
    let key = key_of(&shop.first("POST").await?.json()?)?;

    let second = world.asker.asked(&query).await?;
    assert_eq!(world.home.request(&second.id).await?["existingKey"], first["grant"]["key"], "it is offered");
    assert_eq!(world.not_approved(&second, &[]).await?, "choice-needed");
    assert_eq!(world.home.request(&second.id).await?["status"], "pending", "nothing was decided");
    let again = world.approve(&second, &["--existing"]).await?;
    assert_eq!((&again["grant"]["existing"], &again["grant"]["key"]), (&json!(true), &first["grant"]["key"]));
    world.asker.poll_until(&second, "delivered").await?;
    assert_eq!(key_of(&shop.received()[1].json()?)?, key, "the same key is handed over");

    let third = world.asker.asked(&query).await?;
    let new = world.approve(&third, &["--new"]).await?;
    assert_eq!(new["grant"]["existing"], false);
    world.asker.poll_until(&third, "delivered").await?;
    assert_ne!(key_of(&shop.received()[2].json()?)?, key, "a new one");
    assert_eq!(world.asker.current(&key).await?.status, 200, "and the old one goes on working");
    Ok(())
}

#[tokio::test]
async fn two_permissions_hold_for_all_stores_of_the_user() -> Result<()> {
    let world = World::new().await?;
    let key = world.collected(BOTH, &["--user", MERCHANT]).await?;
    assert_eq!(world.asker.may(&key).await?, [CREATE, VIEW]);
    Ok(())
}

#[tokio::test]
async fn selective_stores_narrow_every_store_permission() -> Result<()> {
    let world = World::new().await?;
    let other = world.home.add_store("Till", MERCHANT).await?;
    let store = &world.home.store;
    let query = format!("{BOTH}&selectiveStores=true");

    let asked = world.asker.asked(&query).await?;
    assert_eq!(
        world.not_approved(&asked, &["--user", MERCHANT]).await?,
        "store-needed",
        "two to choose from"
    );
    world.approve(&asked, &["--user", MERCHANT, "--store", store]).await?;
    let key = key_of(&world.asker.poll(&asked).await?)?;
    assert_eq!(world.asker.may(&key).await?, [format!("{CREATE}:{store}"), format!("{VIEW}:{store}")]);

    let key = world.collected(&query, &["--user", MERCHANT, "--store", store, "--store", &other]).await?;
    let mut both: Vec<String> =
        [CREATE, VIEW].iter().flat_map(|it| [format!("{it}:{store}"), format!("{it}:{other}")]).collect();
    both.sort();
    assert_eq!(world.asker.may(&key).await?, both);
    Ok(())
}

#[tokio::test]
async fn the_only_store_needs_no_choosing() -> Result<()> {
    let world = World::new().await?;
    let key = world.collected(&format!("{BOTH}&selectiveStores=true"), &["--user", MERCHANT]).await?;
    let store = &world.home.store;
    assert_eq!(world.asker.may(&key).await?, [format!("{CREATE}:{store}"), format!("{VIEW}:{store}")]);
    Ok(())
}

#[tokio::test]
async fn not_strict_lets_the_admin_untick_and_add() -> Result<()> {
    const SETTINGS: &str = "btcpay.store.canviewstoresettings";
    let world = World::new().await?;
    let asked = world.asker.asked(&format!("{BOTH}&strict=false")).await?;
    let more = ["--user", MERCHANT, "--permission", VIEW, "--permission", SETTINGS];
    let approved = world.approve(&asked, &more).await?;
    assert_eq!(sorted(&approved["grant"]["permissions"]), [VIEW, SETTINGS]);
    let polled = world.asker.poll(&asked).await?;
    assert_eq!(sorted(&polled["permissions"]), [VIEW, SETTINGS], "the application is told what it got");
    assert_eq!(world.asker.may(&key_of(&polled)?).await?, [VIEW, SETTINGS]);
    Ok(())
}

#[tokio::test]
async fn not_strict_and_nothing_said_grants_what_was_asked() -> Result<()> {
    let world = World::new().await?;
    let key = world.collected(&format!("{BOTH}&strict=false"), &["--user", MERCHANT]).await?;
    assert_eq!(world.asker.may(&key).await?, [CREATE, VIEW]);
    Ok(())
}
