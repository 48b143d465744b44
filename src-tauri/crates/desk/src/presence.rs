//! What the window demands before it grants: the number, the passphrase, or both.
//!
//! On the command line the passphrase, which was shown for the command, stands for all of it.

use std::{sync::Arc, time::Duration};

use domain::{Asking, Passphrase, Receiver, Tier};

use crate::{
    CallError, Caller, Code, Desk,
    calls::{Approve, Proof},
    grants::Plan,
    sheet::number_needed,
};

/// How long one showing of the passphrase counts for the tier Move money.
const COUNTS_FOR: Duration = Duration::from_secs(120);
/// The longest a key may live that was granted to a program that shows no number.
const UNNUMBERED_FOR: Duration = Duration::from_secs(86_400);

impl Desk {
    /// Checks what the human has shown against what would be granted.
    pub(crate) async fn check_window_rules(
        self: &Arc<Self>,
        asking: &Asking,
        plan: &Plan,
        args: &Approve,
    ) -> Result<(), CallError> {
        let tier = plan.permissions().tier();
        match args.proof {
            Proof::Number(_) => {}
            Proof::NoNumber => self.check_unnumbered(asking, tier, args)?,
            Proof::Passphrase if number_needed(self.is_familiar(asking, plan.receiver()).await?, tier) => {
                return Err(CallError::invalid("number", "type the number that the app shows"));
            }
            Proof::Passphrase => {}
        }
        if args.proof == Proof::NoNumber || self.passphrase_needed(tier, plan.receiver()) {
            self.check_passphrase(args).await?;
        }
        Ok(())
    }

    /// Whether granting `tier` needs the passphrase now: Administer and a receiver of another user always, Move money
    /// after two minutes.
    pub(crate) fn passphrase_needed(&self, tier: Tier, receiver: Option<&Receiver>) -> bool {
        match tier {
            _ if receiver.is_some_and(Receiver::is_strange) => true,
            Tier::See | Tier::Sell | Tier::Change => false,
            Tier::MoveMoney => !self.has_shown_it_lately(),
            Tier::Administer => true,
        }
    }

    fn has_shown_it_lately(&self) -> bool {
        let shown = *self.presence();
        shown.is_some_and(|shown| self.clock.moment().since(shown) < COUNTS_FOR)
    }

    /// "It showed no number: I started it myself."
    fn check_unnumbered(&self, asking: &Asking, tier: Tier, args: &Approve) -> Result<(), CallError> {
        if asking.asker.mode == domain::Mode::Browser {
            return Err(CallError::invalid("number", "a browser shows the number on its page"));
        }
        if tier > Tier::Sell {
            return Err(CallError::invalid("number", "a key that can do this much needs the number"));
        }
        let latest = self.clock.now().plus(UNNUMBERED_FOR);
        if args.expires.is_none_or(|end| end > latest) {
            return Err(CallError::invalid("expires", "without a number the key lives for a day at most"));
        }
        Ok(())
    }

    async fn check_passphrase(self: &Arc<Self>, args: &Approve) -> Result<(), CallError> {
        let Some(shown) = &args.passphrase else {
            return Err(CallError::new(Code::PassphraseNeeded, "this needs the passphrase").of("passphrase"));
        };
        let _permit = self.unlock_permit.acquire().await;
        self.attempts.may_try(&Caller::DESK, self.clock.moment())?;
        let passphrase = Passphrase::new(shown.expose().to_owned());
        // The opened vault is dropped, and wiped, at once: only whether it opens is of interest.
        match self.read(move |keyring| keyring.unlock(&passphrase).map(drop)).await {
            Ok(()) => {
                self.attempts.succeeded(&Caller::DESK);
                *self.presence() = Some(self.clock.moment());
                Ok(())
            }
            Err(error) => {
                if error.code == Code::WrongPassphrase {
                    self.attempts.failed(&Caller::DESK, self.clock.moment());
                }
                Err(error.of("passphrase"))
            }
        }
    }
}
