//! A key on the clipboard, as another program on the same screen pastes it.

use anyhow::{Context, Result, ensure};
use blackbox::{Clipboard, Hand, Home, MERCHANT, Window, in_window, until};

use crate::steps::unlock;

by_both_hands!(a_copied_key_leaves_the_clipboard_again_and_what_was_copied_after_it_stays);

/// Shows the key that is in the table, and copies it.
async fn copy_it(window: &Window, clipboard: &Clipboard, key: &str) -> Result<()> {
    window.click("key-row").await?;
    window.click("reveal-key").await?;
    ensure!(window.text("key-secret").await? == key, "another key");
    window.click("copy-secret").await?;
    window.says("[data-testid=key-sheet]", "It leaves the clipboard in 10 s").await?;
    let pasted = clipboard.text().await?;
    ensure!(pasted.as_deref() == Some(key), "something else is pasted");
    Ok(())
}

async fn lock(window: &Window) -> Result<()> {
    window.dismiss("key-sheet").await?;
    window.click("lock").await?;
    window.find("unlock").await.map(drop)
}

async fn a_copied_key_leaves_the_clipboard_again_and_what_was_copied_after_it_stays(
    hand: Hand,
) -> Result<()> {
    let home = Home::new().await?;
    let made = home.ok(&["key", "create", "--user", MERCHANT, "--label", "Front desk"]).await?;
    let (key, id) = (made["apiKey"].as_str().context("a key")?, made["id"].as_str().context("an id")?);
    in_window(&home, hand, async |window| {
        unlock(window, &home).await?;
        let clipboard = window.clipboard()?;
        window.click("nav-settings").await?;
        window.choose("clear-clipboard", "10").await?;
        window.says("main", "Saved").await?;
        window.click("nav-keys").await?;

        copy_it(window, &clipboard, key).await?;
        ensure!(clipboard.is_marked_secret().await?, "clipboard managers would keep it");
        until("the key to leave", async || Ok(clipboard.text().await?.is_none().then_some(()))).await?;
        window.dismiss("key-sheet").await?;

        copy_it(window, &clipboard, key).await?;
        lock(window).await?;
        ensure!(clipboard.text().await?.is_none(), "it stays while the window is locked");

        unlock(window, &home).await?;
        copy_it(window, &clipboard, key).await?;
        window.click_css("[data-testid=key-sheet] dd.id button").await?;
        until("the id", async || Ok((clipboard.text().await?.as_deref() == Some(id)).then_some(()))).await?;
        lock(window).await?;
        ensure!(clipboard.text().await?.as_deref() == Some(id), "what was copied after it is gone");
        Ok(())
    })
    .await
}
