//! Whole stories over real sockets: a gate, a desk behind it, a store in memory.

mod asking;
mod client;
mod collecting;
mod describing;
mod guarding;
mod guessing;
mod keys;
mod permissions;
mod receiving;
mod roles;
mod rotating;
mod store_rights;
mod stores;
mod users;
mod waiting;

use std::sync::Arc;

use desk::{
    CallError,
    calls::{Approve, ApprovedView, Proof, Refuse},
    testing::TestDesk,
};
use domain::{CollectSecret, RequestId};
use tokio::sync::watch;

use crate::{Gate, http};
use client::{Answer, Ask};

/// A gate that serves; it ends with the test's runtime.
struct Running {
    world: TestDesk,
    gate: Arc<Gate>,
    port: u16,
    _stop: watch::Sender<bool>,
}

/// An asker's own way back.
struct Asker {
    id: RequestId,
    secret: CollectSecret,
    number: u8,
}

async fn unlocked() -> Running {
    serve(TestDesk::unlocked().await.unwrap())
}

fn serve(world: TestDesk) -> Running {
    let gate = Arc::new(Gate::new(Arc::clone(&world.desk)));
    let listeners = http::bind(0).unwrap();
    let port = listeners.port();
    world.desk.gate_is_at(port);
    let (stop, shutdown) = watch::channel(false);
    tokio::spawn(http::serve(listeners, Arc::clone(&gate), shutdown));
    Running { world, gate, port, _stop: stop }
}

impl Running {
    fn get(&self, target: &str) -> Ask {
        Ask::new(self.port, "GET", target)
    }

    /// A tab goes there.
    fn open(&self, target: &str) -> Ask {
        let fields = [
            ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8"),
            ("Sec-Fetch-Mode", "navigate"),
            ("Sec-Fetch-Dest", "document"),
        ];
        fields.into_iter().fold(self.get(target), |ask, (name, value)| ask.with(name, value))
    }

    fn ask(&self, method: &str, target: &str) -> Ask {
        Ask::new(self.port, method, target)
    }

    async fn program_asks(&self, query: &str) -> Asker {
        let taken = self.get(&format!("/api-keys/authorize?{query}")).send().await;
        assert_eq!(taken.status, 202, "{}", taken.body);
        let body = taken.json();
        let poll = body["poll"].as_str().unwrap();
        Asker { number: u8::try_from(body["number"].as_u64().unwrap()).unwrap(), ..Asker::at(poll) }
    }

    async fn browser_asks(&self, query: &str) -> Asker {
        let sent_on = self.open(&format!("/api-keys/authorize?{query}")).send().await;
        assert_eq!(sent_on.status, 303, "{}", sent_on.body);
        let asker = Asker::at(sent_on.field("location").unwrap());
        let page = self.open(&asker.place()).send().await;
        assert_eq!(page.status, 200, "{}", page.body);
        Asker { number: page.number().unwrap(), ..asker }
    }

    async fn approve(&self, asker: &Asker) -> ApprovedView {
        self.approve_with(asker, |_| {}).await.unwrap()
    }

    async fn approve_with(
        &self,
        asker: &Asker,
        choose: impl FnOnce(&mut Approve),
    ) -> Result<ApprovedView, CallError> {
        let mut args = Approve {
            id: asker.id.clone(),
            user: None,
            issuer: None,
            stores: Vec::new(),
            permissions: None,
            label: None,
            expires: None,
            proof: Proof::Number(asker.number),
            stop_old: Vec::new(),
            matching: None,
            passphrase: None,
            receiver: None,
            remember: None,
        };
        choose(&mut args);
        self.world.call(args).await
    }

    async fn refuse(&self, asker: &Asker, block: bool) {
        self.world.call(Refuse { id: asker.id.clone(), block }).await.unwrap();
    }

    async fn poll(&self, asker: &Asker) -> Answer {
        self.get(&asker.place()).send().await
    }
}

impl Asker {
    fn at(place: &str) -> Self {
        let (path, secret) = place.split_once("?c=").expect("a collect secret");
        let id = path.rsplit('/').next().unwrap().parse().unwrap();
        Self { id, secret: CollectSecret::presented(secret), number: 0 }
    }

    fn place(&self) -> String {
        format!("/api-keys/authorize/{}?c={}", self.id, self.secret.expose())
    }

    fn without_secret(&self) -> String {
        format!("/api-keys/authorize/{}", self.id)
    }

    fn below(&self, what: &str) -> String {
        format!("/api-keys/authorize/{}/{what}?c={}", self.id, self.secret.expose())
    }
}
