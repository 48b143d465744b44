//! Signing in at the gate, with a key or with a password.

use domain::{Actor, Email, Ending, KeySecret, Password, UserId};

use super::{Principal, Via};
use crate::{CallError, Caller, Desk};

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
    /// The store could not be read.
    #[error("the store could not be read")]
    Failed,
}

impl Desk {
    /// Signs in with a key (`Authorization: token …`). Looks at memory only; works while locked.
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
        self.uses().touch(&key.id, now);
        Ok(Principal { user, via: Via::Key(Box::new(key)) })
    }

    /// Signs in with e-mail and password (RFC 7617). Works while locked.
    ///
    /// # Errors
    /// [`SignInError`].
    pub async fn sign_in_with_password(
        &self,
        email: &Email,
        password: Password,
    ) -> Result<Principal, SignInError> {
        if !self.set_up().basic {
            return Err(SignInError::BasicOff);
        }
        let user = self.people().by_email(email).cloned();
        let id = user.as_ref().map(|user| user.id.clone());
        let right = self.password_is_right(id, password).await.map_err(|_| SignInError::Failed)?;
        let user = user.filter(|_| right).ok_or(SignInError::WrongPassword)?;
        if user.disabled { Err(SignInError::DisabledUser) } else { Ok(Principal { user, via: Via::Basic }) }
    }

    /// Whether `password` is this user's; takes as long for nobody. One at a time, since each check takes a core.
    pub(super) async fn password_is_right(
        &self,
        user: Option<UserId>,
        password: Password,
    ) -> Result<bool, CallError> {
        let _permit = self.login_permit.acquire().await;
        self.read(move |keyring| keyring.check_password(user.as_ref(), &password)).await
    }
}
