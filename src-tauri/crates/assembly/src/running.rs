//! What runs while Fieldgate runs.

use std::sync::Arc;
use std::time::Duration;
use std::{fs, io};

use desk::{CallError, Code, Desk, control};
use gate::{BindError, Bound};
use tokio::sync::watch;
use tokio::task::{JoinError, JoinHandle};
use tokio::time::timeout;
use vault::{GateJson, Home};

use crate::file_error;

/// How long the desk may take to tell everybody who waits that it closes.
const GRACE: Duration = Duration::from_secs(2);

/// Why the gate could not be bound: `port-taken` names the holder.
#[must_use]
pub fn not_bound(error: BindError) -> CallError {
    match &error {
        BindError::Taken { .. } => CallError::new(Code::PortTaken, error.to_string()),
        BindError::Io { source, .. } => CallError::new(Code::Failed, format!("{error}: {source}")),
    }
}

/// Everything that was started, to be ended in order.
pub struct Running {
    home: Home,
    desk: Arc<Desk>,
    clock: JoinHandle<()>,
    gate: Option<JoinHandle<io::Result<()>>>,
    control: JoinHandle<()>,
    close_desk: watch::Sender<bool>,
    close_doors: watch::Sender<bool>,
}

impl Running {
    /// Starts the desk's clock, the control socket and, unless its port is taken, the gate.
    ///
    /// # Errors
    /// What the system says of the socket or of `gate.json`.
    pub fn start(home: &Home, desk: &Arc<Desk>, bound: Option<Bound>) -> Result<Self, CallError> {
        let control = control::bind(&home.control_socket());
        let control = control.map_err(|error| CallError::new(Code::Failed, error.to_string()))?;
        if let Some(bound) = &bound {
            let url = format!("http://127.0.0.1:{}", bound.port());
            home.write_gate_json(&GateJson { url, pid: std::process::id() }).map_err(file_error)?;
        }
        let (close_desk, closing_desk) = watch::channel(false);
        let (close_doors, closing_gate) = watch::channel(false);
        let closing_control = until_true(close_doors.subscribe());
        Ok(Self {
            home: home.clone(),
            desk: Arc::clone(desk),
            clock: tokio::spawn(Arc::clone(desk).run(closing_desk)),
            gate: bound.map(|bound| tokio::spawn(bound.serve(Arc::clone(desk), closing_gate))),
            control: tokio::spawn(control::serve(control, Arc::clone(desk), closing_control)),
            close_desk,
            close_doors,
        })
    }

    /// Resolves when the gate ends by itself, with the reason; never when there is none.
    pub async fn gate_ended(&mut self) -> CallError {
        let Some(gate) = &mut self.gate else { return std::future::pending().await };
        let why = match gate.await {
            Ok(Ok(())) => "nobody said why".to_owned(),
            Ok(Err(error)) => error.to_string(),
            Err(error) => error.to_string(),
        };
        CallError::new(Code::Failed, format!("the gate ended: {why}"))
    }

    /// Everybody who waits is told `closed`; then the doors close, for which they have two seconds; then what was counted
    /// until they were closed is written down, and the files go.
    pub async fn stop(self) {
        self.close_desk.send_replace(true);
        match timeout(GRACE, self.clock).await {
            Ok(ended) => report("desk", ended),
            Err(_) => tracing::warn!("the desk had not written everything down in time"),
        }
        self.close_doors.send_replace(true);
        if let Some(gate) = self.gate.filter(|gate| !gate.is_finished()) {
            report("gate", gate.await.map(drop));
        }
        report("control socket", self.control.await);
        if timeout(GRACE, self.desk.write_counts()).await.is_err() {
            tracing::warn!("the last calls of keys could not be written down in time");
        }
        if let Err(error) = fs::remove_file(self.home.control_socket()) {
            tracing::warn!(%error, "the control socket's file stays");
        }
        if let Err(error) = self.home.remove_gate_json() {
            tracing::warn!(%error, "gate.json stays");
        }
    }
}

async fn until_true(mut closing: watch::Receiver<bool>) {
    // A sender that is gone means the same.
    let _ = closing.wait_for(|closing| *closing).await;
}

fn report(what: &str, ended: Result<(), JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "the {what} broke off");
    }
}
