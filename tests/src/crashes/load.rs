//! What is going on when the gate dies.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::Ledger;
use crate::control::Control;
use crate::dice::Dice;
use crate::{Asked, Asker};

const VIEW: &str = "permissions=btcpay.store.canviewinvoices";

/// Makes keys and revokes some until the gate is gone.
pub(super) async fn mint(asker: Asker, admin: String, name: String, mut dice: Dice) -> Result<Ledger> {
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
pub(super) async fn decide(
    asker: Asker,
    mut control: Control,
    name: String,
    mut dice: Dice,
) -> Result<Ledger> {
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
