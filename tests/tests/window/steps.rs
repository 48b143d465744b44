//! What several journeys do.

use anyhow::Result;
use blackbox::{ADMIN, Asked, Asker, Home, Window};

/// Two permissions to see.
pub(crate) const SEE: &str =
    "permissions=btcpay.store.canviewinvoices&permissions=btcpay.store.canviewreports";
/// One permission that moves money.
pub(crate) const MOVE_MONEY: &str = "permissions=btcpay.store.canmodifystoresettings";

/// First start: the passphrase of this home, and the first admin.
pub(crate) async fn first_start(window: &Window, home: &Home) -> Result<()> {
    window.find("onboarding").await?;
    window.type_into("passphrase", &home.passphrase).await?;
    window.type_into("passphrase-repeat", &home.passphrase).await?;
    window.type_into("admin-email", ADMIN).await?;
    window.click("finish").await?;
    window.gone("onboarding").await
}

/// Opens the lock.
pub(crate) async fn unlock(window: &Window, home: &Home) -> Result<()> {
    window.type_into("passphrase", &home.passphrase).await?;
    window.click("unlock").await?;
    window.find("nav-requests").await?;
    Ok(())
}

/// Asks as a program does, and opens the sheet of that request.
pub(crate) async fn asked(window: &Window, query: &str) -> Result<(Asker, Asked)> {
    let asker = Asker::at(&window.gate().await?)?;
    let asked = asker.asked(query).await?;
    window.click("request-card").await?;
    window.find("request-sentence").await?;
    Ok((asker, asked))
}

/// Approves, once the sheet listens.
pub(crate) async fn approve(window: &Window) -> Result<()> {
    listens(window).await?;
    window.click("approve").await
}

/// Waits until the sheet has been seen for long enough to listen.
pub(crate) async fn listens(window: &Window) -> Result<()> {
    window.find_css("[data-testid=approve][aria-disabled=false]").await?;
    Ok(())
}

/// A number that is not the one `asked` shows.
pub(crate) fn wrong(asked: &Asked) -> &'static str {
    if asked.number == "10" { "11" } else { "10" }
}
