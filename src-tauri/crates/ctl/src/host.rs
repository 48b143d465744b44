//! Where a command's calls go: to the Fieldgate that runs in this home, or, where none runs, to a desk of our own.

use std::path::Path;
use std::sync::Arc;

use assembly::home;
use desk::calls::{Request, Revealed, Unlock};
use desk::control::Client;
use desk::ports::{Clipboard, Notice, Shell};
use desk::{CallError, Caller, Code, Desk};
use tokio::time::{sleep, timeout};
use vault::HomeLock;

/// What answers calls.
pub(crate) enum Host {
    /// The Fieldgate that runs, over its control socket.
    Running(Client),
    /// A desk in this process.
    Here(Here),
}

/// A desk in this process, for as long as one command takes. Its home is ours alone meanwhile.
pub(crate) struct Here {
    desk: Arc<Desk>,
    caller: Caller,
}

impl Host {
    /// Whoever answers for `home`, locked. Waits a little while another command has it.
    ///
    /// # Errors
    /// `not-initialised`, `version-mismatch`, what the vault says, `already-running` when the home stays taken.
    pub(crate) async fn open(home: &Path) -> Result<Self, CallError> {
        home::check(home)?;
        let socket = home::control_socket(home);
        let found = timeout(home::PATIENCE, async {
            loop {
                if let Some(lock) = home::try_lock(home)? {
                    return Self::here(lock).await;
                }
                match Client::connect(&socket).await {
                    Err(error) if error.code == Code::NotRunning => sleep(home::LOOK).await,
                    answer => return answer.map(Self::Running),
                }
            }
        });
        found.await.unwrap_or_else(|_| Err(home::held()))
    }

    /// The Fieldgate that runs in `home`, locked.
    ///
    /// # Errors
    /// `not-running`, `version-mismatch`.
    pub(crate) async fn running(home: &Path) -> Result<Self, CallError> {
        Client::connect(&home::control_socket(home)).await.map(Self::Running)
    }

    async fn here(lock: HomeLock) -> Result<Self, CallError> {
        let desk = assembly::desk(lock, Arc::new(Silent)).await?;
        let caller = desk.connect();
        Ok(Self::Here(Here { desk, caller }))
    }

    /// Shows the passphrase, for this connection alone.
    ///
    /// # Errors
    /// `wrong-passphrase`, `too-many`.
    pub(crate) async fn unlock(&mut self, passphrase: Revealed) -> Result<(), CallError> {
        self.call(Unlock { passphrase }).await.map(drop)
    }

    /// Makes a call.
    ///
    /// # Errors
    /// What the call says.
    pub(crate) async fn call<R: Request>(&mut self, request: R) -> Result<R::Response, CallError> {
        match self {
            Self::Running(client) => client.call(request).await,
            Self::Here(here) => {
                let answer = here.desk.call(&here.caller, request.into()).await?;
                serde_json::from_value(answer)
                    .map_err(|error| CallError::new(Code::Failed, error.to_string()))
            }
        }
    }
}

/// The shell of a command that ends at once: there is nobody to tell.
pub(crate) struct Silent;

impl Shell for Silent {
    fn has_window(&self) -> bool {
        false
    }

    fn raise(&self) {}

    fn open_in_browser(&self, _: &str) -> bool {
        false
    }

    fn clipboard(&self) -> Option<Arc<dyn Clipboard>> {
        None
    }

    fn notify(&self, _: Notice) {}

    fn changed(&self) {}
}
