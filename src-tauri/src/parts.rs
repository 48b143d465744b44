//! The parts of the running app, from the home's lock to an orderly end.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use assembly::{Running, home};
use desk::{CallError, Code, Desk, FrontDoor, control::Client};
use gate::Gate;
use tauri::AppHandle;
use tokio::sync::watch;
use vault::HomeLock;

use crate::{founding::Founding, shell::WindowShell};

/// The gate's port unless `FIELDGATE_PORT` says otherwise; 0 means any.
const PORT: u16 = 21_420;

/// What the window's calls go through, once the vault's file is open.
type Opened = Option<Result<Arc<FrontDoor>, CallError>>;

/// A door that may not be there yet.
#[derive(Clone)]
pub(crate) struct Door(watch::Receiver<Opened>);

impl Door {
    /// The door, as soon as there is one.
    ///
    /// # Errors
    /// Why the vault's file cannot be opened.
    pub(crate) async fn opened(&self) -> Result<Arc<FrontDoor>, CallError> {
        let mut door = self.0.clone();
        match door.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(opened)) => opened.clone(),
            Ok(None) | Err(_) => Err(CallError::new(Code::Failed, "Fieldgate is closing")),
        }
    }
}

/// Everything that has to be ended in order.
#[derive(Clone)]
pub(crate) struct Assembly(Arc<Inner>);

struct Inner {
    lock: HomeLock,
    door: watch::Sender<Opened>,
    running: Mutex<Option<Running>>,
}

impl Assembly {
    /// Nothing runs yet, but the home is ours.
    pub(crate) fn new(lock: HomeLock) -> Self {
        Self(Arc::new(Inner { lock, door: watch::Sender::new(None), running: Mutex::default() }))
    }

    pub(crate) fn home(&self) -> &Path {
        self.0.lock.home().path()
    }

    pub(crate) fn door(&self) -> Door {
        Door(self.0.door.subscribe())
    }

    /// Opens the vault's file behind the window, so that the window need not wait for it.
    pub(crate) fn start(&self, app: AppHandle) {
        let assembly = self.clone();
        tauri::async_runtime::spawn(async move {
            let shell = Arc::new(WindowShell::new(app));
            let opened = assembly.open(&shell).await;
            assembly.0.door.send_replace(Some(opened.map(Arc::new)));
        });
    }

    async fn open(&self, shell: &Arc<WindowShell>) -> Result<FrontDoor, CallError> {
        let desk = match home::check(self.home()) {
            Ok(()) => Some(self.raise_desk(shell).await?),
            Err(_) => None,
        };
        let founding = Founding::new(self.clone(), Arc::clone(shell));
        Ok(FrontDoor::new(founding, desk))
    }

    /// Builds the desk, and opens the gate for it. A port that is taken is shown to the user; the desk works without.
    pub(crate) async fn raise_desk(&self, shell: &Arc<WindowShell>) -> Result<Arc<Desk>, CallError> {
        let shell = Arc::<WindowShell>::clone(shell);
        let desk = assembly::desk(self.0.lock.clone(), shell).await?;
        let bound = match Gate::bind(port()?).map_err(assembly::not_bound) {
            Ok(bound) => {
                desk.gate_is_at(bound.port());
                Some(bound)
            }
            Err(taken) => {
                desk.gate_is_taken(taken.to_string());
                None
            }
        };
        let running = Running::start(self.0.lock.home(), &desk, bound)?;
        *self.0.running.lock().unwrap_or_else(PoisonError::into_inner) = Some(running);
        Ok(desk)
    }

    /// The lock of the home, for first start.
    pub(crate) fn lock(&self) -> HomeLock {
        self.0.lock.clone()
    }

    /// Everybody who waits is told; then the doors close; then the files go.
    pub(crate) async fn stop(&self) {
        let running = self.0.running.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(running) = running {
            running.stop().await;
        }
    }
}

/// The right to this home; or none, when a Fieldgate has it, whose window has then been raised.
///
/// # Errors
/// What is wrong with the home, or why the other one cannot be reached.
pub(crate) async fn lock_or_raise(folder: PathBuf) -> Result<Option<HomeLock>, CallError> {
    vault::Home::prepare(&folder).map_err(assembly::file_error)?;
    match home::take(&folder).await {
        Ok(lock) => Ok(Some(lock)),
        Err(error) if error.code == Code::AlreadyRunning => {
            let mut other = Client::connect(&home::control_socket(&folder)).await?;
            other.call(desk::calls::Raise {}).await?;
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn port() -> Result<u16, CallError> {
    match std::env::var("FIELDGATE_PORT") {
        Err(_) => Ok(PORT),
        Ok(text) => text.parse().map_err(|_| {
            CallError::invalid("port", "FIELDGATE_PORT is not a port: a number from 0 to 65535")
        }),
    }
}
