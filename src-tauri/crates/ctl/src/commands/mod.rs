//! The commands, and what they share: the home, the passphrase and how to print.

mod applications;
mod init;
mod keys;
mod log;
mod people;
mod requests;
mod running;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;

use assembly::{home, place};
use clap::CommandFactory;
use desk::CallError;
use desk::calls::Request;
use serde::Serialize;

use crate::args::{Args, Command};
use crate::host::Host;
use crate::{output, question, secrets, serve};

/// What every command knows.
pub(crate) struct Context {
    /// The home, absolute; it may not be there.
    pub(crate) home: PathBuf,
    /// Whether a program reads what is printed.
    pub(crate) json: bool,
}

impl Context {
    /// From what was typed.
    ///
    /// # Errors
    /// As [`place::home`].
    pub(crate) fn of(args: &Args) -> Result<Self, CallError> {
        Ok(Self { home: place::home(args.home.as_deref())?, json: args.json })
    }

    /// What to type to reach this home from anywhere: this program, with `--home` where it needs it.
    pub(crate) fn program(&self) -> String {
        let program = place::this_program();
        if place::is_default(&self.home) {
            return program;
        }
        format!("{program} --home {}", place::quoted(&self.home))
    }

    /// Whether a question can be asked.
    fn may_ask(&self) -> bool {
        !self.json && question::possible()
    }

    /// The desk, wherever it is, opened with the passphrase.
    async fn host(&self) -> Result<Host, CallError> {
        home::check(&self.home)?;
        let passphrase = secrets::passphrase()?;
        let mut host = Host::open(&self.home).await?;
        host.unlock(passphrase).await?;
        Ok(host)
    }

    /// The desk of the Fieldgate that runs, opened with the passphrase.
    async fn running(&self) -> Result<Host, CallError> {
        // Nobody is asked for a passphrase that is of no use, and no locked connection waits for who types slowly.
        drop(Host::running(&self.home).await?);
        let passphrase = secrets::passphrase()?;
        let mut host = Host::running(&self.home).await?;
        host.unlock(passphrase).await?;
        Ok(host)
    }

    /// One call, wherever the desk is.
    async fn call<R: Request>(&self, request: R) -> Result<R::Response, CallError> {
        self.host().await?.call(request).await
    }

    fn show<T: Serialize>(&self, value: &T, words: impl FnOnce(&T) -> String) -> Result<(), CallError> {
        output::show(self.json, value, words)
    }
}

/// Does what was typed.
///
/// # Errors
/// What the command says; the caller prints it and exits with 1.
pub(crate) async fn run(context: Context, command: Command) -> Result<ExitCode, CallError> {
    match command {
        Command::Init(args) => init::run(&context, args).await?,
        Command::Serve(args) => serve::run(&context, args).await?,
        Command::Stop => running::stop(&context).await?,
        Command::Status => running::status(&context).await?,
        Command::Lock => running::lock(&context).await?,
        Command::Requests { watch: false } => requests::list(&context).await?,
        Command::Requests { watch: true } => watch::run(&context).await?,
        Command::Approve(args) => requests::approve(&context, args).await?,
        Command::Refuse { id, block } => requests::refuse(&context, id, block).await?,
        Command::Deliver { id, new_receiver } => requests::deliver(&context, id, new_receiver).await?,
        Command::Key(key) => keys::run(&context, key).await?,
        Command::User(user) => people::user(&context, user).await?,
        Command::Store(store) => people::store(&context, store).await?,
        Command::App(app) => people::app(&context, app).await?,
        Command::Log { export: Some(file), .. } => log::export(&context, &file).await?,
        Command::Log { verify: false, export: None } => log::list(&context).await?,
        Command::Log { verify: true, export: None } => return log::verify(&context).await,
        Command::Completions { shell } => completions(shell)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn completions(shell: clap_complete::Shell) -> Result<(), CallError> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "fieldgatectl", &mut script);
    output::line(&String::from_utf8_lossy(&script))
}
