//! What was acknowledged survives whatever happens to the process.

#![expect(clippy::indexing_slicing, reason = "of JSON documents: what is missing is null")]

use std::collections::HashMap;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use blackbox::control::Control;
use blackbox::dice::Dice;
use blackbox::{ADMIN, Asked, Asker, Browser, Callback, Gate, Home, Scripts, Start, World};
use fantoccini::Locator;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::sleep;

const VIEW: &str = "permissions=btcpay.store.canviewinvoices";

/// The handle of the key that `approve` answered with.
fn granted(approved: &Value) -> Result<String> {
    let key = approved.pointer("/grant/key").and_then(Value::as_str);
    Ok(key.with_context(|| format!("a key in {approved}"))?.to_owned())
}

#[tokio::test]
async fn a_key_nobody_collected_before_the_crash_is_collected_after_it() -> Result<()> {
    let mut world = World::new().await?;
    let asked = world.asker.asked(VIEW).await?;
    let key = granted(&world.approve(&asked, &[]).await?)?;
    world.crash_and_restart().await?;

    let listed = world.home.listed_key(&key).await?;
    assert_eq!((&listed["neverCollected"], &listed["state"]), (&json!(true), &json!("live")));
    assert_eq!(world.home.request(&asked.id).await?["status"], "approved");
    assert_eq!(world.asker.get(&asked.poll).await?.status, 404, "the gate knows of no poll after a restart");
    assert_eq!(world.home.ok(&["deliver", &asked.id]).await?["status"], "approved");
    let polled = world.asker.poll(&asked).await?;
    let token = polled["apiKey"].as_str().context("the old poll collects it")?;
    assert_eq!(world.asker.may(token).await?, ["btcpay.store.canviewinvoices"]);
    assert_eq!(world.home.listed_key(&key).await?["neverCollected"], false);

    world.home.ok(&["key", "revoke", &key]).await?;
    assert_eq!(world.asker.current(token).await?.status, 401);
    world.crash_and_restart().await?;
    assert_eq!(world.asker.current(token).await?.status, 401, "and stays revoked");
    Ok(())
}

#[tokio::test]
async fn a_key_that_was_never_posted_is_posted_after_the_crash() -> Result<()> {
    let mut world = World::new().await?;
    let shop = Callback::busy().await?;
    let (port, redirect) = (shop.port, shop.redirect("/cb?secret=x"));
    let asked = world.asker.asked(&format!("{VIEW}&{redirect}")).await?;
    let key = granted(&world.approve(&asked, &[]).await?)?;
    world.crash_and_restart().await?;
    assert_eq!(world.home.listed_key(&key).await?["neverCollected"], true);
    shop.end().await;
    assert_eq!(world.home.refused(&["deliver", &asked.id]).await?, "nobody-listens");

    let shop = Callback::again(port).await?;
    assert_eq!(world.home.ok(&["deliver", &asked.id]).await?["status"], "delivered");
    let post = shop.first("POST").await?;
    assert_eq!(post.target, "/cb?secret=x");
    let posted = post.json()?;
    assert_eq!(world.asker.current(posted["apiKey"].as_str().context("a key")?).await?.status, 200);
    assert_eq!(world.home.request(&asked.id).await?["grant"]["delivery"], "json-post");
    Ok(())
}

#[tokio::test]
async fn a_page_that_lost_its_gate_says_so_and_can_be_armed_again() -> Result<()> {
    let mut world = World::new().await?;
    let shop = Callback::new().await?;
    let browser = Browser::new(Scripts::Off).await?;
    browser.open(&world.gate.authorize(&format!("{VIEW}&{}", shop.redirect("/cb")))).await?;
    let (id, number) = browser.waiting().await?;
    let page = browser.url().await?;
    let approved = world.home.ok(&["approve", &id, "--number", &number]).await?;
    world.crash_and_restart().await?;
    browser.open(&page).await?;
    browser.says("ask again").await?;
    assert_eq!(world.home.listed_key(&granted(&approved)?).await?["neverCollected"], true);

    world.home.ok(&["deliver", &id]).await?;
    browser.open(&page).await?;
    browser.client.wait().at_most(blackbox::PATIENCE).for_element(Locator::Css("form button")).await?;
    browser.click("form button").await?;
    let form = shop.first("POST").await?.form()?;
    let key = form.iter().find(|(name, _)| name == "apiKey").context("a key")?;
    assert_eq!(world.asker.current(&key.1).await?.status, 200);
    browser.close().await
}

