//! A gate that cannot see who asks.

use std::io::Read as _;
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use desk::testing::TestDesk;
use domain::{Asker, Mode};

use super::looking::{Stranger, of_user};
use crate::{
    gate::Gate,
    http::{Headers, Request, Version},
    peer::Socket,
};

/// A gate, and both ends of a connection to it.
struct Scene {
    world: TestDesk,
    gate: Gate,
    client: Option<TcpStream>,
    served: TcpStream,
}

impl Scene {
    async fn new() -> Self {
        let world = TestDesk::unlocked().await.unwrap();
        let gate = Gate::new(Arc::clone(&world.desk));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (served, _) = listener.accept().unwrap();
        Self { world, gate, client: Some(client), served }
    }

    /// The answer to a request for a key; its status.
    async fn ask(&self, query: &str) -> u16 {
        let local = self.served.local_addr().unwrap();
        let request = Request {
            method: "GET".to_owned(),
            target: format!("/api-keys/authorize?{query}"),
            version: Version::Http11,
            headers: [("Host".to_owned(), local.to_string())].into_iter().collect::<Headers>(),
            body: Vec::new(),
            peer: self.served.peer_addr().unwrap(),
            local,
            guesser: std::sync::Arc::default(),
        };
        self.gate.ask(&request).await.status
    }

    async fn waiting(&self) -> usize {
        self.world.call(desk::calls::Requests {}).await.unwrap().len()
    }
}

#[tokio::test]
async fn whoever_has_gone_before_it_was_seen_has_not_asked() {
    let mut scene = Scene::new().await;
    assert_eq!(scene.ask("").await, 202);
    drop(scene.client.take());
    assert_eq!(scene.served.read(&mut [0]).unwrap(), 0);
    assert_eq!(scene.ask("").await, 503);
    assert_eq!(scene.waiting().await, 1);
}

#[tokio::test]
async fn only_the_very_same_user_is_ours() {
    let of = |uid| Socket { inode: 1, uid };
    assert_eq!(of_user(of(1000), 1000), Ok(of(1000)));
    for (theirs, own) in [(0, 1000), (1000, 0), (65534, 1000)] {
        assert_eq!(of_user(of(theirs), own), Err(Stranger::OtherUser));
    }
}

#[tokio::test]
async fn without_a_turn_in_time_nothing_is_taken_in() {
    let scene = Scene::new().await;
    tokio::time::pause();
    for turns in [&scene.gate.sockets, &scene.gate.programs] {
        let taken = turns.acquire_many(4).await.unwrap();
        assert_eq!(scene.ask("").await, 503);
        drop(taken);
    }
    assert_eq!(scene.waiting().await, 0);
    assert_eq!(scene.ask("").await, 202);
}

#[tokio::test]
async fn what_is_refused_whoever_asks_takes_no_turn_of_those_who_may() {
    let scene = Scene::new().await;
    let query = "applicationIdentifier=x&redirect=https://x.example/cb";
    let parsed = domain::AuthorizeRequest::parse(query, &domain::OwnAddress { port: 1 }).unwrap();
    let nobody = Asker { mode: Mode::Browser, program: None, sent_by: None };
    let ticket = scene.world.desk.ask(parsed, nobody).await.unwrap();
    scene.world.call(desk::calls::Refuse { id: ticket.id, block: true }).await.unwrap();
    let _taken = scene.gate.programs.acquire_many(4).await.unwrap();
    assert_eq!(scene.ask(query).await, 403);
}
