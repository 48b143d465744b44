//! Who receives a key: looked at before an approval and before every delivery, and compared with who it was.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::{Asking, Listener, Moment, Receiver, Redirect, RequestId};
use tokio::{task::JoinSet, time::timeout};

use crate::{
    CallError, Caller, Code, Desk,
    calls::{Approve, ReceiverShow, ReceiverView},
    desk::off_thread,
    ports::{Processes, Undelivered},
};

/// How long a look counts for the list of requests, which is pulled often. A sheet and a decision look anew.
const COUNTS_FOR: Duration = Duration::from_secs(1);
/// How long the addresses of a name are waited for.
const TO_RESOLVE: Duration = Duration::from_secs(2);
/// How many looks are remembered; there are no more requests than that.
const REMEMBERED: usize = 64;

/// The last look at each origin.
#[derive(Debug, Default)]
pub(crate) struct Looks(Mutex<HashMap<String, (Moment, Receiver)>>);

impl Looks {
    fn fresh(&self, origin: &str, now: Moment) -> Option<Receiver> {
        let looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        looks.get(origin).filter(|(at, _)| now.since(*at) < COUNTS_FOR).map(|(_, receiver)| receiver.clone())
    }

    fn keep(&self, receiver: Receiver, now: Moment) {
        let mut looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if looks.len() >= REMEMBERED {
            looks.retain(|_, (at, _)| now.since(*at) < COUNTS_FOR);
        }
        looks.insert(receiver.origin.clone(), (now, receiver));
    }
}

/// Looks, before every try to deliver, whether who would receive the key is still the one that was decided on.
#[derive(Clone)]
pub struct ReceiverCheck {
    processes: Arc<dyn Processes>,
    approved: Receiver,
}

impl ReceiverCheck {
    /// A check of deliveries to `approved`.
    #[must_use]
    pub fn new(processes: Arc<dyn Processes>, approved: Receiver) -> Self {
        Self { processes, approved }
    }

    /// Which of the `addresses` of the receiver's host a try may go to: on this computer, where somebody listens. Looks
    /// at the moment it is called.
    ///
    /// # Errors
    /// [`Undelivered::Withheld`] when another program listens there, [`Undelivered::Failed`] when none does.
    pub async fn admits(&self, addresses: &[SocketAddr]) -> Result<Vec<SocketAddr>, Undelivered> {
        let found = listeners(&self.processes, addresses).await;
        let listener = verdict(&found);
        if listener == Some(Listener::Nobody) && self.approved.listener.is_some() {
            return Err(Undelivered::Failed("the app does not listen".to_owned()));
        }
        let now = Receiver { origin: self.approved.origin.clone(), listener };
        if !now.is_still(&self.approved) {
            return Err(Undelivered::Withheld(not_still(&now, &self.approved)));
        }
        let deaf =
            |address: &SocketAddr| found.iter().any(|(at, who)| at == address && *who == Listener::Nobody);
        Ok(addresses.iter().filter(|address| !deaf(address)).copied().collect())
    }
}

impl Desk {
    /// Who would receive the key of a request now; nobody is asked for one without a redirect.
    pub(crate) async fn receiver_of(&self, asking: &Asking) -> Option<Receiver> {
        Some(self.receiver_at(asking.request.redirect()?).await)
    }

    /// Who would receive something at `redirect` now, found the way a delivery would find it, and a browser.
    pub(crate) async fn receiver_at(&self, redirect: &Redirect) -> Receiver {
        let found = timeout(TO_RESOLVE, self.courier.addresses(redirect)).await;
        let mut addresses = found.unwrap_or_else(|_| Ok(Vec::new())).unwrap_or_default();
        let unseen = browsers_own(redirect).into_iter().filter(|own| !addresses.contains(own));
        addresses.extend(unseen.collect::<Vec<_>>());
        let listener = verdict(&listeners(&self.processes, &addresses).await);
        // The name of this computer itself must not be taken for somewhere else because it was not found.
        let listener = listener.or_else(|| redirect.is_loopback().then_some(Listener::Unknown));
        let receiver = Receiver { origin: redirect.origin().to_owned(), listener };
        self.looks.keep(receiver.clone(), self.clock.moment());
        receiver
    }

    /// The receivers of several requests by their origins, for a list: each is looked at once a second at most.
    pub(crate) async fn receivers_of(self: &Arc<Self>, askings: &[Asking]) -> HashMap<String, Receiver> {
        let now = self.clock.moment();
        let mut found = HashMap::new();
        let mut looking = JoinSet::new();
        let mut asked = Vec::new();
        for redirect in askings.iter().filter_map(|asking| asking.request.redirect()) {
            let origin = redirect.origin().to_owned();
            match self.looks.fresh(&origin, now) {
                Some(receiver) => drop(found.insert(origin, receiver)),
                None if asked.contains(&origin) => {}
                None => {
                    let (desk, redirect) = (Arc::clone(self), redirect.clone());
                    looking.spawn(async move { desk.receiver_at(&redirect).await });
                    asked.push(origin);
                }
            }
        }
        found
            .extend(looking.join_all().await.into_iter().map(|receiver| (receiver.origin.clone(), receiver)));
        found
    }

