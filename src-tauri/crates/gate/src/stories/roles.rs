//! The roles in stores, and those of the server.

use desk::testing::ADMIN;

use super::{stores::Shops as _, unlocked};

const ROLES: &str = concat!(
    r#"[{"id":"Owner","role":"Owner","permissions":["btcpay.store.canmodifystoresettings"],"isServerRole":true},"#,
    r#"{"id":"Manager","role":"Manager","permissions":["btcpay.store.canviewstoresettings","#,
    r#""btcpay.store.canmodifyinvoices","btcpay.store.webhooks.canmodifywebhooks","#,
    r#""btcpay.store.canmodifypaymentrequests","btcpay.store.canmanagepullpayments","#,
    r#""btcpay.store.canmanagepayouts"],"isServerRole":true},"#,
    r#"{"id":"Employee","role":"Employee","permissions":["btcpay.store.canmodifyinvoices","#,
    r#""btcpay.store.canmodifypaymentrequests","btcpay.store.cancreatenonapprovedpullpayments","#,
    r#""btcpay.store.canviewpayouts","btcpay.store.canviewpullpayments"],"isServerRole":true},"#,
    r#"{"id":"Guest","role":"Guest","permissions":["btcpay.store.canmodifyinvoices","#,
    r#""btcpay.store.canviewpaymentrequests","btcpay.store.canviewpullpayments","#,
    r#""btcpay.store.canviewpayouts"],"isServerRole":true}]"#,
);

#[tokio::test]
async fn the_roles_of_a_store_are_for_who_may_modify_it() {
    let gate = unlocked().await;
    gate.user("ana@shop.example", false).await;
    let shop = gate.store("Shop", "ana@shop.example").await;
    let path = format!("stores/{shop}/roles");
    for (user, permission, status) in [
        ("ana@shop.example", "unrestricted", 200),
        ("ana@shop.example", &*format!("btcpay.store.canmodifystoresettings:{shop}"), 200),
        ("ana@shop.example", "btcpay.store.canviewstoresettings", 403),
        (ADMIN, "unrestricted", 403),
    ] {
        let answer = gate.call("GET", &path, &gate.token(user, &[permission]).await).send().await;
        assert_eq!(answer.status, status, "{user} {permission}");
        if status == 200 {
            assert_eq!(answer.body, ROLES);
        } else {
            assert_eq!(answer.json()["missingPermission"], "btcpay.store.canmodifystoresettings");
        }
    }
}

#[tokio::test]
async fn the_roles_of_the_server_are_for_admins_who_may_modify_it() {
    let gate = unlocked().await;
    gate.user("ana@shop.example", false).await;
    for (user, permission, status) in [
        (ADMIN, "btcpay.server.canmodifyserversettings", 200),
        (ADMIN, "btcpay.server.canmanageusers", 403),
        ("ana@shop.example", "unrestricted", 403),
    ] {
        let answer = gate.call("GET", "server/roles", &gate.token(user, &[permission]).await).send().await;
        assert_eq!(answer.status, status, "{user} {permission}");
        if status == 200 {
            assert_eq!(answer.body, ROLES);
        } else {
            assert_eq!(answer.json()["missingPermission"], "btcpay.server.canmodifyserversettings");
        }
    }
    assert_eq!(gate.get("/api/v1/server/roles").send().await.status, 401);
}
