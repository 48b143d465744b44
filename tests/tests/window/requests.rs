//! The sheet of a request: the number, the passphrase, and what does not decide.

use anyhow::{Context, Result, ensure};
use blackbox::{Hand, Home, in_window};
use fantoccini::key::Key;

use crate::steps::{MOVE_MONEY, SEE, approve, asked, listens, unlock, wrong};

by_both_hands!(
    a_wrong_number_twice_ends_the_request,
    approve_does_nothing_until_the_sheet_has_been_seen,
    escape_leaves_the_request_waiting,
    a_key_that_moves_money_costs_the_passphrase,
    a_key_that_only_sees_costs_no_passphrase,
);

/// Opens the card and, as soon as the sheet can be filled in, does so with this number and activates Approve at once.
/// Answers how many milliseconds after the sheet showed that was.
const AT_ONCE: &str = r#"
    const [number, done] = arguments;
    const find = (name) => document.querySelector(`[data-testid="${name}"]`);
    let shown = null;
    const look = () => {
      if (shown === null && find("request-sheet")) shown = performance.now();
      const field = find("request-number");
      if (!field || !find("approve")) return requestAnimationFrame(look);
      field.value = number;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      find("approve").click();
      done(performance.now() - shown);
    };
    find("request-card").click();
    look();
"#;

async fn a_wrong_number_twice_ends_the_request(hand: Hand) -> Result<()> {
    let home = Home::new().await?;
    in_window(&home, hand, async |window| {
        unlock(window, &home).await?;
        let (asker, asked) = asked(window, SEE).await?;
        window.type_into("request-number", wrong(&asked)).await?;
        approve(window).await?;
        window.says("[data-testid=request-sheet] [role=alert]", "one more").await?;
        ensure!(home.request(&asked.id).await?["status"] == "pending", "once is not twice");
        window.type_into("request-number", wrong(&asked)).await?;
        approve(window).await?;
        window.says("[data-testid=request-over]", "wrong twice").await?;
        let polled = asker.poll_until(&asked, "refused").await?;
        ensure!(polled["apiKey"].is_null(), "{polled}");
        ensure!(!window.has("approve").await?, "it can still be approved");
        ensure!(home.ok(&["key", "list"]).await?.as_array().is_some_and(Vec::is_empty), "a key was made");
        Ok(())
    })
    .await
}

async fn approve_does_nothing_until_the_sheet_has_been_seen(hand: Hand) -> Result<()> {
    let home = Home::new().await?;
    in_window(&home, hand, async |window| {
        unlock(window, &home).await?;
        let asker = blackbox::Asker::at(&window.gate().await?)?;
        let asked = asker.asked(SEE).await?;
        window.find("request-card").await?;
        let after = window.client.execute_async(AT_ONCE, vec![asked.number.clone().into()]).await?;
        let after = after.as_f64().context("a time")?;
        ensure!(after < 700.0, "too slow to tell: {after} ms");
        listens(window).await?;
        ensure!(home.request(&asked.id).await?["status"] == "pending", "it was approved after {after} ms");
        ensure!(!window.has("request-over").await?, "the sheet believes it is over");
        window.click("approve").await?;
        window.find("request-over").await?;
        ensure!(asker.poll(&asked).await?["apiKey"].is_string(), "the program gets its key");
        Ok(())
    })
    .await
}

async fn escape_leaves_the_request_waiting(hand: Hand) -> Result<()> {
    let home = Home::new().await?;
    in_window(&home, hand, async |window| {
        unlock(window, &home).await?;
        let (_, asked) = asked(window, SEE).await?;
        listens(window).await?;
        window.press(&(Key::Escape + "")).await?;
        window.gone("request-sheet").await?;
        ensure!(home.request(&asked.id).await?["status"] == "pending", "Escape decided");
        window.click("request-card").await?;
        window.type_into("request-number", &asked.number).await?;
        approve(window).await?;
        window.find("request-over").await?;
        Ok(())
    })
    .await
}

async fn a_key_that_moves_money_costs_the_passphrase(hand: Hand) -> Result<()> {
    let home = Home::new().await?;
    in_window(&home, hand, async |window| {
        unlock(window, &home).await?;
        let (asker, asked) = asked(window, MOVE_MONEY).await?;
        window.says("[data-testid=request-tier]", "Move money").await?;
        window.type_into("request-number", &asked.number).await?;
        window.type_into("request-passphrase", "not the passphrase").await?;
        approve(window).await?;
        window.says("[data-testid=request-sheet] [role=alert]", "not the passphrase").await?;
        ensure!(home.request(&asked.id).await?["status"] == "pending", "it went without");
        window.retype("request-passphrase", &home.passphrase).await?;
        // A wrong passphrase makes the next try wait half a second, and nothing says when that is over.
        tokio::time::sleep(std::time::Duration::from_millis(600)).await;
        approve(window).await?;
        window.find("request-over").await?;
        let key = asker.poll(&asked).await?;
        let may = asker.may(key["apiKey"].as_str().context("a key")?).await?;
        ensure!(may == ["btcpay.store.canmodifystoresettings"], "{may:?}");
        Ok(())
    })
    .await
}

async fn a_key_that_only_sees_costs_no_passphrase(hand: Hand) -> Result<()> {
    let home = Home::new().await?;
    in_window(&home, hand, async |window| {
        unlock(window, &home).await?;
        let (asker, asked) = asked(window, SEE).await?;
        window.says("[data-testid=request-tier]", "See").await?;
        window.type_into("request-number", &asked.number).await?;
        ensure!(!window.has("request-passphrase").await?, "it asks for the passphrase");
        approve(window).await?;
        window.find("request-over").await?;
        ensure!(asker.poll(&asked).await?["apiKey"].is_string(), "the program gets its key");
        Ok(())
    })
    .await
}
