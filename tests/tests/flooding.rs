//! Asking again and again, and sending again whatever was sent: nothing comes of it.

use std::fs;
use std::process::Stdio;

use anyhow::{Context, Result, bail, ensure};
use blackbox::{ADMIN, Callback, World};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tokio::process::Command;

const VIEW: &str = "permissions=btcpay.store.canviewinvoices";

async fn pending(world: &World) -> Result<Vec<Value>> {
    let requests = world.home.ok(&["requests"]).await?;
    let rows = requests.as_array().into_iter().flatten();
    Ok(rows.filter(|request| request["status"] == "pending").cloned().collect())
}

#[tokio::test]
async fn a_thousand_requests_leave_one_card_of_four_and_no_key() -> Result<()> {
    let world = World::new().await?;
    let mut taken_in = 0;
    for _ in 0..1_000 {
        let answer = world.asker.ask("permissions=unrestricted").await?;
        match answer.status {
            202 => taken_in += 1,
            429 => ensure!(answer.header("retry-after").is_some(), "{answer:?}"),
            _ => bail!("{answer:?}"),
        }
    }
    assert_eq!(taken_in, 4);
    let waiting = pending(&world).await?;
    assert_eq!(waiting.len(), 4);
    assert!(waiting.iter().all(|request| request["askedTimes"] == 4), "they are one card: {waiting:?}");
    assert_eq!(world.home.ok(&["key", "list"]).await?, json!([]), "nothing is issued without a decision");
    world.home.ok(&["approve", waiting[0]["id"].as_str().context("an id")?, "--no-number"]).await?;
    Ok(())
}

#[tokio::test]
async fn nine_programs_that_ask_four_times_each_leave_room_for_known_applications() -> Result<()> {
    let world = World::new().await?;
    let url = world.gate.authorize(VIEW);
    let mut refused = 0;
    for nth in 0..9 {
        // A program is told by its executable: a copy under another name is another one.
        let program = world.home.beside().join(format!("asker-{nth}"));
        fs::copy("/usr/bin/curl", &program)?;
        for _ in 0..4 {
            let curl =
                ["--silent", "--noproxy", "*", "--output", "/dev/null", "--write-out", "%{http_code}", &url];
            let output = Command::new(&program).args(curl).stdin(Stdio::null()).output().await?;
            match String::from_utf8_lossy(&output.stdout).as_ref() {
                "202" => {}
                "429" => refused += 1,
                other => bail!("{other}: {output:?}"),
            }
        }
    }
    assert_eq!(refused, 12, "of 32 places, 8 are for applications that are known");
    assert_eq!(pending(&world).await?.len(), 24);
    Ok(())
}

/// Everything that a page or a program could send of its own accord about a request that waits.
fn replays(place: &str) -> Vec<(Method, String)> {
    let bare = place.split('?').next().unwrap_or(place);
    let below = |part: &str| place.replacen(bare, &format!("{bare}/{part}"), 1);
    let mut all = Vec::new();
    for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::HEAD] {
        for target in [place.to_owned(), bare.to_owned(), below("status"), below("raise"), below("approve")] {
            all.push((method.clone(), target));
        }
    }
    all
}

#[tokio::test]
async fn replaying_every_address_and_form_without_a_decision_issues_nothing() -> Result<()> {
    let world = World::new().await?;
    let shop = Callback::new().await?;
    let query = format!("{VIEW}&applicationIdentifier=till&{}", shop.redirect("/cb"));
    let browser = |it: RequestBuilder| it.header("Accept", "text/html");
    let page = world.asker.send(Method::GET, &format!("/api-keys/authorize?{query}"), browser).await?;
    let page = page.header("location").context("a page to wait on")?.to_owned();
    let polled = world.asker.asked(&query).await?.poll;
    let nonce = world.asker.send(Method::GET, &page, browser).await?.body;
    let nonce = nonce.split_once("data-raise=\"").and_then(|(_, rest)| rest.split('"').next());
    let nonce = nonce.unwrap_or_default().to_owned();

    let origin = world.gate.url.clone();
    for place in [&page, &polled, &format!("/api-keys/authorize?{query}")] {
        for (method, target) in replays(place) {
            let answer = world.asker.send(method.clone(), &target, |it| {
                let it = it.header("Origin", &origin).header("Sec-Fetch-Site", "same-origin");
                match method {
                    Method::POST => it.json(&json!({"nonce": nonce, "command": "Authorize", "apiKey": ""})),
                    _ => it,
                }
            });
            let answer = answer.await?;
            ensure!(!answer.body.contains("apiKey"), "{method} {target}: {answer:?}");
        }
    }
    let form = "application/x-www-form-urlencoded";
    let authorize = format!("/api-keys/authorize?{query}");
    let posted = world.asker.send(Method::POST, &authorize, |it| {
        it.header("Content-Type", form).body("command=Authorize&Permissions=unrestricted&Confirm=true")
    });
    ensure!(posted.await?.status >= 400, "BTCPay Server's own form decides nothing here");
    assert_eq!(world.home.ok(&["key", "list"]).await?, json!([]));
    assert!(!pending(&world).await?.is_empty(), "and they still wait");
    assert!(shop.received().is_empty(), "{:?}", shop.received());
    // The same gate issues one as soon as somebody decides.
    let id = polled.split(['/', '?']).find(|part| part.len() == 32).context("an id")?;
    world.home.ok(&["approve", id, "--no-number", "--user", ADMIN]).await?;
    shop.first("POST").await?;
    Ok(())
}
