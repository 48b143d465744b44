//! Sequences that BTCPay Server's own tests go through with keys and users, over one running gate, and again after a
//! restart where something has to last.

#![expect(clippy::indexing_slicing, reason = "of JSON documents: what is missing is null")]

use std::collections::BTreeSet;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;

use anyhow::{Context, Result, ensure};
use blackbox::control::Control;
use blackbox::{ADMIN, Answer, Caller, MERCHANT, World};
use reqwest::Method;
use serde_json::{Value, json};

const CURRENT: &str = "/api-keys/current";
const VIEW: &str = "btcpay.store.canviewstoresettings";
const MODIFY: &str = "btcpay.store.canmodifystoresettings";
const PROFILE: &str = "btcpay.user.canviewprofile";
const VIEW_USERS: &str = "btcpay.server.canviewusers";
const MANAGE_USERS: &str = "btcpay.server.canmanageusers";

fn says(answer: &Answer, status: u16, code: &str) -> Result<()> {
    ensure!(answer.refusal()? == (status, code.to_owned()), "not {status} {code}: {answer:?}");
    Ok(())
}

/// The ids of the stores that are listed. Two made within a second come in any order.
async fn stores(caller: &Caller) -> Result<BTreeSet<String>> {
    let answer = caller.get("/stores").await?;
    ensure!(answer.status == 200, "{answer:?}");
    let id = |store: &Value| Ok(store["id"].as_str().context("an id")?.to_owned());
    answer.json()?.as_array().context("a list")?.iter().map(id).collect()
}

/// Adds a user with this password; the user's id.
async fn user(world: &World, email: &str, password: &str, more: &[&str]) -> Result<String> {
    let path = world.home.beside().join("password of a user");
    let mut file =
        std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path)?;
    writeln!(file, "{password}")?;
    let path = path.to_string_lossy();
    let args = [&["user", "create", email, "--password-file", &path], more].concat();
    let made = world.home.ok(&args).await?;
    Ok(made["id"].as_str().context("an id")?.to_owned())
}

#[tokio::test]
async fn a_key_made_over_basic_makes_no_others_and_is_revoked_once_and_for_all() -> Result<()> {
    let mut world = World::new().await?;
    let basic = Caller::with_password(&world.asker, ADMIN, &world.home.admin_password);
    let key = basic.mint("/api-keys", &[VIEW]).await?;
    let made = Caller::with_key(&world.asker, &key);
    assert_eq!(world.asker.may(&key).await?, [VIEW]);
    assert_eq!(made.post("/api-keys", &json!({})).await?.missing()?, "unrestricted");
    let path = format!("/api-keys/{key}");
    assert_eq!(made.delete(&path).await?.missing()?, "unrestricted", "nor does it end any by name");

    world.restart().await?;
    assert_eq!(world.asker.may(&key).await?, [VIEW], "it lasts");
    let gone = basic.delete(&path).await?;
    assert_eq!((gone.status, gone.body.as_str()), (200, ""));
    for restart in [false, true] {
        if restart {
            world.restart().await?;
        }
        says(&made.get(CURRENT).await?, 401, "unauthenticated")?;
        says(&made.get("/server/info").await?, 401, "unauthenticated")?;
        says(&basic.delete(&path).await?, 400, "apikey-not-found")?;
    }
    Ok(())
}

#[tokio::test]
async fn an_admin_makes_keys_for_a_user_by_id_and_by_address_in_any_spelling() -> Result<()> {
    let mut world = World::new().await?;
    let email = "till+1@shop.example";
    let id = user(&world, email, "a password", &[]).await?;
    let admin = Caller::with_key(&world.asker, &world.home.key(ADMIN, &[MANAGE_USERS, VIEW_USERS]).await?);
    let mut keys = Vec::new();
    let names = [
        id.as_str(),
        email,
        "TILL+1@Shop.Example",
        "till%2B1%40shop.example",
        "till%2b1%40SHOP.example",
        "%74ill+1@shop%2Eexample",
    ];
    for name in names {
        let found = admin.get(&format!("/users/{name}")).await?;
        assert_eq!((found.status, &found.json()?["id"]), (200, &json!(id)), "{name}");
        keys.push(admin.mint(&format!("/users/{name}/api-keys"), &[PROFILE]).await?);
    }
    // A blank is no plus, and a plus no blank.
    for nobody in ["nobody%40shop.example", "till%201%40shop.example", "till%252B1%40shop.example", "me"] {
        says(&admin.post(&format!("/users/{nobody}/api-keys"), &json!({})).await?, 404, "user-not-found")?;
        let theirs = format!("/users/{nobody}/api-keys/{}", keys[0]);
        says(&admin.delete(&theirs).await?, 404, "user-not-found")?;
    }

    world.restart().await?;
    for (name, key) in names.iter().zip(&keys) {
        let theirs = Caller::with_key(&world.asker, key);
        assert_eq!(theirs.get("/users/me").await?.json()?["id"], json!(id), "{name}");
        says(&admin.delete(&format!("/users/{MERCHANT}/api-keys/{key}")).await?, 400, "apikey-not-found")?;
        let path = format!("/users/{name}/api-keys/{key}");
        assert_eq!(admin.delete(&path).await?.status, 200, "{name}");
        says(&theirs.get("/users/me").await?, 401, "unauthenticated")?;
        says(&admin.delete(&path).await?, 400, "apikey-not-found")?;
    }
    Ok(())
}

