//! Signing in at the gate, with a key or with a password.

use std::time::Duration;

use domain::{Account, Actor, ApiKey, Email, Ending, HeldOff, KeyId, KeySecret, Password};

use super::{
    ApiError, Peer, Principal, Via,
    guessing::{Attempt, Unproved},
};
use crate::{Caller, Desk, writing::Writer};

/// Why a caller is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    /// No key has this token, or it has ended.
    #[error("ApiKey authentication failed: Unknown API Key")]
    UnknownKey,
    /// The key's user is disabled.
    #[error("ApiKey authentication failed: Your user account is currently disabled.")]
    KeyOfDisabledUser,
    /// Wrong password, or no such user: not told apart.
    #[error("Basic authentication failed: User not found or invalid password")]
    WrongPassword,
    /// The user is disabled.
    #[error("Basic authentication failed: Your user account is currently disabled.")]
    DisabledUser,
    /// Signing in with a password is switched off.
    #[error("Basic authentication is switched off in Fieldgate. Please use authentication with API Keys.")]
    BasicOff,
    /// Too many keys that nobody knows came from this program ([`Desk::count_unknown_key`]).
    #[error(
        "ApiKey authentication failed: too many unknown API keys from this program. A good one still works."
    )]
    TooManyKeys {
        /// When it makes sense to try again: whole seconds, one at least.
        retry_after: Duration,
    },
    /// Too many wrong passwords for this account, or from this program.
    #[error("Basic authentication failed: too many wrong passwords. Please wait, or use an API key.")]
    TooManyPasswords {
        /// When the next one is looked at: whole seconds, one at least.
        retry_after: Duration,
    },
    /// The store could not be read.
    #[error("the store could not be read")]
    Failed,
}

impl Desk {
    /// Signs in with a key (`Authorization: token …`). Looks at memory only; works while locked. A good key is never
    /// held off, whoever presents it. With its first use the keys that it takes the place of are refused; the gate has
    /// that written down before it answers ([`Desk::note_first_use`]).
    ///
    /// # Errors
    /// [`SignInError`].
    pub async fn sign_in_with_key(&self, secret: &KeySecret) -> Result<Principal, SignInError> {
        let now = self.clock.now();
        let key = {
            let index = self.index();
            index.recognise(secret).filter(|key| key.ended.is_none() && !index.is_damaged(&key.id)).cloned()
        };
        let key = key.ok_or(SignInError::UnknownKey)?;
        if key.is_overdue(now) {
            if let Err(error) = self.end_key(&Caller::DESK, &key.id, Ending::Expired, Actor::Fieldgate).await
            {
                tracing::error!(%error, key = %key.id, "an expired key could not be written down");
            }
            return Err(SignInError::UnknownKey);
        }
        let user = self.people().user(&key.owner).cloned().ok_or(SignInError::UnknownKey)?;
        if user.disabled {
            return Err(SignInError::KeyOfDisabledUser);
        }
        let first = self.uses().touch(&key.id, now) && key.last_used.is_none();
        if first {
            self.begin_use(&key.id, now);
        }
        Ok(Principal { first_use: first, ..Principal::new(user, Via::Key(Box::new(key))) })
    }

    /// Signs in with e-mail and password (RFC 7617). Works while locked. After too many wrong ones no password is looked
    /// at for a while, the right one neither; an account that is not there is treated like any other.
    ///
    /// # Errors
    /// [`SignInError`].
    pub async fn sign_in_with_password(
        &self,
        email: &Email,
        password: Password,
        peer: &dyn Peer,
    ) -> Result<Principal, SignInError> {
        if !self.set_up().basic {
            return Err(SignInError::BasicOff);
        }
        let id = self.people().by_email(email).map(|user| user.id.clone());
        let account = id.map_or_else(|| Account::Nobody(email.clone()), Account::Of);
        self.prove_password(Attempt::new(account.clone(), peer), password).await?;
        // As it is by now: the turn may have been long.
        let user = account.user().and_then(|id| self.people().user(id).cloned());
        let user = user.ok_or(SignInError::WrongPassword)?;
        if user.disabled { Err(SignInError::DisabledUser) } else { Ok(Principal::new(user, Via::Basic)) }
    }

    /// Waits for the caller's turn to write. What it may do is judged then and not before: its key may have ended
    /// meanwhile, and its user may have been disabled.
    ///
    /// # Errors
    /// [`ApiError::SignedOut`] for a caller who would not be let in any more.
    pub(super) async fn turn_of(&self, caller: &Principal) -> Result<(Writer<'_>, Principal), ApiError> {
        let writer = self.writer().await;
        let caller = self.signed_in_still(caller).map_err(ApiError::SignedOut)?;
        Ok((writer, caller))
    }

    /// The caller with its key and its user as they are by now.
    fn signed_in_still(&self, caller: &Principal) -> Result<Principal, SignInError> {
        let (via, unknown, disabled) = match &caller.via {
            Via::Key(key) => {
                let key = self.usable_key(&key.id).ok_or(SignInError::UnknownKey)?;
                (Via::Key(Box::new(key)), SignInError::UnknownKey, SignInError::KeyOfDisabledUser)
            }
            Via::Basic if !self.set_up().basic => return Err(SignInError::BasicOff),
            Via::Basic => (Via::Basic, SignInError::WrongPassword, SignInError::DisabledUser),
        };
        let user = self.people().user(&caller.user.id).cloned().ok_or(unknown)?;
        if user.disabled { Err(disabled) } else { Ok(Principal { user, via, ..caller.clone() }) }
    }

    fn usable_key(&self, id: &KeyId) -> Option<ApiKey> {
        let index = self.index();
        index.get(id).filter(|key| index.is_usable(key, self.clock.now())).cloned()
    }
}

impl From<Unproved> for SignInError {
    fn from(unproved: Unproved) -> Self {
        match unproved {
            Unproved::HeldOff(HeldOff { retry_after }) => Self::TooManyPasswords { retry_after },
            Unproved::Wrong => Self::WrongPassword,
            Unproved::Failed(_) => Self::Failed,
        }
    }
}
