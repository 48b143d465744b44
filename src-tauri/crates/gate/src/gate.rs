//! The gate as a whole: from a request to its one answer.

use std::{io, sync::Arc};

use desk::Desk;
use tokio::sync::{Semaphore, watch};

use crate::{
    answer,
    api::{self, LookUps},
    authorize::Nonces,
    description, guard,
    http::{self, BindError, Handler, Listeners, Request, Response},
    page,
    route::{self, Route, Unserved},
};

/// How many polls may wait at once. A poll that finds no place is answered at once, with how things stand.
const WAITING_POLLS: usize = 128;

/// How many look-ups of an asker's socket may run at once, and how many of its program. Each reads tables of the
/// whole system; those of the second kind are long.
const LOOK_UPS: usize = 4;

/// How many logins with a password may be at it at once: one is checked, which takes long, the others wait.
const LOGINS: usize = 8;

/// Answers everything that comes in at the port.
pub struct Gate {
    pub(crate) desk: Arc<Desk>,
    pub(crate) nonces: Nonces,
    pub(crate) polls: Semaphore,
    pub(crate) sockets: Semaphore,
    pub(crate) programs: Semaphore,
    pub(crate) logins: Semaphore,
    pub(crate) guessers: LookUps,
}

/// The port, taken and not yet served.
#[derive(Debug)]
pub struct Bound {
    listeners: Listeners,
}

impl Gate {
    pub(crate) fn new(desk: Arc<Desk>) -> Self {
        Self {
            desk,
            nonces: Nonces::default(),
            polls: Semaphore::new(WAITING_POLLS),
            sockets: Semaphore::new(LOOK_UPS),
            programs: Semaphore::new(LOOK_UPS),
            logins: Semaphore::new(LOGINS),
            guessers: LookUps::default(),
        }
    }

    /// Takes `port` on both loopback families; 0 is any free one.
    ///
    /// # Errors
    /// [`BindError`], with the holder's name when the port is taken.
    pub fn bind(port: u16) -> Result<Bound, BindError> {
        Ok(Bound { listeners: http::bind(port)? })
    }

    async fn route(&self, request: &Request) -> Response {
        let area = route::area(request.path());
        if let Some(refusal) = guard::host(request).or_else(|| guard::area(request, area)) {
            return answer::refused(request, &refusal);
        }
        match route::find(&request.method, request.path()) {
            Ok(route) => self.serve(request, route).await,
            Err(unserved) => not_served(request, unserved),
        }
    }

    async fn serve(&self, request: &Request, route: Route) -> Response {
        match route {
            Route::Authorize => self.ask(request).await,
            Route::Asked { id } => self.asked(request, &id).await,
            Route::Status { id } => self.status(request, &id).await,
            Route::Raise { id } => self.raise(request, &id),
            Route::Api(call) => self.api(request, call).await,
            Route::Permissions => api::all_permissions(),
            Route::Description => description::answer(),
            Route::Docs => page::docs(request),
        }
    }
}

#[async_trait::async_trait]
impl Handler for Gate {
    async fn handle(&self, request: Request) -> Response {
        self.route(&request).await
    }
}

impl Bound {
    /// The port, the same on both families.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.listeners.port()
    }

    /// Whether this machine has no IPv6 loopback address: then the gate is at `127.0.0.1` only.
    #[must_use]
    pub fn v6_missing(&self) -> bool {
        self.listeners.v6_missing()
    }

    /// Serves `desk` until `shutdown` turns true. Polls that wait then are answered by the desk's own closing.
    ///
    /// # Errors
    /// When the runtime cannot take the listeners over.
    pub async fn serve(self, desk: Arc<Desk>, shutdown: watch::Receiver<bool>) -> io::Result<()> {
        desk.gate_is_at(self.port());
        http::serve(self.listeners, Arc::new(Gate::new(desk)), shutdown).await
    }
}

fn not_served(request: &Request, unserved: Unserved) -> Response {
    match unserved {
        Unserved::NotFound if answer::wants_page(request) => page::nothing_here(),
        Unserved::NotFound => answer::refused(request, &answer::NOT_FOUND),
        Unserved::NotAllowed(allow) => answer::refused(request, &answer::NOT_ALLOWED).with("Allow", allow),
    }
}
