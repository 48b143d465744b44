//! A gate that is killed again and again under load, and what of all that was acknowledged is there afterwards.

mod check;
mod load;

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::control::Control;
use crate::dice::Dice;
use crate::{ADMIN, Asker, Gate, Home, Start};

const WORKERS: u32 = 4;
/// Among so many lives one is cut short while it begins.
const STILLBORN: u64 = 4;

/// What one worker, or all of them, know for sure.
#[derive(Debug, Default)]
pub struct Ledger {
    /// Acknowledged creates by label, and their tokens.
    pub live: HashMap<String, String>,
    /// Acknowledged revokes.
    pub revoked: HashMap<String, String>,
    /// Calls without an answer: of these either state is right.
    pub unanswered: Vec<String>,
    /// Acknowledged approvals, by label, and the requests they answered.
    pub approved: HashMap<String, String>,
    /// Requests whose key was collected.
    pub collected: Vec<String>,
    /// Acknowledged refusals, by request.
    pub refused: Vec<String>,
}

/// What must not have happened.
#[derive(Debug, Default)]
pub struct Harm {
    /// Acknowledged, and not there.
    pub lost: Vec<String>,
    /// Ended, and back.
    pub revived: Vec<String>,
    /// There in part, or never asked for.
    pub half: Vec<String>,
}

/// How it went.
#[derive(Debug)]
pub struct Crashes {
    /// How often it was killed under load.
    pub rounds: u32,
    /// How often it was killed while it started.
    pub stillborn: u32,
    /// All that is known for sure.
    pub ledger: Ledger,
    /// What is wrong with it.
    pub harm: Harm,
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

impl Harm {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.lost.is_empty() && self.revived.is_empty() && self.half.is_empty()
    }
}

impl fmt::Display for Crashes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (all, harm) = (&self.ledger, &self.harm);
        let (live, revoked) = (all.live.len() + all.revoked.len(), all.revoked.len());
        let (approved, refused) = (all.approved.len(), all.refused.len());
        writeln!(f, "killed under load {} times, while starting {} times", self.rounds, self.stillborn)?;
        writeln!(f, "acknowledged: {live} keys handed out, {revoked} of them revoked; {approved} approvals")?;
        writeln!(f, "and {refused} refusals; {} calls had no answer", all.unanswered.len())?;
        writeln!(
            f,
            "lost: {}; revived: {}; half records: {}",
            harm.lost.len(),
            harm.revived.len(),
            harm.half.len()
        )?;
        let wrong = harm.lost.iter().chain(&harm.revived).chain(&harm.half);
        wrong.take(20).try_for_each(|what| writeln!(f, "- {what}"))
    }
}

/// Kills a gate `rounds` times under load at moments nobody chose, and now and then while it starts, and looks after each time and
/// in the end at everything that was acknowledged.
///
/// # Errors
/// When a gate does not come up again, or answers what it never should.
pub async fn crashes(rounds: u32, mut dice: Dice) -> Result<Crashes> {
    let home = Home::new().await?;
    let admin = home.key(ADMIN, &["unrestricted"]).await?;
    let mut gate = home.serve().await?;
    let (mut ledger, mut harm, mut stillborn) = (Ledger::default(), Harm::default(), 0);
    for number in 0..rounds {
        let round = a_round(&home, &mut gate, &admin, number, &mut dice).await?;
        if dice.below(STILLBORN) == 0 {
            Gate::stillborn(&home, Duration::from_millis(dice.below(250))).await?;
            stillborn += 1;
        }
        gate = Gate::start(&home, Start::default()).await.with_context(|| format!("round {number}"))?;
        check::round(&Asker::of(&gate)?, &round, &mut harm).await?;
        ledger.take_in(round);
    }
    gate.kill().await?;
    check::all(&home, &ledger, &mut harm).await?;
    Ok(Crashes { rounds, stillborn, ledger, harm })
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
        workers.spawn(load::mint(asker.clone(), admin.to_owned(), format!("r{round}w{worker}"), own));
    }
    workers.spawn(load::decide(asker, control, format!("r{round}d"), Dice::seeded(dice.next())));
    sleep(Duration::from_millis(20 + dice.below(150))).await;
    gate.kill().await?;
    let mut round = Ledger::default();
    while let Some(ledger) = workers.join_next().await {
        round.take_in(ledger??);
    }
    Ok(round)
}
