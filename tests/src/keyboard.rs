//! A keyboard, and nothing else: how the focus gets somewhere, and what is pressed there.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use fantoccini::key::Key;
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::until;
use crate::window::Window;

/// How often the focus may come to the same element before it is plain that it goes in circles.
const ROUNDS: usize = 3;
/// How often the focus is looked at before it counts as staying where it is.
const LOOKS: usize = 10;
const LOOK: Duration = Duration::from_millis(10);

/// Where the focus is, and which way it is to the first element that `css` finds to be seen. Inside a table, a list or a
/// set of radio buttons the arrows lead on; everywhere else Tab does.
const WHERE: &str = r#"
    const [css] = arguments;
    const focus = document.activeElement ?? document.body;
    const wanted = [...document.querySelectorAll(css)].find((one) => one.getClientRects().length > 0);
    const groupOf = (one) => one.type === "radio" ? one.name : one.closest("[role=grid], [role=listbox], [role=radiogroup]");
    const grouped = wanted && (wanted.tabIndex < 0 || wanted.type === "radio") && wanted.role === focus.role
      && groupOf(wanted) !== null && groupOf(wanted) === groupOf(focus);
    const follows = wanted && focus.compareDocumentPosition(wanted) & Node.DOCUMENT_POSITION_FOLLOWING;
    // By character: half an emoji is not JSON.
    const text = [...(focus.ariaLabel ?? focus.textContent ?? "").trim().replace(/\s+/g, " ")].slice(0, 30).join("");
    return {
      there: focus === wanted,
      way: grouped ? (follows ? "down" : "up") : "tab",
      name: focus.dataset.testid ?? `${focus.localName} "${text}"`,
      index: [...document.querySelectorAll("*")].indexOf(focus),
    };
"#;

/// What has the focus: its role as far as keys go by it.
const KIND: &str = r#"
    const focus = document.activeElement;
    return ["checkbox", "radio"].includes(focus?.type) ? "tick" : focus?.localName ?? "";
"#;

/// How many options a list with the focus has to go down to the one with this value; null when it has none.
const STEPS: &str = r#"
    const list = document.activeElement;
    const wanted = [...list.options].findIndex((one) => one.value === arguments[0]);
    return wanted < 0 ? null : wanted - list.selectedIndex;
"#;

/// What a field that proposes something would take now.
const PROPOSED: &str = r#"
    const field = document.activeElement;
    const active = field.getAttribute("aria-activedescendant");
    return active === null ? null : document.getElementById(active)?.textContent.trim() ?? null;
"#;

#[derive(Debug, Clone)]
struct Place {
    there: bool,
    way: Key,
    name: String,
    index: i64,
}

/// Moves the focus on, as a person does, until it is on the first element that `css` finds to be seen.
///
/// # Errors
/// When that never comes, or the focus goes in circles past it: with everything it was on.
pub(crate) async fn reach(window: &Window, css: &str) -> Result<()> {
    window.find_css(css).await?;
    let mut been: HashMap<(i64, String), usize> = HashMap::new();
    let mut stops: Vec<String> = Vec::new();
    let mut place = look(window, css).await?;
    while !place.there {
        stops.push(place.name.clone());
        let times = been.entry((place.index, place.name.clone())).or_default();
        *times += 1;
        ensure!(
            *times <= ROUNDS,
            "the keyboard does not get to {css}. The focus was on: {}",
            stops.join(", ")
        );
        window.press(&(place.way + "")).await?;
        place = moved(window, css, &place).await?;
    }
    Ok(())
}

/// The next place, as soon as it is another one.
async fn moved(window: &Window, css: &str, before: &Place) -> Result<Place> {
    let mut place = look(window, css).await?;
    for _ in 0..LOOKS {
        if (place.index, &place.name) != (before.index, &before.name) {
            break;
        }
        sleep(LOOK).await;
        place = look(window, css).await?;
    }
    Ok(place)
}

async fn look(window: &Window, css: &str) -> Result<Place> {
    let seen = window.client.execute(WHERE, vec![json!(css)]).await?;
    let way = match seen["way"].as_str() {
        Some("down") => Key::Down,
        Some("up") => Key::Up,
        _ => Key::Tab,
    };
    let name = seen["name"].as_str().context("what has the focus")?.to_owned();
    Ok(Place { there: seen["there"] == true, way, name, index: seen["index"].as_i64().unwrap_or(-1) })
}

/// Presses what has the focus, with the key that its role asks for.
pub(crate) async fn activate(window: &Window) -> Result<()> {
    let kind = window.client.execute(KIND, Vec::new()).await?;
    let key = if kind == "tick" { Key::Space } else { Key::Enter };
    window.press(&(key + "")).await
}

/// Goes to the option with this value in the list that has the focus.
pub(crate) async fn choose(window: &Window, value: &str) -> Result<()> {
    loop {
        let steps = window.client.execute(STEPS, vec![json!(value)]).await?;
        let steps = steps.as_i64().with_context(|| format!("the list has no option {value}"))?;
        let key = match steps {
            0 => return Ok(()),
            1.. => Key::Down,
            _ => Key::Up,
        };
        window.press(&(key + "")).await?;
        until("the list to follow the arrow", async || {
            let now = window.client.execute(STEPS, vec![json!(value)]).await?;
            Ok((now != json!(steps)).then_some(()))
        })
        .await?;
    }
}

/// Goes down what the field with the focus proposes until it is `wanted`, and takes that.
pub(crate) async fn pick(window: &Window, wanted: &str) -> Result<()> {
    let mut seen: Vec<Value> = Vec::new();
    loop {
        let proposed = window.client.execute(PROPOSED, Vec::new()).await?;
        if proposed == wanted {
            return window.press(&(Key::Enter + "")).await;
        }
        if seen.last() == Some(&proposed) {
            bail!("{wanted} is not proposed, but {seen:?}");
        }
        seen.push(proposed);
        window.press(&(Key::Down + "")).await?;
    }
}
