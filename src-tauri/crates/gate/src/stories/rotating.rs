//! Keys in place of others, as their callers see it.

use desk::{
    calls::{KeyList, KeyRotate, KeyShow, KeyView},
    testing::ADMIN,
};
use domain::{KeyId, StopOld};

use super::{Running, unlocked};

impl Running {
    async fn status_of(&self, token: &str) -> u16 {
        self.call("GET", "api-keys/current", &format!("token {token}")).send().await.status
    }

    async fn only_key(&self) -> KeyView {
        self.world.call(KeyList { user: None, search: None }).await.unwrap().remove(0)
    }

    async fn rotate(&self, id: KeyId) -> (KeyId, String) {
        let rotate = KeyRotate { id, old: StopOld::FirstUse, expires: None };
        let rotated = self.world.call(rotate).await.unwrap();
        (rotated.id, rotated.api_key.expose().to_owned())
    }
}

#[tokio::test]
async fn both_keys_are_answered_until_the_first_call_with_the_new_one() {
    let gate = unlocked().await;
    let old = gate.key(ADMIN, &["unrestricted"]).await;
    let (_, new) = gate.rotate(gate.only_key().await.id).await;
    assert_eq!(gate.status_of(&old).await, 200);
    assert_eq!(gate.status_of(&new).await, 200);
    assert_eq!(gate.status_of(&old).await, 401);
    assert_eq!(gate.status_of(&new).await, 200);
}

#[tokio::test]
async fn the_first_call_with_a_key_says_by_which_program_once_in_its_life() {
    let gate = unlocked().await;
    let token = gate.key(ADMIN, &[]).await;
    let id = gate.only_key().await.id;
    let first = async || {
        let shown = gate.world.call(KeyShow { id: id.clone(), reveal: false }).await.unwrap();
        shown.key.first_used
    };
    assert_eq!(first().await, None);
    assert_eq!(gate.status_of("unknown").await, 401);
    assert_eq!(first().await, None);
    assert_eq!(gate.status_of(&token).await, 200);
    let by = first().await.unwrap().by.map(|program| program.exe);
    assert_eq!(by, std::env::current_exe().unwrap().to_str().map(str::to_owned));
}
