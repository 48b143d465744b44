//! "Try it", from first start to the key.

use anyhow::{Context, Result, ensure};
use blackbox::{Browser, Hand, Home, Scripts, in_window};

use crate::steps::{approve, first_start};

by_both_hands!(a_newcomer_tries_it_and_holds_a_key_that_ends_after_ten_minutes,);

async fn a_newcomer_tries_it_and_holds_a_key_that_ends_after_ten_minutes(hand: Hand) -> Result<()> {
    let home = Home::unmade()?;
    in_window(&home, hand, async |window| {
        first_start(window, &home).await?;
        window.click("try-it").await?;
        let browser = Browser::new(Scripts::On).await?;
        browser.open(&window.opened().await?).await?;
        let (_, number) = browser.waiting().await?;
        window.click("request-card").await?;
        window.says("[data-testid=request-trial]", "10 minutes").await?;
        window.type_into("request-number", &number).await?;
        approve(window).await?;
        window.find("request-over").await?;
        browser.says("The key is shown in Fieldgate").await?;
        let key = &home.ok(&["key", "list"]).await?[0];
        let span = key["expires"].as_i64().zip(key["created"].as_i64()).map(|(end, start)| end - start);
        let span = span.with_context(|| format!("both are seconds: {key}"))?;
        ensure!((590..=600).contains(&span), "it ends after {span} s");
        ensure!(key["label"] == "Trial of Fieldgate", "{key}");
        browser.close().await
    })
    .await
}
