//! The Greenfield endpoints that make, show and end keys.

use anyhow::{Context, Result};
use blackbox::{ADMIN, Answer, MERCHANT, World, until};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

const CURRENT: &str = "/api/v1/api-keys/current";
const MANAGE: &str = "btcpay.server.canmanageusers";

async fn with(world: &World, method: Method, path: &str, key: &str) -> Result<Answer> {
    world.asker.send(method, path, |it| it.header("Authorization", format!("token {key}"))).await
}

async fn mint_for(world: &World, user: &str, key: &str, permissions: &[&str]) -> Result<Answer> {
    let path = format!("/api/v1/users/{user}/api-keys");
    let wish = json!({"label": "for a user", "permissions": permissions});
    world
        .asker
        .send(Method::POST, &path, |it| it.header("Authorization", format!("token {key}")).json(&wish))
        .await
}

fn field(answer: &Answer, name: &str) -> Result<String> {
    let json = answer.json()?;
    Ok(json.get(name).and_then(Value::as_str).with_context(|| format!("{name} in {json}"))?.to_owned())
}

#[tokio::test]
async fn a_key_tells_what_it_is_and_can_end_itself() -> Result<()> {
    let world = World::new().await?;
    let args = [
        "key",
        "create",
        "--user",
        MERCHANT,
        "--label",
        "Till",
        "--permission",
        "btcpay.store.canviewinvoices",
    ];
    let made = world.home.ok(&args).await?;
    let key = made["apiKey"].as_str().context("a key")?;
    assert_eq!(key.len(), 40);
    assert!(key.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')), "40 lower-case hex digits");
    for scheme in ["token", "Token", "bearer", "Bearer"] {
        let authorization = format!("{scheme} {key}");
        let answer =
            world.asker.send(Method::GET, CURRENT, |it| it.header("Authorization", authorization)).await?;
        assert_eq!(answer.status, 200, "{scheme}");
        let told = answer.json()?;
        assert_eq!((&told["apiKey"], &told["label"]), (&json!(key), &json!("Till")));
        assert_eq!(told["permissions"], json!(["btcpay.store.canviewinvoices"]));
    }
    let ended = with(&world, Method::DELETE, CURRENT, key).await?;
    assert_eq!((ended.status, &ended.json()?["label"]), (200, &json!("Till")), "it answers what is gone");
    let again = with(&world, Method::DELETE, CURRENT, key).await?;
    assert_eq!(again.status, 401);
    assert_eq!(field(&again, "code")?, "unauthenticated");
    let id = made["id"].as_str().context("an id")?;
    assert_eq!(world.home.listed_key(id).await?["state"], "revoked");
    Ok(())
}

#[tokio::test]
async fn who_does_not_sign_in_is_told_so_and_never_asked_for_a_password() -> Result<()> {
    let world = World::new().await?;
    let none = |it: RequestBuilder| it;
    let unknown = |it: RequestBuilder| it.header("Authorization", format!("token {}", "0".repeat(40)));
    let wrong = |it: RequestBuilder| it.basic_auth(ADMIN, Some("not the password"));
    let basic = |it: RequestBuilder| it.basic_auth(ADMIN, Some(&world.home.admin_password));
    let answers = [
        world.asker.send(Method::GET, CURRENT, none).await?,
        world.asker.send(Method::GET, CURRENT, unknown).await?,
        // Only a key can say which key it is.
        world.asker.send(Method::GET, CURRENT, basic).await?,
        world.asker.send(Method::POST, "/api/v1/api-keys", none).await?,
        world.asker.send(Method::POST, "/api/v1/api-keys", wrong).await?,
        world.asker.send(Method::GET, "/api/v1/server/info", none).await?,
    ];
    for (number, answer) in answers.iter().enumerate() {
        assert_eq!(
            (answer.status, field(answer, "code")?.as_str()),
            (401, "unauthenticated"),
            "{number}: {answer:?}"
        );
        assert_eq!(answer.header("www-authenticate"), None);
    }
    Ok(())
}

#[tokio::test]
async fn a_user_makes_keys_for_itself_with_a_password_or_an_unrestricted_key() -> Result<()> {
    let world = World::new().await?;
    let wish = json!({"label": "mine", "permissions": ["btcpay.store.canviewinvoices"]});
    let basic = world
        .asker
        .send(Method::POST, "/api/v1/api-keys", |it| {
            it.basic_auth(ADMIN, Some(&world.home.admin_password)).json(&wish)
        })
        .await?;
    assert_eq!(basic.status, 200, "{}", basic.body);
    assert_eq!(world.asker.may(&field(&basic, "apiKey")?).await?, ["btcpay.store.canviewinvoices"]);

    let full = world.home.key(ADMIN, &["unrestricted"]).await?;
    let made = world.asker.mint(&full, &json!({})).await?;
    assert_eq!(
        (made.status, made.json()?["permissions"].clone()),
        (200, json!([])),
        "nothing asked, nothing given"
    );

    let small = field(&basic, "apiKey")?;
    let refused = world.asker.mint(&small, &wish).await?;
    assert_eq!(refused.status, 403);
    assert_eq!(
        (field(&refused, "code")?.as_str(), field(&refused, "missingPermission")?.as_str()),
        ("missing-permission", "unrestricted")
    );
    let bad = world.asker.mint(&full, &json!({"permissions": ["not a permission"]})).await?;
    assert_eq!(bad.status, 422, "{}", bad.body);
    Ok(())
}

#[tokio::test]
async fn a_user_ends_its_own_keys_by_token_or_handle_and_nobody_elses() -> Result<()> {
    let world = World::new().await?;
    let full = world.home.key(ADMIN, &["unrestricted"]).await?;
    let foreign = world.home.key(MERCHANT, &[]).await?;
    let one = field(&world.asker.mint(&full, &json!({})).await?, "apiKey")?;
    let other = world.home.ok(&["key", "create", "--user", ADMIN]).await?;
    let (token, handle) =
        (other["apiKey"].as_str().context("a key")?, other["id"].as_str().context("an id")?);

    for (name, ended) in [(one.as_str(), one.as_str()), (handle, token)] {
        let gone = world.asker.revoke(&full, name).await?;
        assert_eq!((gone.status, gone.body.as_str()), (200, ""));
        assert_eq!(world.asker.current(ended).await?.status, 401);
    }
    for name in [foreign.as_str(), one.as_str(), "akid_0000000000000000"] {
        let refused = world.asker.revoke(&full, name).await?;
        assert_eq!((refused.status, field(&refused, "code")?.as_str()), (400, "apikey-not-found"), "{name}");
    }
    assert_eq!(world.asker.current(&foreign).await?.status, 200);
    Ok(())
}

#[tokio::test]
async fn an_admin_makes_and_ends_keys_of_any_user() -> Result<()> {
    let world = World::new().await?;
    let manager = world.home.key(ADMIN, &[MANAGE]).await?;
    let users = world.home.ok(&["user", "list"]).await?;
    let merchant = users.as_array().into_iter().flatten().find(|user| user["email"] == MERCHANT);
    let id = merchant.context("the merchant")?["id"].as_str().context("an id")?.to_owned();
    for user in [MERCHANT, &MERCHANT.to_uppercase(), &id] {
        let made = mint_for(&world, user, &manager, &["btcpay.store.canviewinvoices"]).await?;
        assert_eq!(made.status, 200, "{user}: {}", made.body);
        let key = field(&made, "apiKey")?;
        assert_eq!(world.asker.may(&key).await?, ["btcpay.store.canviewinvoices"]);
        let gone =
            with(&world, Method::DELETE, &format!("/api/v1/users/{user}/api-keys/{key}"), &manager).await?;
        assert_eq!((gone.status, gone.body.as_str()), (200, ""), "{user}");
        assert_eq!(world.asker.current(&key).await?.status, 401);
    }
    let nobody = mint_for(&world, "nobody@shop.example", &manager, &[]).await?;
    assert_eq!((nobody.status, field(&nobody, "code")?.as_str()), (404, "user-not-found"));
    Ok(())
}

#[tokio::test]
async fn a_key_never_mints_more_than_it_may_hand_out() -> Result<()> {
    let world = World::new().await?;
    let manager = world.home.key(ADMIN, &[MANAGE]).await?;
    for user in [ADMIN, MERCHANT] {
        let refused = mint_for(&world, user, &manager, &["unrestricted"]).await?;
        assert_eq!(
            (refused.status, field(&refused, "code")?.as_str()),
            (403, "missing-permission"),
            "{user}"
        );
    }
    let merchant = world.home.key(MERCHANT, &["unrestricted"]).await?;
    let refused = mint_for(&world, ADMIN, &merchant, &[]).await?;
    assert_eq!(
        (refused.status, field(&refused, "missingPermission")?.as_str()),
        (403, MANAGE),
        "no admin, no others"
    );
    Ok(())
}

#[tokio::test]
async fn an_expired_key_is_refused_and_stays_so() -> Result<()> {
    let mut world = World::new().await?;
    let made = world.home.ok(&["key", "create", "--user", ADMIN, "--expires", "6s"]).await?;
    let (key, id) = (made["apiKey"].as_str().context("a key")?, made["id"].as_str().context("an id")?);
    let over = async || Ok((world.asker.current(key).await?.status == 401).then_some(()));
    until("the end of a key", over).await?;
    assert_eq!(world.home.listed_key(id).await?["state"], "expired");
    world.crash_and_restart().await?;
    assert_eq!(world.asker.current(key).await?.status, 401);
    assert_eq!(world.home.listed_key(id).await?["state"], "expired");
    Ok(())
}

#[tokio::test]
async fn health_is_open_and_the_server_tells_its_version_to_who_signed_in() -> Result<()> {
    let world = World::new().await?;
    let health = world.asker.get("/api/v1/health").await?;
    assert_eq!((health.status, health.json()?), (200, json!({"synchronized": true})));
    let key = world.home.key(MERCHANT, &[]).await?;
    let info = with(&world, Method::GET, "/api/v1/server/info", &key).await?;
    assert_eq!(info.status, 200);
    let info = info.json()?;
    assert!(info["version"].is_string() && info["supportedPaymentMethods"].is_array(), "{info}");
    assert!(info["fullySynched"].is_boolean() && info["syncStatus"].is_array(), "{info}");
    Ok(())
}

#[tokio::test]
async fn the_register_knows_every_application_that_asked() -> Result<()> {
    let world = World::new().await?;
    let redirect = "redirect=https%3A%2F%2Fshop.example%2Fcb&applicationIdentifier=till";
    for name in ["Till", "Till%202"] {
        let asked = world.asker.asked(&format!("applicationName={name}&{redirect}")).await?;
        world.home.ok(&["refuse", &asked.id]).await?;
    }
    let apps = world.home.ok(&["app", "list"]).await?;
    let found = apps.as_array().into_iter().flatten().find(|app| app["identity"]["identifier"] == "till");
    let app = found.with_context(|| format!("the application in {apps}"))?;
    assert_eq!(
        app["identity"],
        json!({"by": "identifier", "identifier": "till", "origin": "https://shop.example"})
    );
    assert_eq!((&app["standing"], &app["keys"]), (&json!("new"), &json!(0)));
    assert_eq!(blackbox::asker::sorted(&app["names"]), ["Till", "Till 2"]);
    Ok(())
}
