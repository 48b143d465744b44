//! The desk: state shared by all use cases, and how they reach the store.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use domain::{Actor, Inbox, Moment, OwnAddress, Remembered, Settings, Throttle};
use tokio::sync::{Semaphore, watch};

use crate::{
    CallError, Caller, Code,
    api::{Pace, recalled},
    caller::Openings,
    copying::Copied,
    index::KeyIndex,
    key_table::KeyTable,
    people::People,
    ports::{Clock, Courier, Damage, Keyring, KeyringError, Processes, Shell},
    receiving::Looks,
    recipients::Recipients,
    register::Register,
    succession::Succession,
    trial::Trial,
    uncollected::Uncollected,
    unlocking::Attempts,
    uses::Uses,
};

/// The use cases. One per process; hosts and the gate share it.
pub struct Desk {
    pub(crate) keyring: Arc<dyn Keyring>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) shell: Arc<dyn Shell>,
    pub(crate) courier: Arc<dyn Courier>,
    pub(crate) processes: Arc<dyn Processes>,
    pub(crate) looks: Looks,
    pub(crate) openings: Openings,
    pub(crate) attempts: Attempts,
    pub(crate) trial: Mutex<Option<Trial>>,
    pub(crate) copied: Copied,
    /// Whose turn it is to write: see [`Desk::writer`].
    pub(crate) turn: tokio::sync::Mutex<()>,
    /// Argon2 takes 64 MiB and a core: one unlock and one login at a time.
    pub(crate) unlock_permit: Semaphore,
    pub(crate) login_permit: Semaphore,
    /// How fast users are made over the API.
    pub(crate) newcomers: Pace,
    pub(crate) uncollected: Uncollected,
    /// Held for as long as a question to it takes, on blocking threads alone; whoever has it may take the locks below.
    key_table: Mutex<KeyTable>,
    // Nobody holds two of the locks from here on at once: each is taken, read or changed, and given back.
    inbox: Mutex<Inbox>,
    index: RwLock<KeyIndex>,
    succession: RwLock<Succession>,
    /// Apart from the keys, so that presenting one keeps nobody from looking up another.
    uses: Mutex<Uses>,
    throttle: Mutex<Throttle>,
    people: RwLock<Arc<People>>,
    register: RwLock<Register>,
    recipients: Mutex<Recipients>,
    /// Approvals that are repeated without asking, as long as the desk is open.
    pub(crate) remembered: Mutex<Vec<Remembered>>,
    /// Rows that did not verify at the last unlock.
    damage: Mutex<Vec<Damage>>,
    set_up: Mutex<Settings>,
    /// When the human was last here.
    active: Mutex<Moment>,
    /// When the window last showed the passphrase for a decision.
    presence: Mutex<Option<Moment>>,
    revision: watch::Sender<u64>,
    gate: OnceLock<u16>,
    /// Where a file for the user is put unless another folder is named.
    pub(crate) exports: OnceLock<PathBuf>,
    gate_problem: Mutex<Option<String>>,
}

impl Desk {
    /// Reads what the store holds and stands ready, locked. Blocks.
    ///
    /// # Errors
    /// What the store cannot read.
    pub fn new(
        keyring: Arc<dyn Keyring>,
        clock: Arc<dyn Clock>,
        shell: Arc<dyn Shell>,
        courier: Arc<dyn Courier>,
        processes: Arc<dyn Processes>,
    ) -> Result<Arc<Self>, KeyringError> {
        let succession = Succession::load(keyring.replacements()?, keyring.first_uses()?);
        let index = KeyIndex::load(keyring.keys()?);
        let people = People::load(&*keyring)?;
        let set_up = keyring.settings()?;
        let register = Register::load(keyring.applications()?);
        let recipients = Recipients::load(keyring.received()?, &[]);
        let throttle = recalled(keyring.failed_logins()?, clock.now(), clock.moment());
        let desk = Arc::new(Self {
            keyring,
            clock,
            shell,
            courier,
            processes,
            looks: Looks::default(),
            openings: Openings::default(),
            attempts: Attempts::default(),
            trial: Mutex::default(),
            copied: Copied::default(),
            turn: tokio::sync::Mutex::new(()),
            unlock_permit: Semaphore::new(1),
            login_permit: Semaphore::new(1),
            newcomers: Pace::default(),
            uncollected: Uncollected::default(),
            key_table: Mutex::default(),
            inbox: Mutex::new(Inbox::default()),
            index: RwLock::new(index),
            succession: RwLock::new(succession),
            uses: Mutex::default(),
            throttle: Mutex::new(throttle),
            people: RwLock::new(Arc::new(people)),
            register: RwLock::new(register),
            recipients: Mutex::new(recipients),
            remembered: Mutex::default(),
            damage: Mutex::default(),
            set_up: Mutex::new(set_up),
            active: Mutex::default(),
            presence: Mutex::default(),
            revision: watch::Sender::new(0),
            gate: OnceLock::new(),
            exports: OnceLock::new(),
            gate_problem: Mutex::default(),
        });
        desk.refuse_replaced();
        Ok(desk)
    }

