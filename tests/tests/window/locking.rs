//! While the vault is locked the window knows nothing.

use anyhow::{Context, Result, ensure};
use blackbox::{ADMIN, Asker, Hand, Home, MERCHANT, in_window};

use crate::steps::{SEE, unlock};

by_both_hands!(a_locked_window_names_nothing_and_shows_what_asked_once_it_is_opened,);

const LABEL: &str = "Front desk of the canary";
const APPLICATION: &str = "Canary application";
/// Minutes and seconds that a countdown of five minutes shows at first.
const ABOUT_FIVE_MINUTES: [&str; 3] = ["5:0", "4:5", "4:4"];

async fn a_locked_window_names_nothing_and_shows_what_asked_once_it_is_opened(hand: Hand) -> Result<()> {
    let home = Home::new().await?;
    home.ok(&["key", "create", "--user", MERCHANT, "--label", LABEL]).await?;
    in_window(&home, hand, async |window| {
        unlock(window, &home).await?;
        window.click("nav-keys").await?;
        window.says("[data-testid=key-row]", LABEL).await?;
        ensure!(window.everything().await?.contains(MERCHANT), "nothing to hide");
        window.click("lock").await?;
        window.find("unlock").await?;
        let asker = Asker::at(&window.gate().await?)?;
        let asked =
            asker.asked(&format!("{SEE}&applicationName={}", APPLICATION.replace(' ', "%20"))).await?;
        window.says("main", "An app is asking").await?;
        let seen = window.everything().await?;
        for name in [LABEL, APPLICATION, ADMIN, MERCHANT, "Bakery", &asked.id] {
            ensure!(!seen.contains(name), "the locked window names {name}");
        }
        // Two digits may stand in the name of a style by chance.
        ensure!(!window.shown().await?.contains(&asked.number), "the locked window shows the number");
        let at_most = asked.json["expiresAt"].as_i64().context("an end")?;
        unlock(window, &home).await?;
        window.click("nav-requests").await?;
        let card = window.text("request-card").await?;
        ensure!(card.contains(APPLICATION), "{card}");
        ensure!(ABOUT_FIVE_MINUTES.iter().any(|time| card.contains(time)), "{card}");
        let end = home.request(&asked.id).await?["expiresAt"].as_i64().context("an end")?;
        ensure!(end + 20 * 60 < at_most, "the five minutes begin with the unlocking: {end}, {at_most}");
        Ok(())
    })
    .await
}
