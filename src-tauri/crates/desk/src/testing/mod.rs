//! A desk over an in-memory store, for tests of the desk and of what stands on it. Only with the feature `testing`.

mod keyring;
mod open;
mod processes;
mod rows;
mod world;

use std::sync::Arc;

use domain::{Email, Issuer, Passphrase, Password, Timestamp, User, UserId};

pub use keyring::MemoryKeyring;
pub use processes::RecordedProcesses;
pub use world::{FixedClock, RecordedCourier, RecordedShell};

use crate::{
    CallError, Caller, Code, Desk,
    calls::Request,
    ports::{KeyringError, NewUser},
};

/// What opens every [`MemoryKeyring`].
pub const PASSPHRASE: &str = "correct horse";
/// The address of the first admin.
pub const ADMIN: &str = "admin@shop.example";
/// The first admin's password. It has colons, which Basic authentication must not stumble over.
pub const ADMIN_PASSWORD: &str = "colons: are: fine";

/// A desk with every part of its world within reach.
pub struct TestDesk {
    /// The desk.
    pub desk: Arc<Desk>,
    /// Its store.
    pub keyring: Arc<MemoryKeyring>,
    /// Its clocks.
    pub clock: Arc<FixedClock>,
    /// Its window, or what stands in its place.
    pub shell: Arc<RecordedShell>,
    /// Its courier.
    pub courier: Arc<RecordedCourier>,
    /// The programs of its computer.
    pub processes: Arc<RecordedProcesses>,
}

impl TestDesk {
    /// A locked desk without a window, with the first admin.
    ///
    /// # Errors
    /// None in practice.
    pub fn locked() -> Result<Self, KeyringError> {
        let keyring = Arc::new(MemoryKeyring::default());
        keyring.add_user(first_admin()?);
        Self::over(keyring)
    }

    /// The same, unlocked for the desk's own caller: keys can be minted over the API.
    ///
    /// # Errors
    /// What unlocking says.
    pub async fn unlocked() -> Result<Self, CallError> {
        let built = Self::locked()?;
        built.unlock().await?;
        Ok(built)
    }

    /// A locked desk over a store that is there already, as after a restart.
    ///
    /// # Errors
    /// None in practice.
    pub fn over(keyring: Arc<MemoryKeyring>) -> Result<Self, KeyringError> {
        let clock = Arc::new(FixedClock::default());
        let shell = Arc::new(RecordedShell::default());
        let courier = Arc::new(RecordedCourier::default());
        let processes = Arc::new(RecordedProcesses::default());
        let desk = Desk::new(
            Arc::<MemoryKeyring>::clone(&keyring),
            Arc::<FixedClock>::clone(&clock),
            Arc::<RecordedShell>::clone(&shell),
            Arc::<RecordedCourier>::clone(&courier),
            Arc::<RecordedProcesses>::clone(&processes),
        )?;
        Ok(Self { desk, keyring, clock, shell, courier, processes })
    }

    /// Shows the passphrase as the desk's own caller.
    ///
    /// # Errors
    /// What unlocking says.
    pub async fn unlock(&self) -> Result<(), CallError> {
        self.desk.open(&Caller::DESK, Passphrase::new(PASSPHRASE.to_owned())).await
    }

    /// Makes a call as the desk's own caller.
    ///
    /// # Errors
    /// What the call says.
    pub async fn call<R: Request>(&self, request: R) -> Result<R::Response, CallError> {
        let answer = self.desk.call(&Caller::DESK, request.into()).await?;
        serde_json::from_value(answer).map_err(|error| CallError::new(Code::Failed, error.to_string()))
    }
}

fn first_admin() -> Result<NewUser, KeyringError> {
    let broken = |error: String| KeyringError::Failed(error.into());
    let id: UserId = "00000000-0000-4000-8000-000000000001"
        .parse()
        .map_err(|error: domain::BadId| broken(error.to_string()))?;
    let user = User {
        id,
        email: Email::parse(ADMIN).map_err(|error| broken(error.to_string()))?,
        name: None,
        image_url: None,
        is_admin: true,
        disabled: false,
        has_password: true,
        issuer: Issuer::Local,
        created: Timestamp(1_700_000_000),
    };
    Ok(NewUser { user, password: Some(Password::new(ADMIN_PASSWORD.to_owned())) })
}