    /// The check that a delivery to `approved` goes through.
    pub(crate) fn check_of(&self, approved: Receiver) -> ReceiverCheck {
        ReceiverCheck::new(Arc::clone(&self.processes), approved)
    }

    /// Who was to receive the key of a request, and who would receive it now. For a request that waits only the latter
    /// is known.
    pub(crate) async fn receiver_show(
        self: &Arc<Self>,
        caller: &Caller,
        args: ReceiverShow,
    ) -> Result<ReceiverView, CallError> {
        let waiting = self.inbox().asking(&args.id).cloned();
        let id = args.id.clone();
        let record = self.read(move |keyring| keyring.request(&id)).await?;
        let grant = record.and_then(|record| record.grant);
        let now = match (&waiting, &grant) {
            (Some(asking), _) => self.receiver_of(asking).await,
            (None, Some(grant)) => self.receiver_of_grant(caller, &grant.request).await?,
            (None, None) => return Err(CallError::not_found("there is no such request").of("id")),
        };
        let approved = grant.and_then(|grant| grant.receiver);
        let same = match (&now, &approved) {
            (Some(now), Some(approved)) => now.is_still(approved),
            (Some(_), None) | (None, Some(_)) => false,
            (None, None) => true,
        };
        Ok(ReceiverView { approved, now, same })
    }

    async fn receiver_of_grant(
        &self,
        caller: &Caller,
        request: &RequestId,
    ) -> Result<Option<Receiver>, CallError> {
        let (open, id) = (self.openings.of(caller)?, request.clone());
        let (query, _) = off_thread(move || open.reveal_asking(&id)).await?;
        let request = self.reparse(&query)?;
        Ok(match request.redirect() {
            Some(redirect) => Some(self.receiver_at(redirect).await),
            None => None,
        })
    }
}

/// Nothing is approved while nobody would receive it, nor to another program than the human has seen.
pub(crate) fn check_approvable(receiver: Option<&Receiver>, args: &Approve) -> Result<(), CallError> {
    let Some(receiver) = receiver else { return Ok(()) };
    if receiver.is_nobody() {
        return Err(nobody_listens(receiver));
    }
    match &args.receiver {
        Some(seen) if !receiver.is_still(seen) => {
            Err(CallError::new(Code::ReceiverChanged, not_still(receiver, seen)).of("receiver"))
        }
        Some(_) | None => Ok(()),
    }
}

pub(crate) fn nobody_listens(receiver: &Receiver) -> CallError {
    let message = format!("nothing listens at {} yet: start it", receiver.origin);
    CallError::new(Code::NobodyListens, message).of("receiver")
}

pub(crate) fn not_still(now: &Receiver, before: &Receiver) -> String {
    let said = |receiver: &Receiver| match &receiver.listener {
        Some(listener) => listener.to_string(),
        None => "another computer".to_owned(),
    };
    format!("{} listens at {} now, and not {}", said(now), now.origin, said(before))
}

/// Who listens at those of `addresses` that are this computer's.
async fn listeners(processes: &Arc<dyn Processes>, addresses: &[SocketAddr]) -> Vec<(SocketAddr, Listener)> {
    let here: Vec<SocketAddr> = addresses.iter().filter(|address| is_here(address)).copied().collect();
    if here.is_empty() {
        return Vec::new();
    }
    let (processes, unknown) = (Arc::clone(processes), here.clone());
    let look = move || here.into_iter().map(|address| (address, processes.listener(address))).collect();
    tokio::task::spawn_blocking(look).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "looking for a listener broke off");
        unknown.into_iter().map(|address| (address, Listener::Unknown)).collect()
    })
}

/// Where a browser goes for a name of this computer, whatever that stands for elsewhere.
fn browsers_own(redirect: &Redirect) -> Vec<SocketAddr> {
    let loopback: [IpAddr; 2] = [Ipv6Addr::LOCALHOST.into(), Ipv4Addr::LOCALHOST.into()];
    let port = redirect.url().port_or_known_default().unwrap_or_default();
    let both = loopback.map(|ip| SocketAddr::new(ip, port));
    if redirect.is_localhost() { both.into() } else { Vec::new() }
}

/// What to go by; nothing for an address that is not this computer's.
fn verdict(found: &[(SocketAddr, Listener)]) -> Option<Listener> {
    (!found.is_empty()).then(|| Listener::gravest(found.iter().map(|(_, listener)| listener.clone())))
}

/// An address by which this computer reaches itself.
fn is_here(address: &SocketAddr) -> bool {
    match address.ip().to_canonical() {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_unspecified(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unspecified(),
    }
}