#[tokio::test]
async fn a_key_for_one_store_makes_no_store_and_lists_that_one_alone() -> Result<()> {
    let mut world = World::new().await?;
    let (store, other) = (world.home.store.clone(), world.home.add_store("Till", MERCHANT).await?);
    let one = world.home.key(MERCHANT, &[&format!("{MODIFY}:{store}")]).await?;
    let all = world.home.key(MERCHANT, &[MODIFY]).await?;
    let (one, all) = (Caller::with_key(&world.asker, &one), Caller::with_key(&world.asker, &all));
    let third = all.post("/stores", &json!({"name": "Third"})).await?;
    assert_eq!(third.status, 200, "{third:?}");
    let third = third.json()?["id"].as_str().context("an id")?.to_owned();

    for restart in [false, true] {
        if restart {
            world.restart().await?;
        }
        assert_eq!(one.post("/stores", &json!({"name": "Fourth"})).await?.missing()?, MODIFY);
        assert_eq!(stores(&one).await?, BTreeSet::from([store.clone()]));
        assert_eq!(stores(&all).await?, BTreeSet::from([store.clone(), other.clone(), third.clone()]));
        assert_eq!(one.get(&format!("/stores/{store}")).await?.json()?["name"], "Bakery");
        assert_eq!(one.get(&format!("/stores/{other}")).await?.missing()?, VIEW);
    }
    Ok(())
}

#[tokio::test]
async fn a_key_for_a_store_that_its_user_left_or_never_was_in_is_refused() -> Result<()> {
    let mut world = World::new().await?;
    let (kept, left) = (world.home.store.clone(), world.home.add_store("Till", MERCHANT).await?);
    let scoped = format!("{MODIFY}:{left}");
    let key = Caller::with_key(&world.asker, &world.home.key(MERCHANT, &[&scoped]).await?);
    let admin = Caller::with_key(&world.asker, &world.home.key(ADMIN, &["unrestricted"]).await?);
    user(&world, "clerk@shop.example", "a password", &[]).await?;
    // Nobody asks whether the user is in the store when the key is made: every use does.
    let foreign = admin.mint("/users/clerk%40shop.example/api-keys", &[&format!("{VIEW}:{kept}")]).await?;
    let foreign = Caller::with_key(&world.asker, &foreign);
    let path = format!("/stores/{left}");
    assert_eq!(key.get(&path).await?.status, 200);
    assert_eq!(key.delete(&path).await?.status, 200, "the merchant leaves");

    for restart in [false, true] {
        if restart {
            world.restart().await?;
        }
        assert_eq!(key.get(&path).await?.missing()?, VIEW);
        assert_eq!(key.delete(&path).await?.missing()?, MODIFY);
        assert!(stores(&key).await?.is_empty());
        assert_eq!(foreign.get(&format!("/stores/{kept}")).await?.missing()?, VIEW);
        assert!(stores(&foreign).await?.is_empty());
        assert_eq!(
            key.get(CURRENT).await?.json()?["permissions"],
            json!([scoped]),
            "the key itself lives on"
        );
    }
    Ok(())
}

