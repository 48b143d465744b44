//! What the admin decides, and what that never gives away.

use anyhow::{Context, Result};
use blackbox::asker::sorted;
use blackbox::{Callback, MERCHANT, World};
use serde_json::{Value, json};

const CREATE: &str = "btcpay.store.cancreateinvoice";
const VIEW: &str = "btcpay.store.canviewinvoices";

#[tokio::test]
async fn a_strict_request_cannot_be_granted_in_part_or_beyond() -> Result<()> {
    let world = World::new().await?;
    let asked = world.asker.asked(&format!("permissions={CREATE}&permissions={VIEW}")).await?;
    for whole in [vec![VIEW], vec![CREATE, VIEW, "btcpay.store.canviewstoresettings"]] {
        let more: Vec<&str> = whole.iter().flat_map(|permission| ["--permission", *permission]).collect();
        assert_eq!(world.not_approved(&asked, &more).await?, "invalid", "{whole:?}");
    }
    assert_eq!(world.home.request(&asked.id).await?["status"], "pending");
    assert_eq!(world.home.ok(&["key", "list"]).await?, json!([]), "no key was made");
    Ok(())
}

#[tokio::test]
async fn a_wider_existing_key_is_named_and_never_handed_over() -> Result<()> {
    let world = World::new().await?;
    let shop = Callback::new().await?;
    let who = format!("{}&applicationIdentifier=till", shop.redirect("/"));
    let wide = world.asker.asked(&format!("permissions={CREATE}&permissions={VIEW}&{who}")).await?;
    let wide = world.approve(&wide, &[]).await?;
    let wide_token = shop.first("POST").await?.json()?["apiKey"].clone();

    let narrow = world.asker.asked(&format!("permissions={VIEW}&{who}")).await?;
    assert_eq!(world.home.request(&narrow.id).await?["existingKey"], Value::Null, "it is not offered");
    assert_eq!(world.not_approved(&narrow, &["--existing"]).await?, "invalid");
    let approved = world.approve(&narrow, &[]).await?;
    assert_eq!(approved["grant"]["existing"], false);
    assert_eq!(approved["wider"], json!([{"id": wide["grant"]["key"], "label": "till", "extra": [CREATE]}]));
    world.asker.poll_until(&narrow, "delivered").await?;
    let posted = shop.received()[1].json()?;
    assert_ne!(posted["apiKey"], wide_token);
    assert_eq!(sorted(&posted["permissions"]), [VIEW]);
    Ok(())
}

#[tokio::test]
async fn a_key_of_another_user_or_application_is_not_offered() -> Result<()> {
    let world = World::new().await?;
    let shop = Callback::new().await?;
    let query = |identifier: &str| {
        format!("permissions={VIEW}&{}&applicationIdentifier={identifier}", shop.redirect("/"))
    };
    let first = world.asker.asked(&query("till")).await?;
    world.approve(&first, &["--user", MERCHANT]).await?;
    world.asker.poll_until(&first, "delivered").await?;
    for (identifier, user) in [("Till", MERCHANT), ("till", blackbox::ADMIN)] {
        let asked = world.asker.asked(&query(identifier)).await?;
        let approved = world.approve(&asked, &["--user", user]).await?;
        assert_eq!(approved["grant"]["existing"], false, "{identifier} for {user}");
    }
    Ok(())
}

#[tokio::test]
async fn a_refused_request_posts_nothing() -> Result<()> {
    let world = World::new().await?;
    let shop = Callback::new().await?;
    let asked = world.asker.asked(&format!("permissions={VIEW}&{}", shop.redirect("/cb"))).await?;
    world.home.ok(&["refuse", &asked.id]).await?;
    assert_eq!(world.asker.poll(&asked).await?["status"], "refused");
    assert_eq!(world.home.refused(&["approve", &asked.id, "--number", &asked.number]).await?, "not-pending");
    assert_eq!(world.home.refused(&["deliver", &asked.id]).await?, "invalid");
    assert!(shop.received().is_empty(), "{:?}", shop.received());
    assert_eq!(world.home.ok(&["key", "list"]).await?, json!([]));
    Ok(())
}

#[tokio::test]
async fn a_blocked_application_is_refused_without_asking() -> Result<()> {
    let world = World::new().await?;
    let shop = Callback::new().await?;
    let query = format!("permissions={VIEW}&{}&applicationIdentifier=till", shop.redirect("/cb"));
    let asked = world.asker.asked(&query).await?;
    world.home.ok(&["refuse", &asked.id, "--block"]).await?;
    assert_eq!(world.asker.ask(&query).await?.status, 403);
    let before = world.home.ok(&["requests"]).await?;
    assert!(
        before.as_array().into_iter().flatten().all(|request| request["status"] != "pending"),
        "{before}"
    );
    let other = format!("permissions={VIEW}&{}&applicationIdentifier=other", shop.redirect("/cb"));
    assert_eq!(world.asker.ask(&other).await?.status, 202, "another application is not meant");
    Ok(())
}

#[tokio::test]
async fn a_wrong_number_twice_ends_the_request() -> Result<()> {
    let world = World::new().await?;
    let asked = world.asker.asked(&format!("permissions={VIEW}")).await?;
    let wrong = if asked.number == "10" { "11" } else { "10" };
    let attempt = ["approve", &asked.id, "--number", wrong];
    assert_eq!(world.home.refused(&attempt).await?, "wrong-number");
    assert_eq!(world.home.request(&asked.id).await?["status"], "pending", "one slip is forgiven");
    assert_eq!(world.home.refused(&attempt).await?, "wrong-number");
    assert_eq!(world.not_approved(&asked, &[]).await?, "not-pending", "the right one comes too late");
    let polled = world.asker.poll(&asked).await?;
    assert_eq!((&polled["status"], &polled["apiKey"]), (&json!("refused"), &Value::Null));
    Ok(())
}

