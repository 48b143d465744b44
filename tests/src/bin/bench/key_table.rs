//! The table of keys in the window, with a hundred keys and with a hundred thousand.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use blackbox::{
    ADMIN, Gate, Hand, Home, MERCHANT, Start, Window, control::Control, driver, in_window, process,
};
use serde_json::{Value, json};

use crate::spread;

const FEW: usize = 100;
const MANY: usize = 100_000;
const OPENINGS: usize = 20;
/// Numbers that are typed, five digits each.
const NUMBERS: usize = 20;
/// How long the window is left alone before it is weighed.
const SETTLED: Duration = Duration::from_secs(4);

/// From the press to the frame that has the first row.
const OPEN: &str = "
const done = arguments[arguments.length - 1], rounds = arguments[0];
const frame = () => new Promise((next) => requestAnimationFrame(next));
const row = () => document.querySelector('[data-testid=key-row]');
const press = (id) => document.querySelector(`[data-testid=${id}]`).click();
(async () => {
  const took = [];
  for (let round = 0; round < rounds; round++) {
    const began = performance.now();
    press('nav-keys');
    while (!row()) await frame();
    took.push(performance.now() - began);
    press('nav-settings');
    while (row()) await frame();
  }
  done(took);
})();";

/// Numbers typed digit by digit: from each digit until the rows are others.
const TYPE: &str = "
const done = arguments[arguments.length - 1], numbers = arguments[0];
const frame = () => new Promise((next) => requestAnimationFrame(next));
const count = () => document.querySelector('[role=grid]')?.getAttribute('aria-rowcount');
const input = document.querySelector('[data-testid=key-search]');
const type = async (text) => {
  const [before, began] = [count(), performance.now()];
  input.value = text;
  input.dispatchEvent(new Event('input', { bubbles: true }));
  while (count() === before && performance.now() - began < 2000) await new Promise((next) => setTimeout(next));
  const took = performance.now() - began;
  await frame();
  return took;
};
(async () => {
  const took = [];
  for (let i = 0; i < numbers; i++) {
    const number = String(10_000 + i * 4_321);
    for (let end = 1; end <= number.length; end++) took.push(await type(number.slice(0, end)));
    await type('');
  }
  done(took);
})();";

/// What the window took, and what its page weighs in kB.
struct Seen {
    first: Vec<Duration>,
    openings: Vec<Duration>,
    keystrokes: Vec<Duration>,
    weight: u64,
}

pub(crate) async fn figures() -> Result<()> {
    let home = Home::in_memory().await?;
    fill(&home, 0, FEW).await?;
    let few = look(&home).await?;
    let began = Instant::now();
    fill(&home, FEW, MANY).await?;
    println!("{MANY} keys made over the control socket in {:.0?}", began.elapsed());
    let many = look(&home).await?;
    println!("Keys opened for the first time with {MANY} keys: first rows after {}", spread(many.first));
    println!("Keys opened again: {}", spread(many.openings));
    println!("- with {FEW} keys: {}", spread(few.openings));
    println!("keystroke to new rows: {}", spread(many.keystrokes));
    println!("- with {FEW} keys: {}", spread(few.keystrokes));
    println!(
        "its page weighs {} MB with {FEW} keys and {} MB with {MANY} (PSS)",
        few.weight / 1_000,
        many.weight / 1_000
    );
    Ok(())
}

/// Makes keys up to so many, of two users, over the control socket of a gate that is there for this alone.
async fn fill(home: &Home, have: usize, up_to: usize) -> Result<()> {
    let mut gate = Gate::start(home, Start::default()).await?;
    let mut control = Control::connect(home.path()).await?;
    ok(&mut control, "unlock", json!({ "passphrase": home.passphrase })).await?;
    for n in have..up_to {
        let user = if n.is_multiple_of(3) { MERCHANT } else { ADMIN };
        let label = format!("{} {n}", ["Till", "Ledger", "Shop", "Reports"].get(n % 4).unwrap_or(&"Key"));
        let key = json!({ "user": user, "issuer": null, "label": label, "expires": null,
            "permissions": ["btcpay.store.canviewinvoices", "btcpay.store.cancreateinvoice"] });
        ok(&mut control, "key_create", key).await?;
    }
    drop(control);
    gate.end().await?;
    Ok(())
}

async fn ok(control: &mut Control, call: &str, args: Value) -> Result<()> {
    let answer = control.call(call, args).await?;
    ensure!(answer.get("error").is_none(), "{call}: {answer}");
    Ok(())
}

async fn look(home: &Home) -> Result<Seen> {
    let mut seen = None;
    in_window(home, Hand::Mouse, async |window| {
        window.type_into("passphrase", &home.passphrase).await?;
        window.click("unlock").await?;
        window.find("nav-keys").await?;
        let first = run(window, OPEN, 1).await?;
        let openings = run(window, OPEN, OPENINGS).await?;
        window.click("nav-keys").await?;
        window.find("key-row").await?;
        let keystrokes = run(window, TYPE, NUMBERS).await?;
        tokio::time::sleep(SETTLED).await;
        let weight = page_weight(home.path()).context("no page to weigh")?;
        seen = Some(Seen { first, openings, keystrokes, weight });
        Ok(())
    })
    .await?;
    seen.context("the window was not looked at")
}

async fn run(window: &Window, script: &str, rounds: usize) -> Result<Vec<Duration>> {
    let took = window.client.execute_async(script, vec![json!(rounds)]).await?;
    let took = took.as_array().context("a list of times")?;
    Ok(took.iter().filter_map(Value::as_f64).map(|took| Duration::from_secs_f64(took / 1_000.0)).collect())
}

/// What the process that runs the page weighs.
fn page_weight(home: &Path) -> Option<u64> {
    let ours = process::with_environment(driver::HOME, &home.to_string_lossy());
    let is_page = |pid: &u32| {
        std::fs::read_link(format!("/proc/{pid}/exe")).is_ok_and(|exe| exe.ends_with("WebKitWebProcess"))
    };
    ours.into_iter().filter(is_page).filter_map(process::weight).max()
}
