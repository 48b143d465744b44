//! `status`, `lock`, `stop`: of the Fieldgate that runs.

use std::io;

use assembly::home;
use desk::calls::{Lock, Status, StatusView};
use desk::control::{self, Client};
use desk::{CallError, Code};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use serde::Serialize;
use serde_json::json;

use super::Context;
use crate::output::count;

/// How long `stop` waits for the other to end.
const PATIENCE: Timespec = Timespec { tv_sec: 10, tv_nsec: 0 };

/// What `status` answers.
#[derive(Serialize)]
struct Standing {
    running: bool,
    home: String,
    initialised: bool,
    #[serde(flatten)]
    status: Option<StatusView>,
}

pub(super) async fn status(context: &Context) -> Result<(), CallError> {
    let status = match Client::connect(&home::control_socket(&context.home)).await {
        Ok(mut client) => Some(client.call(Status {}).await?),
        Err(error) if error.code == Code::NotRunning => None,
        Err(error) => return Err(error),
    };
    let standing = Standing {
        running: status.is_some(),
        home: context.home.display().to_string(),
        initialised: home::check(&context.home).is_ok(),
        status,
    };
    context.show(&standing, |standing| in_words(standing, &context.program()))
}

fn in_words(standing: &Standing, program: &str) -> String {
    let Some(status) = &standing.status else {
        let next = if standing.initialised { "serve" } else { "init --admin you@example.com" };
        return format!("Nothing runs in {}.\n  start: {program} {next}", standing.home);
    };
    let address = status.url.as_deref().unwrap_or("no gate");
    let locked = if status.locked { "locked: keys work, none is minted over the API" } else { "unlocked" };
    format!(
        "Fieldgate {} runs: {address} (pid {})\n{locked}\n{}",
        status.version,
        status.pid,
        count(u64::from(status.pending), "request waits", "requests wait"),
    )
}

pub(super) async fn lock(context: &Context) -> Result<(), CallError> {
    context.running().await?.call(Lock {}).await?;
    context.show(&json!({"locked": true}), |_| "Locked. Keys keep working; none is minted.".to_owned())
}

pub(super) async fn stop(context: &Context) -> Result<(), CallError> {
    let pid = control::peer_pid(&home::control_socket(&context.home)).await.map_err(not_running)?;
    let ended = tokio::task::spawn_blocking(move || end(pid)).await.unwrap_or_else(|error| Err(error.into()));
    match ended {
        Ok(true) => {}
        Ok(false) => return Err(not_stopped(pid, "was asked to end and still runs")),
        Err(error) => return Err(not_stopped(pid, &format!("cannot be ended: {error}"))),
    }
    context.show(&json!({"stopped": true, "pid": pid}), |_| format!("Stopped (pid {pid})."))
}

/// Asks a process to end and waits until it has: by then the system has unlocked the home. Answers `false` when it
/// takes too long. Holds on to the process itself, for its number may be another's by the time it is used.
fn end(pid: u32) -> io::Result<bool> {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw).ok_or(io::ErrorKind::InvalidInput)?;
    let process = match pidfd_open(pid, PidfdFlags::empty()) {
        Err(Errno::SRCH) => return Ok(true),
        opened => opened?,
    };
    match pidfd_send_signal(&process, Signal::TERM) {
        Err(Errno::SRCH) => return Ok(true),
        sent => sent?,
    }
    Ok(poll(&mut [PollFd::new(&process, PollFlags::IN)], Some(&PATIENCE))? > 0)
}

fn not_stopped(pid: u32, why: &str) -> CallError {
    CallError::new(Code::Failed, format!("process {pid} {why}"))
}

fn not_running(error: io::Error) -> CallError {
    if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) {
        return CallError::new(Code::NotRunning, "no Fieldgate runs in this home");
    }
    CallError::new(Code::Failed, format!("the control socket cannot be used: {error}"))
}

#[cfg(test)]
mod tests {
    use desk::calls::DeskState;

    use super::*;

    #[test]
    fn what_does_not_run_is_said_so_without_the_fields_of_what_does() {
        let standing = Standing { running: false, home: "/h".into(), initialised: true, status: None };
        let json = serde_json::to_value(&standing).unwrap();
        assert_eq!(json, json!({"running": false, "home": "/h", "initialised": true}));
        assert!(in_words(&standing, "fieldgatectl").contains("fieldgatectl serve"));
    }

    #[test]
    fn what_runs_is_one_flat_object() {
        let status = StatusView {
            version: "0.1.0".into(),
            url: Some("http://127.0.0.1:21420".into()),
            gate_problem: None,
            pid: 7,
            state: DeskState::Locked,
            locked: true,
            pending: 1,
            window: false,
        };
        let standing = Standing { running: true, home: "/h".into(), initialised: true, status: Some(status) };
        let json = serde_json::to_value(&standing).unwrap();
        assert_eq!(
            (&json["running"], &json["pid"], &json["locked"]),
            (&json!(true), &json!(7), &json!(true))
        );
        let words = in_words(&standing, "fieldgatectl");
        assert!(words.contains("locked") && words.contains("1 request waits"), "{words}");
    }
}
