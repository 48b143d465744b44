//! Which stores a caller sees and changes: what its key allows, and its user's role.

use desk::{
    calls::{StoreMemberRemove, StoreMemberSet},
    testing::ADMIN,
};
use domain::Role;
use serde_json::json;

use super::{
    stores::{ANA, MODIFY, Shops as _, VIEW, assert_missing, ids},
    unlocked,
};

#[tokio::test]
async fn a_key_for_one_store_lists_it_alone_and_makes_none() {
    let gate = unlocked().await;
    gate.user(ANA, false).await;
    let (mine, other) = (gate.store("Mine", ANA).await, gate.store("Other", ANA).await);
    let token = gate.token(ANA, &[&format!("{MODIFY}:{mine}")]).await;
    assert_eq!(ids(&gate.call("GET", "stores", &token).send().await), std::slice::from_ref(&mine));
    assert_missing(&gate.call("POST", "stores", &token).json(r#"{"name":"New"}"#).send().await, MODIFY);
    assert_missing(&gate.call("GET", &format!("stores/{other}"), &token).send().await, VIEW);
    for (method, body) in [("PUT", r#"{"name":"x"}"#), ("DELETE", "{}")] {
        let ask = gate.call(method, &format!("stores/{other}"), &token).json(body);
        assert_missing(&ask.send().await, MODIFY);
    }
    let renamed = gate.call("PUT", &format!("stores/{mine}"), &token).json(r#"{"name":"Till"}"#).send().await;
    assert_eq!((renamed.status, &renamed.json()["name"]), (200, &json!("Till")));
    let all = gate.token(ANA, &[VIEW]).await;
    assert_eq!(ids(&gate.call("GET", "stores", &all).send().await), [mine, other]);
}

#[tokio::test]
async fn a_key_that_may_view_but_has_no_store_sees_an_empty_list() {
    let gate = unlocked().await;
    gate.user(ANA, false).await;
    gate.store("Not hers", ADMIN).await;
    for permission in [VIEW, "unrestricted", "btcpay.store.canviewstoresettings:nowhere"] {
        let answer = gate.call("GET", "stores", &gate.token(ANA, &[permission]).await).send().await;
        assert_eq!((answer.status, answer.body.as_str()), (200, "[]"), "{permission}");
    }
}

#[tokio::test]
async fn a_key_without_the_permission_is_told_which_one_it_lacks() {
    let gate = unlocked().await;
    let id = gate.store("Shop", ADMIN).await;
    for permissions in [&[][..], &["btcpay.store.canviewinvoices"], &["btcpay.server.canviewusers"]] {
        let token = gate.token(ADMIN, permissions).await;
        assert_missing(&gate.call("GET", "stores", &token).send().await, VIEW);
        assert_missing(&gate.call("GET", &format!("stores/{id}"), &token).send().await, VIEW);
    }
    let view = gate.token(ADMIN, &[VIEW]).await;
    // The permission comes before the body.
    assert_missing(&gate.call("POST", "stores", &view).json("{").send().await, MODIFY);
    assert_missing(&gate.call("PUT", &format!("stores/{id}"), &view).json("{").send().await, MODIFY);
    assert_missing(&gate.call("DELETE", &format!("stores/{id}"), &view).send().await, MODIFY);
}

#[tokio::test]
async fn the_role_in_a_store_decides_what_is_seen_of_it() {
    let gate = unlocked().await;
    let ana = gate.user(ANA, false).await;
    let token = gate.token(ANA, &["unrestricted"]).await;
    for (role, sees, changes) in [
        (Role::Owner, true, true),
        (Role::Manager, true, false),
        (Role::Employee, false, false),
        (Role::Guest, false, false),
    ] {
        let id = gate.store("Shop", ADMIN).await;
        gate.join(&id, &ana, role).await;
        let path = format!("stores/{id}");
        let listed = ids(&gate.call("GET", "stores", &token).send().await);
        assert_eq!(listed.contains(&id), sees, "{role:?}");
        let read = gate.call("GET", &path, &token).send().await;
        if sees {
            assert_eq!(read.status, 200, "{role:?}")
        } else {
            assert_missing(&read, VIEW)
        }
        let put = gate.call("PUT", &path, &token).json(r#"{"name":"Mine"}"#).send().await;
        if changes { assert_eq!(put.status, 200, "{role:?}") } else { assert_missing(&put, MODIFY) }
    }
}

#[tokio::test]
async fn a_key_answers_by_the_role_that_its_user_has_by_now() {
    let gate = unlocked().await;
    let ana = gate.user(ANA, false).await;
    let id = gate.store("Shop", ADMIN).await;
    let token = gate.token(ANA, &["unrestricted"]).await;
    let status = async || gate.call("GET", &format!("stores/{id}"), &token).send().await.status;
    assert_eq!(status().await, 403);
    let store: domain::StoreId = id.parse().unwrap();
    for (role, expected) in [(Role::Manager, 200), (Role::Guest, 403), (Role::Owner, 200)] {
        let set = StoreMemberSet { store: store.clone(), user: ana.clone(), role };
        gate.world.call(set).await.unwrap();
        assert_eq!(status().await, expected, "{role:?}");
    }
    gate.world.call(StoreMemberRemove { store, user: ana }).await.unwrap();
    assert_eq!(status().await, 403);
}

#[tokio::test]
async fn an_admin_views_any_store_changes_none_of_others_and_lists_its_own() {
    let gate = unlocked().await;
    gate.user(ANA, false).await;
    let (hers, own) = (gate.store("Hers", ANA).await, gate.store("Own", ADMIN).await);
    let token = gate.token(ADMIN, &["unrestricted"]).await;
    let read = gate.call("GET", &format!("stores/{hers}"), &token).send().await;
    assert_eq!((read.status, &read.json()["name"]), (200, &json!("Hers")));
    assert_eq!(ids(&gate.call("GET", "stores", &token).send().await), [own]);
    for (method, body) in [("PUT", r#"{"name":"x"}"#), ("DELETE", "")] {
        assert_missing(&gate.call(method, &format!("stores/{hers}"), &token).json(body).send().await, MODIFY);
    }
    let narrow = gate.token(ADMIN, &["btcpay.server.canmodifyserversettings"]).await;
    assert_missing(&gate.call("GET", &format!("stores/{hers}"), &narrow).send().await, VIEW);
}

#[tokio::test]
async fn a_store_that_is_not_there_looks_like_one_of_others() {
    let gate = unlocked().await;
    gate.user(ANA, false).await;
    let foreign = gate.store("Not hers", ADMIN).await;
    let own = gate.store("Hers", ANA).await;
    let token = gate.token(ANA, &["unrestricted"]).await;
    let refused = gate.call("GET", &format!("stores/{foreign}"), &token).send().await;
    assert_missing(&refused, VIEW);
    for id in ["nowhere", &own.to_lowercase(), "a%2Fb", "%20", &"x".repeat(200), &format!("{own}%20")] {
        let answer = gate.call("GET", &format!("stores/{id}"), &token).send().await;
        assert_eq!((answer.status, &answer.body), (403, &refused.body), "{id}");
        for (method, body) in [("PUT", r#"{"name":"x"}"#), ("DELETE", "")] {
            let ask = gate.call(method, &format!("stores/{id}"), &token).json(body);
            assert_missing(&ask.send().await, MODIFY);
        }
    }
    let encoded: String = own.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let read = gate.call("GET", &format!("stores/{encoded}/"), &token).send().await;
    assert_eq!((read.status, &read.json()["id"]), (200, &json!(own)));
}
