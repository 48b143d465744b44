//! Showing the passphrase, and taking it back.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::{Action, Moment, Passphrase, Settings};

use crate::{
    CallError, Caller, Code, Desk,
    calls::{Done, Lock, Unlock},
    desk::off_thread,
    ports::{Damage, Keyring},
    recipients::Recipients,
    register::Register,
};

/// A wrong passphrase makes the next try wait twice as long, from this on.
const FIRST_DELAY: Duration = Duration::from_millis(500);
/// The longest such wait.
const LONGEST_DELAY: Duration = Duration::from_secs(30);

/// Failed unlocks, counted apart for the window and for the control socket, so that neither can lock the other out.
#[derive(Debug, Default)]
pub(crate) struct Attempts {
    window: Mutex<Failures>,
    socket: Mutex<Failures>,
}

#[derive(Debug, Default)]
struct Failures {
    count: u32,
    until: Moment,
}

impl Attempts {
    fn of(&self, caller: &Caller) -> &Mutex<Failures> {
        if caller.is_desk() { &self.window } else { &self.socket }
    }

    pub(crate) fn may_try(&self, caller: &Caller, now: Moment) -> Result<(), CallError> {
        let wait = self.of(caller).lock().unwrap_or_else(PoisonError::into_inner).until.since(now);
        if wait.is_zero() {
            return Ok(());
        }
        let seconds = wait.as_secs() + 1;
        Err(CallError::new(Code::TooMany, format!("too many wrong passphrases: try again in {seconds} s")))
    }

    pub(crate) fn failed(&self, caller: &Caller, now: Moment) {
        let mut failures = self.of(caller).lock().unwrap_or_else(PoisonError::into_inner);
        let delay = FIRST_DELAY.saturating_mul(2_u32.saturating_pow(failures.count)).min(LONGEST_DELAY);
        failures.count = failures.count.saturating_add(1);
        failures.until = now.plus(delay);
    }

    pub(crate) fn succeeded(&self, caller: &Caller) {
        *self.of(caller).lock().unwrap_or_else(PoisonError::into_inner) = Failures::default();
    }
}

impl Desk {
    /// Opens the vault for this caller alone.
    pub(crate) async fn unlock(self: &Arc<Self>, caller: &Caller, args: Unlock) -> Result<Done, CallError> {
        self.open(caller, Passphrase::new(args.passphrase.expose().to_owned())).await?;
        Ok(Done {})
    }

    /// Opens the vault for `caller` and checks the rows that decide something.
    ///
    /// # Errors
    /// `wrong-passphrase`, `too-many` after wrong ones, `vault-damaged`.
    pub async fn open(self: &Arc<Self>, caller: &Caller, passphrase: Passphrase) -> Result<(), CallError> {
        let _permit = self.unlock_permit.acquire().await;
        self.attempts.may_try(caller, self.clock.moment())?;
        let opened = self.read(move |keyring| keyring.unlock(&passphrase)).await;
        let open = match opened {
            Ok(open) => open,
            Err(error) => {
                if error.code == Code::WrongPassphrase {
                    self.attempts.failed(caller, self.clock.moment());
                }
                return Err(error);
            }
        };
        self.attempts.succeeded(caller);
        let writer = self.writer().await;
        let (now, actor) = (self.clock.now(), self.actor(caller));
        writer.write(move |keyring| keyring.note(Action::Unlocked, "vault", now, &actor)).await?;
        let vault = Arc::clone(&open);
        let damage = off_thread(move || vault.audit(now)).await?;
        self.reload(&damage).await?;
        if caller.is_desk() {
            let vault = Arc::clone(&open);
            *self.remembered() = off_thread(move || vault.remembered()).await?;
        }
        self.openings.open(caller, open);
        *self.active_since() = self.clock.moment();
        if caller.is_desk() || !self.shell.has_window() {
            self.inbox().show_all(self.clock.moment());
        }
        if caller.is_desk() && self.shell.has_window() {
            self.prepare_key_table();
        }
        self.announce();
        Ok(())
    }

    /// Takes over what the file says now that it was checked, without the rows that somebody else has written: what
    /// was read before the check may have been another's, put back since. The caller has its turn to write.
    async fn reload(&self, damage: &[Damage]) -> Result<(), CallError> {
        for row in damage {
            tracing::warn!(?row, "a row does not verify and is not used");
        }
        *self.damage() = damage.to_vec();
        self.reload_people().await?;
        let (stored, applications, settings) =
            self.read(|keyring| Ok((keyring.keys()?, keyring.applications()?, keyring.settings()?))).await?;
        let (replaced, first_uses) =
            self.read(|keyring| Ok((keyring.replacements()?, keyring.first_uses()?))).await?;
        let received = self.read(Keyring::received).await?;
        *self.recipients() = Recipients::load(received, damage);
        *self.register_mut() = Register::load(applications);
        self.keep_set_up(settings);
        let mut keys = HashSet::new();
        for row in damage {
            match row {
                Damage::Key(id) => drop(keys.insert(id.clone())),
                Damage::Standing(id) => self.register_mut().distrust(id),
                Damage::Settings => self.keep_set_up(Settings { basic: false, ..Settings::default() }),
                // The people are read without them; a grant is checked when it is delivered again.
                Damage::User(_) | Damage::Membership(..) | Damage::Grant(_) | Damage::Remembered(_) => {}
            }
        }
        self.uncollected.forget();
        let replaced = replaced.into_iter().filter(|row| !keys.contains(&row.old)).collect();
        self.index_mut().reload(stored, keys);
        self.succession_mut().reload(replaced, first_uses);
        self.refuse_replaced();
        Ok(())
    }

    /// Locks for everybody. Keys already issued keep answering. A store that cannot write keeps nothing open.
    pub(crate) async fn lock(self: &Arc<Self>, caller: &Caller, _: Lock) -> Result<Done, CallError> {
        let writer = self.writer().await;
        drop(writer.opening(caller)?);
        let (now, actor) = (self.clock.now(), self.actor(caller));
        let noted = writer.write(move |keyring| keyring.note(Action::Locked, "vault", now, &actor)).await;
        let sealed = writer.write_open(caller, move |open| open.checkpoint(now)).await;
        self.openings.close_all();
        self.remembered().clear();
        *self.presence() = None;
        self.clear_clipboard().await;
        self.announce();
        if let Err(error) = noted.and(sealed) {
            tracing::error!(%error, "that the desk was locked could not be written down");
        }
        Ok(Done {})
    }
}
