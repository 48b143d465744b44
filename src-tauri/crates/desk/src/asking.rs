//! The asking side: an app asks, waits and collects. Nothing here needs the vault to be open.

use std::{sync::Arc, time::Duration};

use domain::{
    Asker, Asking, Attention, AuthorizeRequest, CollectSecret, Collected, Delivery, Effect, Full, Mode,
    Moment, NotCollected, Number, Polled, Program, RequestId, RequestStatus, Standing, Timestamp,
};

use crate::{CallError, Desk, random};

/// What an asker is given. The secret and the number are for the asker's eyes.
#[derive(Debug, Clone)]
pub struct Ticket {
    /// Public handle.
    pub id: RequestId,
    /// What the asker must show to collect.
    pub collect: CollectSecret,
    /// What the human will type.
    pub number: Number,
    /// The latest end as of now.
    pub expires_at: Timestamp,
}

/// Why an asking is not taken in.
#[derive(Debug)]
pub enum NotTaken {
    /// The application is refused from now on.
    Blocked,
    /// Too many wait already.
    Full {
        /// When it makes sense to ask again.
        retry_after: Duration,
    },
    /// Something broke.
    Failed(CallError),
}

/// Why a key is not handed over.
#[derive(Debug, thiserror::Error)]
pub enum NotHandedOver {
    /// There is none for this caller.
    #[error(transparent)]
    NotCollected(#[from] NotCollected),
    /// Nobody listens where the asker's page would post it: the asker may try again.
    #[error("nobody listens at {0}")]
    NobodyListens(String),
    /// Another program listens there than the one that was decided on: the key was taken back.
    #[error("withheld: {0}")]
    Withheld(String),
    /// It could not be written down, so it did not go out: the asker may try again.
    #[error("the delivery could not be written down: {0}")]
    Unwritten(CallError),
}

/// What an asker's own page or poll shows.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// Where it stands.
    pub status: RequestStatus,
    /// The latest end as of now, while it is undecided.
    pub expires_at: Option<Timestamp>,
    /// Time left until then.
    pub ends_in: Option<Duration>,
    /// Whether [`Desk::collect`] would hand over a key now.
    pub collectable: bool,
    /// Whether nobody can decide before the vault is unlocked.
    pub locked: bool,
    /// Whether the admin has ticked this application as known.
    pub known: bool,
    /// What was asked.
    pub asking: Arc<Asking>,
}

/// What somebody who knows an id learns.
#[derive(Debug, Clone)]
pub enum Seen {
    /// No such request, or forgotten; also after a restart.
    Unknown,
    /// It belongs to another asker.
    Elsewhere,
    /// It is the asker's own.
    Here(Box<Waiting>),
}

impl Desk {
    /// Whether it makes sense to find out who sent `request`: not when it would be refused whoever that is.
    ///
    /// # Errors
    /// [`NotTaken`], as [`Desk::ask`] would.
    pub fn has_room_for(&self, request: &AuthorizeRequest) -> Result<(), NotTaken> {
        // Without a redirect the application is the program itself.
        let blocked = |identity| self.register().standing(&identity) == Standing::Blocked;
        if request.redirect().is_some() && blocked(request.identity(None)) {
            return Err(NotTaken::Blocked);
        }
        let room = self.inbox().room_for_anybody(self.clock.moment());
        room.map_err(|Full { retry_after }| NotTaken::Full { retry_after })
    }

    /// Takes in a request. The order of checks is: parsed (by the caller), blocked, limits.
    ///
    /// # Errors
    /// [`NotTaken`].
    pub async fn ask(self: &Arc<Self>, request: AuthorizeRequest, asker: Asker) -> Result<Ticket, NotTaken> {
        let identity = request.identity(asker.program.as_ref().and_then(Program::identity).as_ref());
        let standing = self.register().standing(&identity);
        if standing == Standing::Blocked {
            return Err(NotTaken::Blocked);
        }
        let id = RequestId::from_random(random().map_err(NotTaken::Failed)?);
        let collect = CollectSecret::from_random(random().map_err(NotTaken::Failed)?);
        let bits = u32::from_le_bytes(random().map_err(NotTaken::Failed)?);
        let now = self.clock.moment();
        let (number, mut effects) = {
            let mut inbox = self.inbox();
            let number = inbox.free_number(bits);
            let asking = Asking {
                id: id.clone(),
                number,
                collect: collect.hash(),
                request,
                asker,
                identity,
                standing,
                asked: self.clock.now(),
            };
            self.may_be_trial(&asking);
            let taken = inbox.submit(asking, now, self.attention());
            (number, taken.map_err(|Full { retry_after }| NotTaken::Full { retry_after })?)
        };
        if self.repeat(&id).await {
            // What was approved without the human needs no human.
            effects.retain(|effect| !matches!(effect, Effect::Raise));
        }
        self.carry_out(effects).await;
        let expires_at = self.inbox().expires_at(&id).unwrap_or(now);
        Ok(Ticket { id, collect, number, expires_at: self.as_timestamp(expires_at) })
    }