    /// Says which port the gate has; known once it is bound.
    pub fn gate_is_at(&self, port: u16) {
        // A second gate in one process does not exist; the first answer stays.
        let _ = self.gate.set(port);
    }

    /// Says why the gate is not open: who holds its port.
    pub fn gate_is_taken(&self, problem: String) {
        *self.gate_problem.lock().unwrap_or_else(PoisonError::into_inner) = Some(problem);
        self.announce();
    }

    pub(crate) fn gate_problem(&self) -> Option<String> {
        self.gate_problem.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The gate's own address, which is refused as a redirect.
    #[must_use]
    pub fn own_address(&self) -> OwnAddress {
        OwnAddress { port: self.gate_port().unwrap_or_default() }
    }

    pub(crate) fn gate_port(&self) -> Option<u16> {
        self.gate.get().copied()
    }

    /// Counts changes; whoever shows something waits here and pulls anew.
    #[must_use]
    pub fn revisions(&self) -> watch::Receiver<u64> {
        self.revision.subscribe()
    }

    /// What the log says of `caller`.
    pub(crate) fn actor(&self, caller: &Caller) -> Actor {
        caller.actor(self.shell.has_window())
    }

    /// Tells everybody who waits that something changed.
    pub(crate) fn announce(&self) {
        self.revision.send_modify(|revision| *revision += 1);
        self.shell.changed();
    }

    /// Reads the store off the async threads. Writing waits for its turn: [`Desk::writer`].
    pub(crate) async fn read<T, F>(&self, work: F) -> Result<T, CallError>
    where
        T: Send + 'static,
        F: FnOnce(&dyn Keyring) -> Result<T, KeyringError> + Send + 'static,
    {
        let keyring = Arc::clone(&self.keyring);
        off_thread(move || work(&*keyring)).await
    }

    /// How Fieldgate is set up.
    #[must_use]
    pub fn set_up(&self) -> Settings {
        *self.set_up.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn keep_set_up(&self, settings: Settings) {
        *self.set_up.lock().unwrap_or_else(PoisonError::into_inner) = settings;
    }

    pub(crate) fn active_since(&self) -> MutexGuard<'_, Moment> {
        self.active.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn presence(&self) -> MutexGuard<'_, Option<Moment>> {
        self.presence.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn inbox(&self) -> MutexGuard<'_, Inbox> {
        self.inbox.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn index(&self) -> RwLockReadGuard<'_, KeyIndex> {
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn index_mut(&self) -> RwLockWriteGuard<'_, KeyIndex> {
        self.index.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn key_table(&self) -> MutexGuard<'_, KeyTable> {
        self.key_table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn succession(&self) -> RwLockReadGuard<'_, Succession> {
        self.succession.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn succession_mut(&self) -> RwLockWriteGuard<'_, Succession> {
        self.succession.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn uses(&self) -> MutexGuard<'_, Uses> {
        self.uses.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn throttle(&self) -> MutexGuard<'_, Throttle> {
        self.throttle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn people(&self) -> Arc<People> {
        Arc::clone(&self.people.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads users and stores anew, without what does not verify.
    pub(crate) async fn reload_people(&self) -> Result<(), CallError> {
        let people = self.read(People::load).await?.without(&self.damage());
        *self.people.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(people);
        Ok(())
    }

    pub(crate) fn damage(&self) -> MutexGuard<'_, Vec<Damage>> {
        self.damage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn recipients(&self) -> MutexGuard<'_, Recipients> {
        self.recipients.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn register(&self) -> RwLockReadGuard<'_, Register> {
        self.register.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn register_mut(&self) -> RwLockWriteGuard<'_, Register> {
        self.register.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs blocking work off the async threads and translates its error.
pub(crate) async fn off_thread<T, E>(
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, CallError>
where
    T: Send + 'static,
    E: Into<CallError> + Send + 'static,
{
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(Into::into),
        Err(broken) => Err(CallError::new(Code::Failed, format!("the work broke off: {broken}"))),
    }
}
