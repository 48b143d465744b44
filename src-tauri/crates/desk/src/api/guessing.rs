//! Failed sign-ins: whom they count for, and who has to wait. The figures are the domain's ([`Throttle`]).

use async_trait::async_trait;
use domain::{Account, Failed, Guesser, HeldOff, Moment, Password, Throttle, Timestamp, UserId};

use super::SignInError;
use crate::{CallError, Desk, ports::FailedLogins};

/// Whoever is at the other end of a connection to the gate.
#[async_trait]
pub trait Peer: Send + Sync {
    /// Whom a failed sign-in counts for. Looking costs, so this is asked only after a failure, or for a password while
    /// some program is held off.
    async fn guesser(&self) -> Guesser;
}

#[async_trait]
impl Peer for Guesser {
    async fn guesser(&self) -> Guesser {
        self.clone()
    }
}

/// One who tries a password; who that is gets looked up once, when it matters.
pub(super) struct Attempt<'a> {
    account: Account,
    peer: &'a dyn Peer,
    by: Option<Guesser>,
}

/// Why a password proves nothing.
pub(super) enum Unproved {
    /// It was not looked at.
    HeldOff(HeldOff),
    /// It is not this account's.
    Wrong,
    /// It could not be checked.
    Failed(CallError),
}

impl<'a> Attempt<'a> {
    pub(super) fn new(account: Account, peer: &'a dyn Peer) -> Self {
        Self { account, peer, by: None }
    }

    async fn by(&mut self) -> &Guesser {
        if self.by.is_none() {
            self.by = Some(self.peer.guesser().await);
        }
        self.by.as_ref().unwrap_or(&Guesser::Unknown)
    }
}

impl Desk {
    /// Counts a key that nobody knows ([`SignInError::UnknownKey`]) for whoever presented it.
    ///
    /// # Errors
    /// [`SignInError::TooManyKeys`] for the 61st of one program within a minute; such a one does not count.
    pub fn count_unknown_key(&self, by: &Guesser) -> Result<(), SignInError> {
        let counted = self.throttle().bad_key(by, self.clock.moment());
        counted.map_err(|HeldOff { retry_after }| SignInError::TooManyKeys { retry_after })
    }

    /// Whether `password` is the account's; takes as long for nobody's. The one way to try a password: it counts here,
    /// whatever it is asked for. Each check takes a core, so it waits its turn.
    ///
    /// # Errors
    /// [`Unproved`].
    pub(super) async fn prove_password(
        &self,
        mut attempt: Attempt<'_>,
        password: Password,
    ) -> Result<(), Unproved> {
        self.may_try(&mut attempt).await.map_err(Unproved::HeldOff)?;
        let _permit = self.login_permit.acquire().await;
        // Others may have failed while this one waited its turn.
        self.may_try(&mut attempt).await.map_err(Unproved::HeldOff)?;
        let check = self.check_password(attempt.account.user(), password);
        if check.await.map_err(Unproved::Failed)? {
            self.throttle().right_password(&attempt.account);
            return Ok(());
        }
        self.wrong_password(&mut attempt).await;
        Err(Unproved::Wrong)
    }

    /// The look itself, which counts nothing. Takes a core for a while: for whoever has a permit, or a turn.
    pub(super) async fn check_password(
        &self,
        user: Option<&UserId>,
        password: Password,
    ) -> Result<bool, CallError> {
        let user = user.cloned();
        self.read(move |keyring| keyring.check_password(user.as_ref(), &password)).await
    }

    /// Whether a password of this account may be looked at.
    async fn may_try(&self, attempt: &mut Attempt<'_>) -> Result<(), HeldOff> {
        let now = self.clock.moment();
        self.throttle().may_try(&attempt.account, None, now)?;
        if !self.throttle().holds_a_program(now) {
            return Ok(());
        }
        let by = attempt.by().await.clone();
        self.throttle().may_try(&attempt.account, Some(&by), now)
    }

    async fn wrong_password(&self, attempt: &mut Attempt<'_>) {
        let now = self.clock.moment();
        // Counted for the account first: nothing that takes time stands before it.
        if self.throttle().wrong_password(&attempt.account, now) {
            let by = attempt.by().await;
            self.throttle().wrong_password_by(by, now);
        }
    }

    pub(crate) async fn write_failed_logins(&self) {
        let (moment, now) = (self.clock.moment(), self.clock.now());
        let Some(news) = self.throttle().take_news(moment) else { return };
        let kept: Vec<FailedLogins> = news.into_iter().map(|failed| kept(failed, now)).collect();
        if let Err(error) = self.write(move |keyring| keyring.keep_failed_logins(&kept)).await {
            self.throttle().put_news_back();
            tracing::error!(%error, "failed sign-ins could not be written down");
        }
    }
}

/// What was kept, as of now. By a clock that was set back the last failure is yet to come: then it is now.
pub(crate) fn recalled(kept: Vec<FailedLogins>, now: Timestamp, moment: Moment) -> Throttle {
    let failed = |kept: FailedLogins| Failed {
        by: kept.by,
        trace: kept.trace,
        count: kept.count,
        ago: now.since(kept.last),
    };
    Throttle::recalling(kept.into_iter().map(failed).collect(), moment)
}

fn kept(failed: Failed, now: Timestamp) -> FailedLogins {
    FailedLogins { by: failed.by, trace: failed.trace, count: failed.count, last: now.minus(failed.ago) }
}
