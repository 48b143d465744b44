//! Clocks, a window and a courier that do as they are told and remember what they were asked.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use domain::{Moment, Redirect, Timestamp};

use super::RecordedClipboard;
use crate::ReceiverCheck;
use crate::ports::{Clipboard, Clock, Courier, Notice, Parcel, Shell, Undelivered};

/// Both clocks stand still until they are turned. They start at 2027-01-15 08:00 UTC and at zero.
#[derive(Debug, Default)]
pub struct FixedClock {
    passed: Mutex<Duration>,
    /// Seconds by which the wall clock was set, apart from time passing.
    shift: Mutex<i64>,
}

impl FixedClock {
    /// Where the wall clock starts.
    pub const START: Timestamp = Timestamp(1_800_000_000);

    /// Lets time pass on both clocks.
    pub fn pass(&self, time: Duration) {
        *guard(&self.passed) += time;
    }

    /// Sets the wall clock forward or back; the monotonic one does not notice.
    pub fn set_wall_clock(&self, seconds: i64) {
        *guard(&self.shift) += seconds;
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        let Timestamp(passed) = Self::START.plus(*guard(&self.passed));
        Timestamp(passed + *guard(&self.shift))
    }

    fn moment(&self) -> Moment {
        Moment(*guard(&self.passed))
    }
}

/// Counts what it is told. Without a window unless one is opened.
#[derive(Debug, Default)]
pub struct RecordedShell {
    window: AtomicBool,
    raised: AtomicUsize,
    changed: AtomicUsize,
    opened: Mutex<Vec<String>>,
    /// What is there beside the window, when there is one.
    pub clipboard: Arc<RecordedClipboard>,
    notices: Mutex<Vec<Notice>>,
}

impl RecordedShell {
    /// From now on there is a window, or there is none.
    pub fn set_window(&self, there: bool) {
        self.window.store(there, Ordering::SeqCst);
    }

    /// How often the window was brought up.
    pub fn raised(&self) -> usize {
        self.raised.load(Ordering::SeqCst)
    }

    /// The addresses that were opened in the human's browser, in order.
    pub fn opened(&self) -> Vec<String> {
        guard(&self.opened).clone()
    }

    /// What the human was told, in order.
    pub fn notices(&self) -> Vec<Notice> {
        guard(&self.notices).clone()
    }

    /// How often something changed.
    pub fn changes(&self) -> usize {
        self.changed.load(Ordering::SeqCst)
    }
}

impl Shell for RecordedShell {
    fn has_window(&self) -> bool {
        self.window.load(Ordering::SeqCst)
    }

    fn raise(&self) {
        self.raised.fetch_add(1, Ordering::SeqCst);
    }

    fn open_in_browser(&self, url: &str) -> bool {
        guard(&self.opened).push(url.to_owned());
        true
    }

    fn clipboard(&self) -> Option<Arc<dyn Clipboard>> {
        self.has_window().then(|| Arc::<RecordedClipboard>::clone(&self.clipboard) as _)
    }

    fn notify(&self, notice: Notice) {
        guard(&self.notices).push(notice);
    }

    fn changed(&self) {
        self.changed.fetch_add(1, Ordering::SeqCst);
    }
}

/// Keeps every parcel it is given, with its address. Fails when told to.
#[derive(Debug, Default)]
pub struct RecordedCourier {
    fails: AtomicBool,
    posted: Mutex<Vec<(Redirect, Parcel)>>,
}

impl RecordedCourier {
    /// From now on nothing arrives, or everything does.
    pub fn set_failing(&self, fails: bool) {
        self.fails.store(fails, Ordering::SeqCst);
    }

    /// What arrived, in order.
    pub fn posted(&self) -> Vec<(Redirect, Parcel)> {
        guard(&self.posted).clone()
    }
}

#[async_trait]
impl Courier for RecordedCourier {
    /// Every name stands for this computer, unless it ends with `.example`.
    async fn addresses(&self, redirect: &Redirect) -> Result<Vec<SocketAddr>, Undelivered> {
        let here = !redirect.host().ends_with(".example");
        let ip = if here { Ipv4Addr::LOCALHOST } else { Ipv4Addr::new(203, 0, 113, 9) };
        Ok(vec![SocketAddr::from((ip, redirect.url().port_or_known_default().unwrap_or_default()))])
    }

    async fn post(
        &self,
        redirect: &Redirect,
        _gate_port: u16,
        parcel: &Parcel,
        check: &ReceiverCheck,
    ) -> Result<(), Undelivered> {
        check.admits(&self.addresses(redirect).await?).await?;
        if self.fails.load(Ordering::SeqCst) {
            return Err(Undelivered::Failed("the app answered 503".to_owned()));
        }
        guard(&self.posted).push((redirect.clone(), parcel.clone()));
        Ok(())
    }
}

fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