#[tokio::test]
async fn a_key_that_was_never_collected_can_be_revoked_after_the_crash() -> Result<()> {
    let mut world = World::new().await?;
    let asked = world.asker.asked(VIEW).await?;
    let key = granted(&world.approve(&asked, &[]).await?)?;
    world.crash_and_restart().await?;
    world.home.ok(&["key", "revoke", &key]).await?;
    assert_eq!(world.home.listed_key(&key).await?["state"], "revoked");
    assert_eq!(world.home.refused(&["deliver", &asked.id]).await?, "invalid", "a dead key is not handed out");
    Ok(())
}

const ROUNDS: u32 = 50;
const WORKERS: u32 = 4;

/// What one worker, or all of them, know for sure.
#[derive(Debug, Default)]
struct Ledger {
    /// Acknowledged creates by label, and their tokens.
    live: HashMap<String, String>,
    /// Acknowledged revokes.
    revoked: HashMap<String, String>,
    /// Calls without an answer: of these either state is right.
    unanswered: Vec<String>,
    /// Acknowledged approvals, by label, and the requests they answered.
    approved: HashMap<String, String>,
    /// Requests whose key was collected.
    collected: Vec<String>,
    /// Acknowledged refusals, by request.
    refused: Vec<String>,
}

impl Ledger {
    fn take_in(&mut self, other: Self) {
        self.live.extend(other.live);
        self.revoked.extend(other.revoked);
        self.unanswered.extend(other.unanswered);
        self.approved.extend(other.approved);
        self.collected.extend(other.collected);
        self.refused.extend(other.refused);
    }
}

/// Makes keys and revokes some until the gate is gone.
async fn work(asker: Asker, admin: String, name: String, mut dice: Dice) -> Result<Ledger> {
    let mut ledger = Ledger::default();
    for turn in 0.. {
        let label = format!("{name}n{turn}");
        let wish = json!({"label": label, "permissions": ["btcpay.store.canviewinvoices"]});
        let Ok(made) = asker.mint(&admin, &wish).await else {
            ledger.unanswered.push(label);
            return Ok(ledger);
        };
        ensure!(made.status == 200, "{made:?}");
        let token = made.json()?["apiKey"].as_str().context("a key")?.to_owned();
        if dice.below(2) == 0 {
            ledger.live.insert(label, token);
            continue;
        }
        let Ok(gone) = asker.revoke(&admin, &token).await else {
            ledger.unanswered.push(label);
            return Ok(ledger);
        };
        ensure!(gone.status == 200, "{gone:?}");
        ledger.revoked.insert(label, token);
    }
    Ok(ledger)
}

/// Asks, and approves or refuses over an open control connection, and collects, until the gate is gone.
async fn decide(asker: Asker, mut control: Control, name: String, mut dice: Dice) -> Result<Ledger> {
    let mut ledger = Ledger::default();
    for turn in 0.. {
        let label = format!("{name}n{turn}");
        let Ok(asked) = asker.asked(VIEW).await else { return Ok(ledger) };
        if dice.below(3) == 0 {
            let Ok(answer) = control.call("refuse", json!({"id": asked.id, "block": false})).await else {
                return Ok(ledger);
            };
            ensure!(answer["error"].is_null(), "{answer}");
            ledger.refused.push(asked.id);
            continue;
        }
        let Ok(answer) = control.call("approve", approval(&asked, &label)?).await else {
            ledger.unanswered.push(label);
            return Ok(ledger);
        };
        ensure!(answer["error"].is_null(), "{answer}");
        ledger.approved.insert(label.clone(), asked.id.clone());
        let Ok(polled) = asker.poll(&asked).await else { return Ok(ledger) };
        let token = polled["apiKey"].as_str().with_context(|| format!("a key in {polled}"))?;
        ledger.live.insert(label, token.to_owned());
        ledger.collected.push(asked.id);
    }
    Ok(ledger)
}

fn approval(asked: &Asked, label: &str) -> Result<Value> {
    let number: u8 = asked.number.parse()?;
    Ok(json!({
        "id": asked.id, "user": null, "issuer": null, "stores": [], "permissions": null, "label": label,
        "expires": null, "proof": {"number": number}, "matching": "new",
    }))
}

/// One life of the gate under load, ended at a moment nobody chose.
async fn a_round(home: &Home, gate: &mut Gate, admin: &str, round: u32, dice: &mut Dice) -> Result<Ledger> {
    let asker = Asker::of(gate)?;
    let mut control = Control::connect(home.path()).await?;
    let unlocked = control.call("unlock", json!({"passphrase": home.passphrase})).await?;
    ensure!(unlocked["error"].is_null(), "{unlocked}");
    let mut workers = JoinSet::new();
    for worker in 0..WORKERS {
        let own = Dice::seeded(dice.next());
        workers.spawn(work(asker.clone(), admin.to_owned(), format!("r{round}w{worker}"), own));
    }
    workers.spawn(decide(asker, control, format!("r{round}d"), Dice::seeded(dice.next())));
    sleep(Duration::from_millis(20 + dice.below(150))).await;
    gate.kill().await?;
    let mut round = Ledger::default();
    while let Some(ledger) = workers.join_next().await {
        round.take_in(ledger??);
    }
    Ok(round)
}

