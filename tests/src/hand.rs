//! What a person works the window with: a mouse, or a keyboard alone.

use anyhow::{Context, Result};
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;
use serde_json::json;

use crate::window::{Window, named};
use crate::{keyboard, until};

/// What presses, types and chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hand {
    /// Clicks on what it can see. Text goes where WebDriver puts it.
    Mouse,
    /// Moves the focus with Tab and arrows, and presses keys on what has it.
    Keyboard,
}

impl Hand {
    /// Either.
    pub const BOTH: [Self; 2] = [Self::Mouse, Self::Keyboard];
}

/// What a field that proposes something shows.
const OPTIONS: &str = "[role=option]";

impl Window {
    /// Presses the element of this name, as soon as it can be.
    ///
    /// # Errors
    /// When it never can, or the keyboard does not get there.
    pub async fn click(&self, testid: &str) -> Result<()> {
        self.click_css(&named(testid)).await
    }

    /// Presses the first element that this CSS selector finds to be seen, as soon as it can be.
    ///
    /// # Errors
    /// When it never can, or the keyboard does not get there.
    pub async fn click_css(&self, css: &str) -> Result<()> {
        match self.hand() {
            Hand::Mouse => self.click_on(css).await,
            Hand::Keyboard => {
                keyboard::reach(self, css).await?;
                keyboard::activate(self).await
            }
        }
    }

    async fn click_on(&self, css: &str) -> Result<()> {
        let mut last = None;
        let clicked = until(&format!("a click on {css}"), async || {
            // It may be moving, or be replaced by a newer one of its kind.
            let click = self.find_css(css).await?.click().await;
            let done = click.is_ok();
            last = click.err();
            Ok(done.then_some(()))
        })
        .await;
        clicked.with_context(|| format!("{last:?}"))
    }

    /// Types into the field of this name.
    ///
    /// # Errors
    /// When it never comes, or the keyboard does not get there.
    pub async fn type_into(&self, testid: &str, text: &str) -> Result<()> {
        match self.hand() {
            Hand::Mouse => Ok(self.find(testid).await?.send_keys(text).await?),
            Hand::Keyboard => {
                keyboard::reach(self, &named(testid)).await?;
                self.press(text).await
            }
        }
    }

    /// Types into the field of this name, in place of what is there.
    ///
    /// # Errors
    /// When it never comes, or the keyboard does not get there.
    pub async fn retype(&self, testid: &str, text: &str) -> Result<()> {
        match self.hand() {
            Hand::Mouse => self.find(testid).await?.clear().await?,
            Hand::Keyboard => {
                keyboard::reach(self, &named(testid)).await?;
                self.press_with(Key::Control, 'a').await?;
            }
        }
        self.type_into(testid, text).await
    }

    /// Chooses the option with this value in the list of this name.
    ///
    /// # Errors
    /// When it has none, or the keyboard does not get there.
    pub async fn choose(&self, testid: &str, value: &str) -> Result<()> {
        match self.hand() {
            Hand::Mouse => Ok(self.find(testid).await?.select_by_value(value).await?),
            Hand::Keyboard => {
                keyboard::reach(self, &named(testid)).await?;
                keyboard::choose(self, value).await
            }
        }
    }

    /// Picks `wanted` from the field of this name that proposes what has the typed text in it, of which only the first
    /// half is typed.
    ///
    /// # Errors
    /// When it is not proposed, or the keyboard does not get there.
    pub async fn pick(&self, testid: &str, wanted: &str) -> Result<()> {
        let half: String = wanted.chars().take(wanted.chars().count() / 2).collect();
        self.type_into(testid, &half).await?;
        match self.hand() {
            Hand::Mouse => {
                let css = until(wanted, async || self.option_of(wanted).await).await?;
                self.click_on(&css).await
            }
            Hand::Keyboard => keyboard::pick(self, wanted).await,
        }
    }

    async fn option_of(&self, wanted: &str) -> Result<Option<String>> {
        let script = "return [...document.querySelectorAll(arguments[0])].find(
                          (one) => one.textContent.trim() === arguments[1])?.id";
        let id = self.client.execute(script, vec![json!(OPTIONS), json!(wanted)]).await?;
        Ok(id.as_str().map(|id| format!("[id='{id}']")))
    }

    /// Closes the sheet of this name: by its cross, or with Escape. Waits until it is gone.
    ///
    /// # Errors
    /// When it stays.
    pub async fn dismiss(&self, testid: &str) -> Result<()> {
        match self.hand() {
            Hand::Mouse => self.click_on(&format!("{} [data-testid=close]", named(testid))).await?,
            Hand::Keyboard => self.press(&(Key::Escape + "")).await?,
        }
        self.gone(testid).await
    }

    /// Presses keys one after the other, wherever the focus is. `fantoccini::key::Key` names those without a letter.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn press(&self, keys: &str) -> Result<()> {
        let pressed = keys.chars().fold(KeyActions::new("keyboard".to_owned()), |actions, value| {
            actions.then(KeyAction::Down { value }).then(KeyAction::Up { value })
        });
        Ok(self.client.perform_actions(pressed).await?)
    }

    /// Presses a key while another is held down.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn press_with(&self, held: Key, key: char) -> Result<()> {
        let held = char::from(held);
        let pressed = KeyActions::new("keyboard".to_owned())
            .then(KeyAction::Down { value: held })
            .then(KeyAction::Down { value: key })
            .then(KeyAction::Up { value: key })
            .then(KeyAction::Up { value: held });
        Ok(self.client.perform_actions(pressed).await?)
    }

    /// The name of the element that has the focus; empty when it has none.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn focus(&self) -> Result<String> {
        let script = "return document.activeElement?.dataset.testid ?? ''";
        Ok(self.client.execute(script, Vec::new()).await?.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until the element of this name has the focus by itself.
    ///
    /// # Errors
    /// When it never does.
    pub async fn has_focus(&self, testid: &str) -> Result<()> {
        let focused = async || Ok((self.focus().await? == testid).then_some(()));
        until(&format!("the focus on {testid}"), focused).await
    }
}