#[tokio::test]
async fn the_passphrase_stands_for_the_number() -> Result<()> {
    let world = World::new().await?;
    let asked = world.asker.asked("permissions=unrestricted").await?;
    world.home.ok(&["approve", &asked.id, "--no-number", "--label", "Mine", "--expires", "1h"]).await?;
    let polled = world.asker.poll(&asked).await?;
    let key = polled["apiKey"].as_str().context("a key")?;
    assert_eq!(world.asker.current(key).await?.json()?["label"], "Mine");
    Ok(())
}

#[tokio::test]
async fn the_fifth_request_of_one_program_is_told_when_to_come_again() -> Result<()> {
    let world = World::new().await?;
    let mut waiting = Vec::new();
    for name in ["a", "b", "c", "d"] {
        waiting.push(world.asker.asked(&format!("applicationName={name}")).await?);
    }
    let fifth = world.asker.ask("applicationName=e").await?;
    assert_eq!(fifth.status, 429, "{}", fifth.body);
    let after: u64 = fifth.header("retry-after").context("it says when")?.parse()?;
    assert!((1..=1800).contains(&after), "{after} seconds");
    for asked in &waiting {
        assert_eq!(world.home.request(&asked.id).await?["status"], "pending", "nobody was pushed out");
    }
    world.home.ok(&["refuse", &waiting[0].id]).await?;
    assert_eq!(world.asker.ask("applicationName=e").await?.status, 202, "there is room again");
    Ok(())
}

#[tokio::test]
async fn the_number_is_in_no_list_and_no_log() -> Result<()> {
    let world = World::new().await?;
    let mut numbers = Vec::new();
    for name in ["a", "b", "c", "d"] {
        numbers.push(world.asker.asked(&format!("applicationName={name}")).await?.number);
    }
    let listed = world.home.ok(&["requests"]).await?;
    let log = world.home.ok(&["log"]).await?;
    for (what, json) in [("requests", &listed), ("log", &log)] {
        for number in &numbers {
            assert!(!has_leaf(json, number), "{number} in {what}: {json}");
        }
    }
    Ok(())
}

/// Whether a value of the document is this number, as a number or a text.
fn has_leaf(json: &Value, number: &str) -> bool {
    match json {
        Value::Array(items) => items.iter().any(|item| has_leaf(item, number)),
        // Of the fields that count something, two digits prove nothing.
        Value::Object(fields) => fields
            .iter()
            .filter(|(name, _)| *name != "seq" && *name != "pid")
            .any(|(_, item)| has_leaf(item, number)),
        Value::String(text) => text.split(|c: char| !c.is_alphanumeric()).any(|word| word == number),
        Value::Number(found) => found.to_string() == number,
        Value::Null | Value::Bool(_) => false,
    }
}

#[tokio::test]
async fn unknown_policies_are_named_and_left_out() -> Result<()> {
    let world = World::new().await?;
    let query = format!("permissions={VIEW}&permissions=btcpay.store.canfly&permissions=nonsense");
    let asked = world.asker.asked(&query).await?;
    let request = world.home.request(&asked.id).await?;
    assert_eq!(sorted(&request["unknown"]), ["btcpay.store.canfly", "nonsense"]);
    assert_eq!(sorted(&request["permissions"]), [VIEW]);
    world.approve(&asked, &[]).await?;
    let polled = world.asker.poll(&asked).await?;
    assert_eq!(sorted(&polled["permissions"]), [VIEW], "strict compares with what is known");
    Ok(())
}

#[tokio::test]
async fn nothing_known_leaves_only_refusing() -> Result<()> {
    let world = World::new().await?;
    let asked = world.asker.asked("permissions=btcpay.store.canfly").await?;
    assert_eq!(world.not_approved(&asked, &[]).await?, "invalid");
    assert_eq!(world.home.request(&asked.id).await?["status"], "pending");
    world.home.ok(&["refuse", &asked.id]).await?;
    assert_eq!(world.asker.poll(&asked).await?["status"], "refused");
    Ok(())
}

#[tokio::test]
async fn nothing_is_decided_without_the_passphrase() -> Result<()> {
    let world = World::new().await?;
    let asked = world.asker.asked(&format!("permissions={VIEW}")).await?;
    let mut ctl = blackbox::ctl::Ctl::at(&world.home)?;
    ctl.passphrase_file = None;
    for args in [
        vec!["approve", &asked.id, "--number", &asked.number],
        vec!["refuse", &asked.id],
        vec!["requests"],
        vec!["key", "list"],
    ] {
        assert_eq!(ctl.run(&args).await?.code()?, "passphrase-needed", "{args:?}");
    }
    let wrong = world.home.beside().join("wrong");
    std::fs::write(&wrong, "not the passphrase\n")?;
    ctl.passphrase_file = Some(wrong);
    let args = ["approve", &asked.id, "--number", &asked.number];
    assert_eq!(ctl.run(&args).await?.code()?, "wrong-passphrase");
    assert_eq!(world.asker.get(&asked.poll).await?.json()?["status"], "pending");
    Ok(())
}
