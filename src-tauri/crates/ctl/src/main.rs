//! `fieldgatectl`: the command line of Fieldgate, and the gate without a window.

mod args;
mod commands;
mod expiry;
mod host;
mod output;
mod question;
mod secrets;
mod serve;

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use desk::{CallError, Code};

use crate::args::Args;
use crate::commands::Context;

fn main() -> ExitCode {
    let args = Args::parse();
    let json = args.json;
    match assembly::harden().and_then(|()| run(args)) {
        Ok(code) => code,
        Err(error) => {
            output::error(&error, json);
            ExitCode::FAILURE
        }
    }
}

fn run(args: Args) -> Result<ExitCode, CallError> {
    assembly::start_log();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| CallError::new(Code::Failed, format!("no threads: {error}")))?;
    let done = runtime.block_on(commands::run(Context::of(&args)?, args.command));
    runtime.shutdown_timeout(Duration::from_secs(2));
    done
}
