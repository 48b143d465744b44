//! What is there afterwards, held against what was acknowledged.

use std::collections::HashMap;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{Harm, Ledger};
use crate::{Asker, Home};

/// What a round acknowledged, asked for over the API.
pub(super) async fn round(asker: &Asker, round: &Ledger, harm: &mut Harm) -> Result<()> {
    for (label, token) in &round.live {
        let answer = asker.current(token).await?;
        if answer.status != 200 {
            harm.lost.push(format!("the key {label} was acknowledged, and now: {answer:?}"));
            continue;
        }
        let key = answer.json()?;
        if key["label"] != label.as_str() || key["permissions"] != json!(["btcpay.store.canviewinvoices"]) {
            harm.half.push(format!("the key {label} is half there: {key}"));
        }
    }
    for (label, token) in &round.revoked {
        let status = asker.current(token).await?.status;
        // After 60 of them it is told to wait: no good key ever is.
        if !matches!(status, 401 | 429) {
            harm.revived.push(format!("the key {label} was revoked, and now: {status}"));
        }
    }
    Ok(())
}

/// Compares everything there is with everything that was acknowledged.
pub(super) async fn all(home: &Home, all: &Ledger, harm: &mut Harm) -> Result<()> {
    let verdict = home.ok(&["log", "--verify"]).await?;
    if verdict["faults"] != json!([]) {
        harm.half.push(format!("the log: {verdict}"));
    }
    let keys = home.ok(&["key", "list"]).await?;
    let keys = keys.as_array().context("keys")?;
    check_keys(keys, all, harm);
    let log = home.ok(&["log"]).await?;
    let made = log.as_array().into_iter().flatten().filter(|entry| entry["action"] == "key-created").count();
    if made != keys.len() {
        harm.half.push(format!("{made} keys in the log, {} in the table", keys.len()));
    }
    check_requests(&home.ok(&["requests"]).await?, all, harm);
    Ok(())
}

fn check_keys(keys: &[Value], all: &Ledger, harm: &mut Harm) {
    let labelled = keys.iter().filter(|key| key["label"] != "");
    let states: HashMap<&str, &str> =
        labelled.filter_map(|key| Some((key["label"].as_str()?, key["state"].as_str()?))).collect();
    for label in all.live.keys().chain(all.approved.keys()) {
        let state = states.get(label.as_str());
        if state != Some(&"live") {
            harm.lost.push(format!("the key {label} is not live: {state:?}"));
        }
    }
    for label in all.revoked.keys() {
        match states.get(label.as_str()) {
            Some(&"revoked") => {}
            Some(state) => harm.revived.push(format!("the key {label} is {state}")),
            None => harm.lost.push(format!("the key {label} was revoked and is not there")),
        }
    }
    let known = |label: &str| {
        all.live.contains_key(label)
            || all.approved.contains_key(label)
            || all.revoked.contains_key(label)
            || all.unanswered.iter().any(|it| it == label)
    };
    let invented = states.keys().filter(|label| !known(label));
    harm.half.extend(invented.map(|label| format!("nobody asked for the key {label}")));
}

/// Every decision that was acknowledged stands, and no key that was collected counts as uncollected.
fn check_requests(requests: &Value, all: &Ledger, harm: &mut Harm) {
    let rows = requests.as_array().into_iter().flatten();
    let statuses: HashMap<&str, &str> =
        rows.filter_map(|request| Some((request["id"].as_str()?, request["status"].as_str()?))).collect();
    let mut stands = |id: &String, allowed: &[&str]| {
        let status = statuses.get(id.as_str());
        if !status.is_some_and(|status| allowed.contains(status)) {
            harm.lost.push(format!("the decision on {id}: {status:?}, not {allowed:?}"));
        }
    };
    all.approved.values().for_each(|id| stands(id, &["approved", "delivered"]));
    all.collected.iter().for_each(|id| stands(id, &["delivered"]));
    all.refused.iter().for_each(|id| stands(id, &["refused"]));
}
