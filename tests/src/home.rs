//! A home with a vault, an admin, a merchant and the merchant's store.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;
use tempfile::TempDir;

use crate::ctl::{Ctl, Output};
use crate::gate::{Gate, Start};

/// The first admin.
pub const ADMIN: &str = "admin@shop.example";
/// A user without server rights, who owns one store.
pub const MERCHANT: &str = "merchant@shop.example";

/// A fresh home in a folder of its own; gone when dropped.
#[derive(Debug)]
pub struct Home {
    folder: TempDir,
    path: PathBuf,
    passphrase_file: PathBuf,
    /// The passphrase of the vault.
    pub passphrase: String,
    /// The admin's password.
    pub admin_password: String,
    /// The id of the merchant's store.
    pub store: String,
}

impl Home {
    /// Makes one with the program's own commands.
    ///
    /// # Errors
    /// When a command fails.
    pub async fn new() -> Result<Self> {
        Self::made_under(None).await
    }

    /// The same in memory, where there is a file system for that: nothing waits for a disk. For much that is to be
    /// written and need not last.
    ///
    /// # Errors
    /// When a command fails.
    pub async fn in_memory() -> Result<Self> {
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        Self::on(&folder).await
    }

    /// The same in this folder.
    ///
    /// # Errors
    /// When a command fails.
    pub async fn on(folder: &Path) -> Result<Self> {
        Self::unmade_in(folder)?.made(None).await
    }

    /// The same, made by a shell that ran `prelude` before (`umask 000`).
    ///
    /// # Errors
    /// When a command fails.
    pub async fn made_under(prelude: Option<&'static str>) -> Result<Self> {
        Self::unmade()?.made(prelude).await
    }

    async fn made(mut self, prelude: Option<&'static str>) -> Result<Self> {
        let password_file = secret_file(self.beside(), "password", &self.admin_password)?;
        let password_file = password_file.to_string_lossy().into_owned();
        let mut init = Ctl::at(&self)?;
        init.prelude = prelude;
        init.run(&["init", "--admin", ADMIN, "--password-file", &password_file]).await?.json()?;
        self.ctl(&["user", "create", MERCHANT]).await?.json()?;
        self.store = self.add_store("Bakery", MERCHANT).await?;
        Ok(self)
    }

    /// The place for one, and the secrets it is to have: nothing is made yet.
    ///
    /// # Errors
    /// What the system says.
    pub fn unmade() -> Result<Self> {
        Self::unmade_in(&std::env::temp_dir())
    }

    fn unmade_in(folder: &Path) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("fieldgate-journey-").tempdir_in(folder)?;
        let (passphrase, admin_password) = (canary("passphrase")?, canary("password")?);
        let passphrase_file = secret_file(folder.path(), "passphrase", &passphrase)?;
        let path = folder.path().join("home");
        Ok(Self { folder, path, passphrase_file, passphrase, admin_password, store: String::new() })
    }

    /// Adds a store and answers its id.
    ///
    /// # Errors
    /// When the command fails.
    pub async fn add_store(&self, name: &str, owner: &str) -> Result<String> {
        let store = self.ctl(&["store", "create", name, "--owner", owner]).await?.json()?;
        Ok(store["id"].as_str().context("a store has an id")?.to_owned())
    }

    /// The home itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A folder beside the home, for files of the test.
    #[must_use]
    pub fn beside(&self) -> &Path {
        self.folder.path()
    }

    /// The file the passphrase is in.
    #[must_use]
    pub fn passphrase_file(&self) -> &Path {
        &self.passphrase_file
    }

    /// Runs `fieldgatectl --json` in this home, with the passphrase.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub async fn ctl(&self, args: &[&str]) -> Result<Output> {
        Ctl::at(self)?.run(args).await
    }

    /// The same for a command that must succeed; its JSON.
    ///
    /// # Errors
    /// When it fails or prints something else.
    pub async fn ok(&self, args: &[&str]) -> Result<Value> {
        self.ctl(args).await?.json().with_context(|| format!("fieldgatectl {}", args.join(" ")))
    }

    /// The same for a command that must be refused; the code of its error.
    ///
    /// # Errors
    /// When it succeeds or says nothing in JSON.
    pub async fn refused(&self, args: &[&str]) -> Result<String> {
        self.ctl(args).await?.code().with_context(|| format!("fieldgatectl {}", args.join(" ")))
    }

    /// Makes a key by hand; its token.
    ///
    /// # Errors
    /// When the command fails.
    pub async fn key(&self, user: &str, permissions: &[&str]) -> Result<String> {
        let mut args = vec!["key", "create", "--user", user];
        args.extend(permissions.iter().flat_map(|permission| ["--permission", *permission]));
        let key = self.ok(&args).await?;
        Ok(key["apiKey"].as_str().context("a key made by hand is shown")?.to_owned())
    }

    /// The request `id` as `requests` shows it.
    ///
    /// # Errors
    /// When it is not listed.
    pub async fn request(&self, id: &str) -> Result<Value> {
        let requests = self.ok(&["requests"]).await?;
        let mut found = requests.as_array().into_iter().flatten().filter(|request| request["id"] == id);
        Ok(found.next().with_context(|| format!("request {id} is listed"))?.clone())
    }

    /// The key `id` as `key list` shows it.
    ///
    /// # Errors
    /// When it is not listed.
    pub async fn listed_key(&self, id: &str) -> Result<Value> {
        let keys = self.ok(&["key", "list"]).await?;
        let mut found = keys.as_array().into_iter().flatten().filter(|key| key["id"] == id);
        Ok(found.next().with_context(|| format!("key {id} is listed"))?.clone())
    }

    /// Starts the gate on a free port, unlocked.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn serve(&self) -> Result<Gate> {
        Gate::start(self, Start::default()).await
    }
}

/// A text nobody else writes by chance.
fn canary(what: &str) -> Result<String> {
    Ok(format!("canary {what} {:016x}", crate::dice::Dice::thrown().next()))
}

fn secret_file(folder: &Path, name: &str, secret: &str) -> Result<PathBuf> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let path = folder.join(name);
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
    writeln!(file, "{secret}")?;
    Ok(path)
}
