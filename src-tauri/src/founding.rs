//! First start from the window.

use std::sync::Arc;

use async_trait::async_trait;
use desk::{CallError, Code, Desk, FirstAdmin, Founder};
use domain::Passphrase;

use crate::{parts::Assembly, shell::WindowShell};

/// Makes the vault in the app's home, and raises the desk over it.
pub(crate) struct Founding {
    assembly: Assembly,
    shell: Arc<WindowShell>,
}

impl Founding {
    pub(crate) fn new(assembly: Assembly, shell: Arc<WindowShell>) -> Self {
        Self { assembly, shell }
    }
}

#[async_trait]
impl Founder for Founding {
    async fn found(&self, passphrase: Passphrase, admin: FirstAdmin) -> Result<Arc<Desk>, CallError> {
        let lock = self.assembly.lock();
        let made = tokio::task::spawn_blocking(move || {
            assembly::make(&lock, &passphrase, admin.email, admin.password)
        });
        made.await.unwrap_or_else(|error| Err(CallError::new(Code::Failed, error.to_string())))?;
        self.assembly.raise_desk(&self.shell).await
    }
}