async fn check_round(asker: &Asker, round: &Ledger) -> Result<()> {
    for (label, token) in &round.live {
        let answer = asker.current(token).await?;
        ensure!(answer.status == 200, "{label} was acknowledged and is lost: {answer:?}");
        let key = answer.json()?;
        ensure!(key["label"] == label.as_str(), "{label} is half there: {key}");
        ensure!(
            key["permissions"] == json!(["btcpay.store.canviewinvoices"]),
            "{label} is half there: {key}"
        );
    }
    for (label, token) in &round.revoked {
        let status = asker.current(token).await?.status;
        // After 60 of them it is told to wait: no good key ever is.
        ensure!(matches!(status, 401 | 429), "{label} was revoked and is back: {status}");
    }
    Ok(())
}

/// Compares everything there is with everything that was acknowledged.
async fn check_all(home: &Home, all: &Ledger) -> Result<()> {
    let verdict = home.ok(&["log", "--verify"]).await?;
    ensure!(verdict["faults"] == json!([]), "{verdict}");
    let keys = home.ok(&["key", "list"]).await?;
    let rows = keys.as_array().context("keys")?.iter().filter(|key| key["label"] != "");
    let states: HashMap<&str, &str> =
        rows.filter_map(|key| Some((key["label"].as_str()?, key["state"].as_str()?))).collect();
    for (acknowledged, state) in [(&all.live, "live"), (&all.approved, "live"), (&all.revoked, "revoked")] {
        for label in acknowledged.keys() {
            ensure!(
                states.get(label.as_str()) == Some(&state),
                "{label} is not {state}: {:?}",
                states.get(label.as_str())
            );
        }
    }
    let known = |label: &str| {
        all.live.contains_key(label)
            || all.approved.contains_key(label)
            || all.revoked.contains_key(label)
            || all.unanswered.iter().any(|it| it == label)
    };
    ensure!(states.keys().all(|label| known(label)), "a key nobody asked for");
    let log = home.ok(&["log"]).await?;
    let made = log.as_array().into_iter().flatten().filter(|entry| entry["action"] == "key-created").count();
    let there = keys.as_array().map_or(0, Vec::len);
    ensure!(made == there, "{made} keys in the log, {there} in the table: a half record");
    check_requests(home, all).await
}

/// Every decision that was acknowledged stands, and no key that was collected counts as uncollected.
async fn check_requests(home: &Home, all: &Ledger) -> Result<()> {
    let requests = home.ok(&["requests"]).await?;
    let rows = requests.as_array().into_iter().flatten();
    let statuses: HashMap<&str, &str> =
        rows.filter_map(|request| Some((request["id"].as_str()?, request["status"].as_str()?))).collect();
    let stands = |id: &String, allowed: &[&str]| {
        let status = statuses.get(id.as_str());
        ensure!(status.is_some_and(|status| allowed.contains(status)), "{id}: {status:?}, not {allowed:?}");
        Ok(())
    };
    all.approved.values().try_for_each(|id| stands(id, &["approved", "delivered"]))?;
    all.collected.iter().try_for_each(|id| stands(id, &["delivered"]))?;
    all.refused.iter().try_for_each(|id| stands(id, &["refused"]))
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_in_50_crashes_under_load() -> Result<()> {
    let mut dice = Dice::from_environment()?;
    let home = Home::new().await?;
    let admin = home.key(ADMIN, &["unrestricted"]).await?;
    let mut gate = home.serve().await?;
    let mut all = Ledger::default();
    for number in 0..ROUNDS {
        let round = a_round(&home, &mut gate, &admin, number, &mut dice).await?;
        gate = Gate::start(&home, Start::default()).await?;
        check_round(&Asker::of(&gate)?, &round).await.with_context(|| format!("round {number}"))?;
        all.take_in(round);
    }
    let (made, revoked, unanswered) = (all.live.len(), all.revoked.len(), all.unanswered.len());
    let (approved, refused) = (all.approved.len(), all.refused.len());
    println!(
        "{made} live, {revoked} revoked, {unanswered} without an answer; {approved} approved, {refused} refused"
    );
    ensure!(unanswered >= 50, "the crashes hit no call under way: {unanswered}");
    ensure!(made > 50 && revoked > 50, "there was no load: {made} and {revoked}");
    ensure!(approved > 20 && refused > 5, "nobody decided: {approved} and {refused}");
    gate.kill().await?;
    check_all(&home, &all).await
}
