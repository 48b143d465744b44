//! `serve`: the gate without a window.

mod announce;
mod signals;
mod terminal;

use std::sync::Arc;

use assembly::{Running, home};
use desk::{CallError, Caller};
use domain::Passphrase;
use gate::{Bound, Gate};
use vault::GateJson;

use crate::commands::Context;
use crate::{args, secrets};
use signals::Signals;
use terminal::Terminal;

/// Runs until a signal ends it.
///
/// # Errors
/// `not-initialised`, `already-running`, `port-taken`, `wrong-passphrase`, what the vault says.
pub(crate) async fn run(context: &Context, args: args::Serve) -> Result<(), CallError> {
    home::check(&context.home)?;
    // Nobody is asked for a passphrase that is of no use, and nobody waits for home and port while a human thinks.
    drop((home::take(&context.home).await?, bind(args.port)?));
    let passphrase = secrets::optional_passphrase()?;
    let lock = home::take(&context.home).await?;
    let bound = bind(args.port)?;
    let open = GateJson { url: format!("http://127.0.0.1:{}", bound.port()), pid: std::process::id() };
    // Not before the question: Ctrl+C shall end that too.
    let mut signals = Signals::listen()?;

    let terminal = Arc::new(Terminal::new(context.json, &context.program()));
    let desk = assembly::desk(lock.clone(), terminal).await?;
    desk.gate_is_at(bound.port());
    if let Some(passphrase) = passphrase {
        desk.open(&Caller::DESK, Passphrase::new(passphrase.expose().to_owned())).await?;
    }
    if bound.v6_missing() {
        announce::say_v6_is_missing();
    }
    let mut running = Running::start(lock.home(), &desk, Some(bound))?;
    let said = announce::say(context, &open, desk.is_locked());
    let ended = match said {
        Ok(()) => until_signal(&mut running, &mut signals).await,
        Err(error) => Err(error),
    };
    running.stop().await;
    ended
}

fn bind(port: u16) -> Result<Bound, CallError> {
    Gate::bind(port).map_err(assembly::not_bound)
}

/// Resolves with a signal, or with an error when the gate ends by itself.
async fn until_signal(running: &mut Running, signals: &mut Signals) -> Result<(), CallError> {
    tokio::select! {
        () = signals.wait() => Ok(()),
        why = running.gate_ended() => Err(why),
    }
}
