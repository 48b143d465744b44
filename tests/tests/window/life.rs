//! Starting and ending. What is pressed in between is the same as everywhere: the keyboard does it.

use anyhow::{Context, Result, ensure};
use blackbox::{Asker, Callback, Hand, Home, PATIENCE, Window, in_window, until};
use tokio::time::timeout;

use crate::steps::{MOVE_MONEY, SEE, unlock};

/// Waits until so many requests are in the page, seen or not.
async fn cards(window: &Window, count: usize) -> Result<()> {
    let script = "return document.querySelectorAll('[data-testid=request-card]').length";
    let all = async || Ok((window.client.execute(script, Vec::new()).await? == count).then_some(()));
    until(&format!("{count} cards"), all).await
}

#[tokio::test]
async fn a_second_start_raises_the_first_and_ends() -> Result<()> {
    let home = Home::new().await?;
    in_window(&home, Hand::Keyboard, async |window| {
        let gate = window.gate().await?;
        window.iconify().await?;
        let second =
            timeout(PATIENCE, window.second_start()?.output()).await.context("it does not end")??;
        ensure!(second.status.code() == Some(0), "{second:?}");
        window.comes_up().await?;
        ensure!(window.gate().await? == gate, "the gate is where it was");
        unlock(window, &home).await
    })
    .await
}

#[tokio::test]
async fn a_request_raises_the_window_but_not_again_until_the_admin_acts() -> Result<()> {
    let home = Home::new().await?;
    in_window(&home, Hand::Keyboard, async |window| {
        unlock(window, &home).await?;
        let asker = Asker::at(&window.gate().await?)?;
        window.iconify().await?;
        asker.asked(SEE).await?;
        window.comes_up().await?;
        window.iconify().await?;
        asker.asked(MOVE_MONEY).await?;
        cards(window, 2).await?;
        ensure!(!window.is_seen().await?, "it was raised again");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_taken_port_is_shown_with_its_holder() -> Result<()> {
    let home = Home::new().await?;
    let holder = Callback::new().await?;
    let window = Window::open(&home, holder.port, Hand::Keyboard).await?;
    let steps = async {
        unlock(&window, &home).await?;
        let state = window.text("gate-state").await?;
        let own = std::fs::read_to_string("/proc/self/comm")?;
        ensure!(state.contains(&holder.port.to_string()) && state.contains(own.trim()), "{state}");
        ensure!(
            !window.has("gate-address").await? && !home.path().join("gate.json").exists(),
            "no gate is open"
        );
        Ok(())
    };
    match steps.await {
        Ok(()) => window.close().await,
        Err(error) => Err(anyhow::Error::context(error, window.testimony().await)),
    }
}

#[tokio::test]
async fn closing_the_window_ends_everything_in_order() -> Result<()> {
    let home = Home::new().await?;
    let window = Window::open(&home, 0, Hand::Keyboard).await?;
    unlock(&window, &home).await?;
    window.gate().await?;
    ensure!(home.path().join("control.sock").exists(), "it runs");
    window.close_and_wait().await?;
    for left in ["gate.json", "control.sock"] {
        ensure!(!home.path().join(left).exists(), "{left} is left behind");
    }
    home.ok(&["key", "list"]).await?;
    Ok(())
}
