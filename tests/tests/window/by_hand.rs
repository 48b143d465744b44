//! Keys made in the window.

use anyhow::{Result, ensure};
use blackbox::{Asker, Hand, Home, MERCHANT, in_window};

use crate::steps::unlock;

by_both_hands!(a_key_made_by_hand_works_is_shown_once_and_ends_when_it_is_revoked,);

async fn a_key_made_by_hand_works_is_shown_once_and_ends_when_it_is_revoked(hand: Hand) -> Result<()> {
    let home = Home::new().await?;
    in_window(&home, hand, async |window| {
        unlock(window, &home).await?;
        let asker = Asker::at(&window.gate().await?)?;
        window.click("nav-keys").await?;
        window.click("new-key").await?;
        window.pick("new-key-user", MERCHANT).await?;
        window.type_into("new-key-label", "Front desk").await?;
        let permission = "[data-testid=new-key-permission][data-permission=\"btcpay.store.canviewinvoices\"]";
        window.click_css(permission).await?;
        window.click("create-key").await?;
        let key = window.text("key-secret").await?;
        let may = asker.may(&key).await?;
        ensure!(may == ["btcpay.store.canviewinvoices"], "{may:?}");
        window.click("done").await?;
        window.gone("new-key-sheet").await?;
        window.says("[data-testid=key-row]", "Front desk").await?;
        window.click("key-row").await?;
        window.says("[data-testid=key-sheet]", MERCHANT).await?;
        ensure!(!window.everything().await?.contains(&key), "it is shown a second time");
        window.click("revoke-key").await?;
        ensure!(asker.current(&key).await?.status == 200, "asking is not doing");
        window.click("revoke-confirm").await?;
        window.gone("revoke-confirm").await?;
        let status = asker.current(&key).await?.status;
        ensure!(status == 401, "a revoked key answers {status}");
        Ok(())
    })
    .await
}
