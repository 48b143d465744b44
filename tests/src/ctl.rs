//! One run of the command line.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use tokio::process::Command;
use tokio::time::timeout;

use crate::{Home, PATIENCE, binary};

/// What of our own environment must not reach the program.
pub(crate) const FOREIGN: [&str; 12] = [
    "FIELDGATE_HOME",
    "FIELDGATE_PORT",
    "FIELDGATE_LOG",
    "FIELDGATE_PASSPHRASE_FILE",
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "NO_PROXY",
    "no_proxy",
];

/// A command with its surroundings.
#[derive(Debug)]
pub struct Ctl {
    program: PathBuf,
    home: PathBuf,
    /// The file that opens the vault; none: the passphrase is not shown.
    pub passphrase_file: Option<PathBuf>,
    /// What a shell runs before the program takes its place.
    pub prelude: Option<&'static str>,
}

/// What a command printed and how it ended.
#[derive(Debug, Clone)]
pub struct Output {
    /// The exit code; absent after a signal.
    pub exit: Option<i32>,
    /// What it printed.
    pub stdout: String,
    /// What it complained of.
    pub stderr: String,
}

impl Ctl {
    /// In this home, with its passphrase.
    ///
    /// # Errors
    /// When the program is not built.
    pub fn at(home: &Home) -> Result<Self> {
        Ok(Self {
            program: binary::fieldgatectl()?,
            home: home.path().to_owned(),
            passphrase_file: Some(home.passphrase_file().to_owned()),
            prelude: None,
        })
    }

    /// Runs it to its end.
    ///
    /// # Errors
    /// When it cannot be started or does not end.
    pub async fn run(&self, args: &[&str]) -> Result<Output> {
        let mut command = command(&self.program, &self.home, self.prelude, args);
        if let Some(file) = &self.passphrase_file {
            command.env("FIELDGATE_PASSPHRASE_FILE", file);
        }
        command.stdin(Stdio::null()).kill_on_drop(true);
        let ended = timeout(PATIENCE, command.output()).await;
        let output = ended.with_context(|| format!("fieldgatectl {} does not end", args.join(" ")))??;
        Ok(Output {
            exit: output.status.code(),
            stdout: String::from_utf8(output.stdout)?,
            stderr: String::from_utf8(output.stderr)?,
        })
    }
}

/// The program with `--json` in `home`, nothing foreign in its environment.
pub(crate) fn command(program: &Path, home: &Path, prelude: Option<&str>, args: &[&str]) -> Command {
    let mut command = match prelude {
        None => Command::new(program),
        Some(prelude) => {
            let mut shell = Command::new("sh");
            shell.arg("-c").arg(format!("{prelude} && exec \"$@\"")).arg("sh").arg(program);
            shell
        }
    };
    for name in FOREIGN {
        command.env_remove(name);
    }
    command.arg("--home").arg(home).arg("--json").args(args);
    command
}

impl Output {
    /// The one document of a command that succeeded.
    ///
    /// # Errors
    /// When it failed or printed something else.
    pub fn json(&self) -> Result<Value> {
        ensure!(self.exit == Some(0), "exit {:?}: {}{}", self.exit, self.stdout, self.stderr);
        serde_json::from_str(&self.stdout).with_context(|| format!("no JSON: {}", self.stdout))
    }

    /// The error of a command that was refused.
    ///
    /// # Errors
    /// When it succeeded, or did not say why in JSON.
    pub fn error(&self) -> Result<Value> {
        ensure!(self.exit == Some(1), "exit {:?}: {}{}", self.exit, self.stdout, self.stderr);
        let Some(last) = self.stderr.lines().last() else { bail!("it says nothing") };
        let error: Value = serde_json::from_str(last).with_context(|| format!("no JSON: {}", self.stderr))?;
        ensure!(error["code"].is_string() && error["message"].is_string(), "no code and message: {error}");
        Ok(error)
    }

    /// The code of that error.
    ///
    /// # Errors
    /// As [`Output::error`].
    pub fn code(&self) -> Result<String> {
        Ok(self.error()?["code"].as_str().unwrap_or_default().to_owned())
    }
}
