//! The desk before there is one: first start.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{Email, Passphrase, Password};
use tokio::sync::OnceCell;

use crate::{
    CallError, Caller, Code, Desk,
    calls::{Call, DeskState, Done, Finish, Revealed, StatusView},
};

/// How short a passphrase may be, in characters.
pub const SHORTEST_PASSPHRASE: usize = 8;

/// Makes the vault and the desk that stands on it.
#[async_trait]
pub trait Founder: Send + Sync + 'static {
    /// Makes the vault with its first admin, and the desk. The gate is opened too.
    ///
    /// # Errors
    /// What cannot be made; nothing is left behind.
    async fn found(&self, passphrase: Passphrase, admin: FirstAdmin) -> Result<Arc<Desk>, CallError>;
}

/// The first admin, as first start asks.
#[derive(Debug, Clone)]
pub struct FirstAdmin {
    /// Address.
    pub email: Email,
    /// Absent: Basic authentication is off for this user.
    pub password: Option<Password>,
}

/// Takes calls from the window: before first start there is no desk, and afterwards it passes them on.
pub struct FrontDoor {
    founder: Box<dyn Founder>,
    desk: OnceCell<Arc<Desk>>,
}

impl FrontDoor {
    /// A door to `desk`, or to the one that `founder` will make.
    #[must_use]
    pub fn new(founder: impl Founder, desk: Option<Arc<Desk>>) -> Self {
        Self { founder: Box::new(founder), desk: OnceCell::new_with(desk) }
    }

    /// The desk, once there is one.
    #[must_use]
    pub fn desk(&self) -> Option<&Arc<Desk>> {
        self.desk.get()
    }

    /// Makes a call as the window.
    ///
    /// # Errors
    /// `not-initialised` before first start for everything but `status` and `finish`; else what the call says.
    pub async fn call(&self, call: Call) -> Result<serde_json::Value, CallError> {
        if let Some(desk) = self.desk.get() {
            return desk.call(&Caller::DESK, call).await;
        }
        if matches!(call, Call::Status(_)) {
            return crate::calls::answer(&fresh());
        }
        let name = call.name();
        let Call::Finish(args) = call else {
            return Err(CallError::new(Code::NotInitialised, format!("{name} has to wait for first start")));
        };
        self.finish(args).await?;
        crate::calls::answer(&Done {})
    }

    async fn finish(&self, args: Finish) -> Result<(), CallError> {
        let email =
            Email::parse(&args.email).map_err(|error| CallError::invalid("email", error.to_string()))?;
        if args.passphrase.expose().chars().count() < SHORTEST_PASSPHRASE {
            return Err(CallError::invalid("passphrase", "a passphrase has at least 8 characters"));
        }
        let password = args.password.as_ref().map(Revealed::chosen_password).transpose()?;
        let passphrase = Passphrase::new(args.passphrase.expose().to_owned());
        let found = || self.founder.found(passphrase.clone(), FirstAdmin { email, password });
        let desk = self.desk.get_or_try_init(found).await?;
        desk.open(&Caller::DESK, passphrase.clone()).await
    }
}

fn fresh() -> StatusView {
    StatusView {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        state: DeskState::Fresh,
        gate_problem: None,
        url: None,
        pid: std::process::id(),
        locked: true,
        pending: 0,
        window: true,
    }
}
