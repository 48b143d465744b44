//! Programs of a computer that are as a test says.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use domain::{Listener, Program};

use crate::ports::Processes;

/// One program of the own user, apache2, listens wherever nothing else is said, and every program runs for good.
#[derive(Debug, Default)]
pub struct RecordedProcesses {
    listeners: Mutex<HashMap<u16, Listener>>,
    /// Who listens at a port of `[::1]`, where that is somebody else.
    v6: Mutex<HashMap<u16, Listener>>,
    /// Who listens at a port from the look after the next one on.
    heirs: Mutex<HashMap<u16, Listener>>,
    ended: Mutex<Vec<u32>>,
    looks: AtomicUsize,
}

impl RecordedProcesses {
    /// From now on `listener` is who listens at `port`, at every address of this computer.
    pub fn set_listener(&self, port: u16, listener: Listener) {
        guard(&self.listeners).insert(port, listener);
    }

    /// From now on `listener` is who listens at `port` of `[::1]` alone.
    pub fn set_v6_listener(&self, port: u16, listener: Listener) {
        guard(&self.v6).insert(port, listener);
    }

    /// The next look finds who listens there now, and every later one `listener`.
    pub fn change_after_a_look(&self, port: u16, listener: Listener) {
        guard(&self.heirs).insert(port, listener);
    }

    /// From now on the process of this id runs no more.
    pub fn end(&self, pid: u32) {
        guard(&self.ended).push(pid);
    }

    /// How often somebody looked who listens.
    pub fn looks(&self) -> usize {
        self.looks.load(Ordering::SeqCst)
    }

    /// A program of the own user, as it is seen listening.
    #[must_use]
    pub fn own(name: &str) -> Listener {
        Listener::Own { program: Some(listening(name, 1000, "ana")) }
    }

    /// A program of another user, whose executable is not seen.
    #[must_use]
    pub fn other_user() -> Listener {
        Listener::OtherUser { uid: 1001, user: Some("bob".to_owned()), program: None }
    }
}

impl Processes for RecordedProcesses {
    fn listener(&self, address: SocketAddr) -> Listener {
        self.looks.fetch_add(1, Ordering::SeqCst);
        let own = guard(&self.v6).get(&address.port()).filter(|_| address.is_ipv6()).cloned();
        if let Some(listener) = own {
            return listener;
        }
        let found = guard(&self.listeners).get(&address.port()).cloned();
        if let Some(heir) = guard(&self.heirs).remove(&address.port()) {
            self.set_listener(address.port(), heir);
        }
        found.unwrap_or_else(|| Self::own("apache2"))
    }

    fn is_running(&self, program: &Program) -> Option<bool> {
        Some(!guard(&self.ended).contains(&program.pid))
    }
}

fn listening(name: &str, uid: u32, user: &str) -> Program {
    Program {
        pid: 812,
        exe: Some(format!("/usr/sbin/{name}")),
        script: None,
        uid,
        user: Some(user.to_owned()),
        started: None,
        parent: None,
        terminal: None,
    }
}

fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