#[tokio::test]
async fn the_keys_of_a_demoted_admin_are_refused_server_policies_until_it_is_promoted_again() -> Result<()> {
    let mut world = World::new().await?;
    let email = "deputy@shop.example";
    let id = user(&world, email, "a password", &["--admin"]).await?;
    let full = Caller::with_key(&world.asker, &world.home.key(email, &["unrestricted"]).await?);
    let narrow = Caller::with_key(&world.asker, &world.home.key(email, &[VIEW_USERS, PROFILE]).await?);
    let basic = Caller::with_password(&world.asker, email, "a password");
    for caller in [&full, &narrow, &basic] {
        assert_eq!(caller.get("/users").await?.status, 200);
    }

    set_admin(&world, &id, false).await?;
    let own = full.mint("/api-keys", &["unrestricted"]).await?;
    let own = Caller::with_key(&world.asker, &own);
    for restart in [false, true] {
        if restart {
            world.restart().await?;
        }
        for caller in [&full, &narrow, &basic, &own] {
            assert_eq!(caller.get("/users").await?.missing()?, VIEW_USERS);
            assert_eq!(caller.get("/users/me").await?.json()?["roles"], json!([]), "it is still itself");
        }
        let for_others = full.post(&format!("/users/{MERCHANT}/api-keys"), &json!({})).await?;
        assert_eq!(for_others.missing()?, MANAGE_USERS);
        assert_eq!(full.get("/server/roles").await?.missing()?, "btcpay.server.canmodifyserversettings");
    }
    set_admin(&world, &id, true).await?;
    for caller in [&full, &narrow, &basic, &own] {
        assert_eq!(caller.get("/users").await?.status, 200);
    }
    Ok(())
}

/// There is no command for it, only the call of the window.
async fn set_admin(world: &World, user: &str, admin: bool) -> Result<()> {
    let mut control = Control::connect(world.home.path()).await?;
    control.call("unlock", json!({"passphrase": world.home.passphrase})).await?;
    let answer = control.call("user_admin", json!({"user": user, "admin": admin})).await?;
    ensure!(answer["ok"]["admin"] == admin, "{answer}");
    Ok(())
}

#[tokio::test]
async fn the_key_and_the_password_of_a_disabled_user_are_refused_until_it_is_enabled() -> Result<()> {
    let mut world = World::new().await?;
    let email = "clerk@shop.example";
    user(&world, email, "a password", &[]).await?;
    let key = Caller::with_key(&world.asker, &world.home.key(email, &["unrestricted"]).await?);
    let basic = Caller::with_password(&world.asker, email, "a password");
    world.home.ok(&["user", "disable", email]).await?;
    for restart in [false, true] {
        if restart {
            world.restart().await?;
        }
        for caller in [&key, &basic] {
            for path in [CURRENT, "/server/info", "/users/me"] {
                says(&caller.get(path).await?, 401, "unauthenticated")?;
            }
            let refused = caller.post("/api-keys", &json!({})).await?;
            says(&refused, 401, "unauthenticated")?;
            assert!(refused.body.contains("disabled"), "it says why: {}", refused.body);
        }
    }
    world.home.ok(&["user", "enable", email]).await?;
    for caller in [&key, &basic] {
        assert_eq!(caller.get("/users/me").await?.json()?["email"], email);
    }
    Ok(())
}

#[tokio::test]
async fn a_password_with_colons_and_any_letters_signs_in_with_the_address_in_any_case() -> Result<()> {
    let mut world = World::new().await?;
    let (email, password) = ("kasse@shop.example", "pä:ß::wörd 密码 🔑:");
    let id = user(&world, email, password, &[]).await?;
    for restart in [false, true] {
        if restart {
            world.restart().await?;
        }
        for spelling in [email, "KASSE@SHOP.EXAMPLE", "Kasse@Shop.example"] {
            let me = Caller::with_password(&world.asker, spelling, password).get("/users/me").await?;
            assert_eq!((me.status, &me.json()?["id"]), (200, &json!(id)), "{spelling}");
        }
        for wrong in ["pä", "pä:ß::wörd 密码 🔑", "PÄ:ß::wörd 密码 🔑:"] {
            let refused = Caller::with_password(&world.asker, email, wrong).get("/users/me").await?;
            says(&refused, 401, "unauthenticated")?;
        }
        let latin1 = [b"kasse@shop.example:p\xe4:".as_slice(), b"x"].concat();
        let latin1 = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, latin1);
        let refused = world
            .asker
            .send(Method::GET, "/api/v1/users/me", |it| it.header("Authorization", format!("Basic {latin1}")))
            .await?;
        says(&refused, 401, "unauthenticated")?;
        // The right one takes the wrong ones back: nobody is held off.
        let me = Caller::with_password(&world.asker, email, password).get("/users/me").await?;
        assert_eq!(me.status, 200);
    }
    Ok(())
}