    /// What the holder of `presented` sees of a request now. A sign of life.
    #[must_use]
    pub fn seen(&self, id: &RequestId, presented: &CollectSecret) -> Seen {
        let now = self.clock.moment();
        let mut inbox = self.inbox();
        match (inbox.poll(id, &presented.hash(), now), inbox.asking(id)) {
            (Polled::Here { status, expires_at, collectable }, Some(asking)) => {
                Seen::Here(Box::new(Waiting {
                    status,
                    expires_at: expires_at.map(|end| self.as_timestamp(end)),
                    ends_in: expires_at.map(|end| end.since(now)),
                    collectable,
                    locked: self.attention() == Attention::Unseen,
                    known: asking.standing == Standing::Known,
                    asking: Arc::clone(asking),
                }))
            }
            (Polled::Elsewhere, _) => Seen::Elsewhere,
            (Polled::Unknown | Polled::Here { .. }, _) => Seen::Unknown,
        }
    }

    /// The same, once `is_news` says so or `patience` is over. What is not the caller's own is always news.
    pub async fn wait(
        &self,
        id: &RequestId,
        presented: &CollectSecret,
        patience: Duration,
        is_news: impl Fn(&Waiting) -> bool,
    ) -> Seen {
        let mut revisions = self.revisions();
        let news = async {
            loop {
                let seen = self.seen(id, presented);
                let told = match &seen {
                    Seen::Here(waiting) => is_news(waiting),
                    Seen::Unknown | Seen::Elsewhere => true,
                };
                if told || revisions.changed().await.is_err() {
                    return seen;
                }
            }
        };
        match tokio::time::timeout(patience, news).await {
            Ok(seen) => seen,
            Err(_) => self.seen(id, presented),
        }
    }

    /// Hands a granted key to its asker. That is written down before the key goes out.
    ///
    /// # Errors
    /// [`NotHandedOver`]; without the right collect secret always `Elsewhere`.
    pub async fn collect(
        self: &Arc<Self>,
        id: &RequestId,
        presented: &CollectSecret,
    ) -> Result<Collected, NotHandedOver> {
        self.check_page(id, presented).await?;
        // Nobody collects for a second time while the first is not written.
        let writer = self.writer().await;
        let (collected, mode) = self.take_out(id, presented)?;
        if !collected.first {
            return Ok(collected);
        }
        let how = match mode {
            Mode::Browser => Delivery::FormPost,
            Mode::Program => Delivery::Collected,
        };
        let (request, now) = (id.clone(), self.clock.now());
        let written = writer.write(move |keyring| keyring.record_delivery(&request, how, now)).await;
        if let Err(error) = written {
            self.inbox().uncollect(id, collected);
            self.announce();
            return Err(NotHandedOver::Unwritten(error));
        }
        self.is_out(&collected.secret);
        self.announce();
        Ok(collected)
    }

    fn take_out(&self, id: &RequestId, presented: &CollectSecret) -> Result<(Collected, Mode), NotCollected> {
        let mut inbox = self.inbox();
        let collected = inbox.collect(id, &presented.hash(), self.clock.moment())?;
        let mode = inbox.asking(id).ok_or(NotCollected::Unknown)?.asker.mode;
        Ok((collected, mode))
    }

    /// Brings the window up because the asker's page has asked for it.
    pub fn raise_window(&self) {
        self.shell.raise();
    }

    /// Whether there is a window to decide in; without one it is the command line's work.
    #[must_use]
    pub fn has_window(&self) -> bool {
        self.shell.has_window()
    }

    /// Whether a human could see a new card right away.
    pub(crate) fn attention(&self) -> Attention {
        if self.shell.has_window() && self.is_locked() { Attention::Unseen } else { Attention::Seen }
    }

    /// A monotonic moment on the wall clock, as of now.
    pub(crate) fn as_timestamp(&self, moment: Moment) -> Timestamp {
        self.clock.now().plus(moment.since(self.clock.moment()))
    }
}
