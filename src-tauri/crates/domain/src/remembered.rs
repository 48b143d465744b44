//! Decisions that are remembered: "approve the same again without asking".

mod asker;

use std::time::Duration;

use crate::{
    ApiKey, ApplicationId, AuthorizeRequest, Issuer, KeyId, Listener, Mode, PermissionSet, Program,
    ProgramIdentity, Receiver, Redirect, RequestId, Sealed, Tier, Timestamp, UserId,
};

/// An approval that is repeated without asking: the same program gets the same key at the same address again.
///
/// It makes no key. Once its key has ended or was changed, it repeats nothing any more.
#[derive(Debug, Clone)]
pub struct Remembered {
    /// The request whose approval it repeats; there is one at most, so this is its handle.
    pub request: RequestId,
    /// Whose.
    pub application: ApplicationId,
    /// The key that is handed over again.
    pub key: KeyId,
    /// Whose key that is.
    pub owner: UserId,
    /// What the key may do, and may still have to do.
    pub permissions: PermissionSet,
    /// What has to be asked, and how.
    pub asked: Asks,
    /// The program that has to ask.
    pub program: ProgramIdentity,
    /// Who has to receive the key; absent for a program that collects it itself.
    pub receiver: Option<Receiver>,
    /// When it was said.
    pub since: Timestamp,
    /// How often it was repeated.
    pub uses: u64,
    /// When it was repeated last.
    pub last_used: Option<Timestamp>,
}

/// What a request asks and where it wants the key, without the redirect's query, which may differ each time.
#[derive(Debug, Clone)]
pub struct Asks {
    /// What is asked.
    pub permissions: PermissionSet,
    /// Exactly that or nothing.
    pub strict: bool,
    /// Whether the human chooses the stores.
    pub selective: bool,
    /// Scheme, host, port and path; absent without a redirect. A path may hold other people's secrets.
    pub address: Option<Sealed>,
}

impl Asks {
    /// What `request` asks.
    #[must_use]
    pub fn of(request: &AuthorizeRequest) -> Self {
        Self {
            permissions: request.permissions().clone(),
            strict: request.is_strict(),
            selective: request.is_selective(),
            address: request.redirect().map(|redirect| Sealed::new(redirect.without_query())),
        }
    }

    fn is(&self, other: &Self) -> bool {
        let address = |asks: &Self| asks.address.as_ref().map(|address| address.expose().to_owned());
        self.permissions == other.permissions
            && self.strict == other.strict
            && self.selective == other.selective
            && address(self) == address(other)
    }
}

/// A request as far as a remembered decision looks at it.
#[derive(Debug, Clone, Copy)]
pub struct Repeat<'a> {
    /// What is asked.
    pub request: &'a AuthorizeRequest,
    /// How.
    pub mode: Mode,
    /// Who asks.
    pub program: Option<&'a Program>,
    /// Who would receive the key now.
    pub receiver: Option<&'a Receiver>,
}

/// Why a decision cannot be remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum NotRemembered {
    /// Any page may be open in a browser.
    #[error("a browser shows whatever page was opened: what it asks for is never approved without asking")]
    Browser,
    /// It runs what others have written, and says itself what that is.
    #[error("the program runs other people's scripts: what it asks for is never approved without asking")]
    Interpreter,
    /// Nobody knows who asks.
    #[error("the program could not be recognised")]
    Unrecognised,
    /// The key could do too much.
    #[error("a key that can do this much is decided on each time")]
    ReachesTooFar,
    /// Something is asked that nobody knows.
    #[error("it asks for something that nobody knows, too")]
    AsksUnknown,
    /// It would go through a network in clear, or to somebody who cannot be told.
    #[error("who receives the key cannot be told for sure")]
    Receiver,
}

impl Repeat<'_> {
    /// Whether an approval of this may be remembered, the key's permissions being `granted`.
    ///
    /// # Errors
    /// The first reason why it may not.
    pub fn may_be_remembered(&self, granted: &PermissionSet) -> Result<ProgramIdentity, NotRemembered> {
        if self.mode == Mode::Browser {
            return Err(NotRemembered::Browser);
        }
        let program = self.program.and_then(Program::identity).ok_or(NotRemembered::Unrecognised)?;
        asker::speaks_for_itself(&program)?;
        if granted.tier() > Tier::Sell || self.request.permissions().tier() > Tier::Sell {
            return Err(NotRemembered::ReachesTooFar);
        }
        if !self.request.unknown().is_empty() {
            return Err(NotRemembered::AsksUnknown);
        }
        if !self.receiver_can_be_told() {
            return Err(NotRemembered::Receiver);
        }
        Ok(program)
    }

    /// On this computer a program of the own user or root that can be told, elsewhere an encrypted address. Without a
    /// redirect the program collects the key itself.
    fn receiver_can_be_told(&self) -> bool {
        let Some(redirect) = self.request.redirect() else { return true };
        let Some(receiver) = self.receiver else { return false };
        match &receiver.listener {
            None => !redirect.is_loopback() && !Redirect::is_unencrypted(redirect),
            Some(Listener::Nobody | Listener::Unknown | Listener::OtherUser { .. }) => false,
            Some(Listener::Own { program } | Listener::Root { program }) => {
                let identity = program.as_ref().and_then(Program::identity);
                identity.is_some_and(|program| asker::speaks_for_itself(&program).is_ok())
            }
        }
    }
}

impl Remembered {
    /// How long a decision is remembered: 30 days.
    pub const LIFE: Duration = Duration::from_secs(30 * 86_400);

    /// When it is over.
    #[must_use]
    pub fn until(&self) -> Timestamp {
        self.since.plus(Self::LIFE)
    }

    /// Whether it still stands at `now`. A clock set back before it was said revives nothing.
    #[must_use]
    pub fn stands(&self, now: Timestamp) -> bool {
        self.since <= now && now < self.until()
    }

    /// Whether it answers this request with its key as that is by now: the same program asks the same for the same
    /// address and receiver, the key works and can do what it could, and all of that might be remembered anew.
    #[must_use]
    pub fn answers(&self, repeat: &Repeat<'_>, key: &ApiKey, now: Timestamp) -> bool {
        let same_receiver = match (repeat.receiver, &self.receiver) {
            (Some(receiver), Some(before)) => receiver.is_still(before),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        self.stands(now)
            && same_receiver
            && repeat.may_be_remembered(&key.permissions).is_ok_and(|program| program == self.program)
            && self.asked.is(&Asks::of(repeat.request))
            && self.is_key(key)
            && key.is_live(now)
    }

    fn is_key(&self, key: &ApiKey) -> bool {
        key.id == self.key
            && key.owner == self.owner
            && key.permissions == self.permissions
            && key.issuer == Issuer::Local
    }
}

#[cfg(test)]
mod tests;
