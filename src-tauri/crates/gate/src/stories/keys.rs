//! The Greenfield endpoints about keys.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use desk::{
    calls::{KeyCreate, Lock, UserCreate},
    testing::{ADMIN, ADMIN_PASSWORD},
};
use serde_json::{Value, json};

use super::{Running, client::Ask, unlocked};

pub(super) fn basic(email: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{email}:{password}")))
}

pub(super) fn admin() -> String {
    basic(ADMIN, ADMIN_PASSWORD)
}

impl Running {
    pub(super) fn call(&self, method: &str, path: &str, authorization: &str) -> Ask {
        self.ask(method, &format!("/api/v1/{path}")).with("Authorization", authorization)
    }

    /// A key by hand; its token.
    pub(super) async fn key(&self, user: &str, permissions: &[&str]) -> String {
        let args = KeyCreate {
            user: user.to_owned(),
            issuer: None,
            label: "by hand".to_owned(),
            permissions: permissions.iter().map(|&text| text.to_owned()).collect(),
            expires: None,
        };
        self.world.call(args).await.unwrap().api_key.expose().to_owned()
    }

    async fn user(&self, email: &str, is_admin: bool) -> String {
        let args = UserCreate { email: email.to_owned(), admin: is_admin, password: None };
        self.world.call(args).await.unwrap().id.to_string()
    }
}

#[tokio::test]
async fn a_key_is_known_by_either_scheme_in_any_case() {
    let gate = unlocked().await;
    let key = gate.key(ADMIN, &["btcpay.store.canviewinvoices"]).await;
    for scheme in ["token", "Token", "bearer", "BEARER", "token  "] {
        let answer = gate.call("GET", "api-keys/current", &format!("{scheme} {key}")).send().await;
        assert_eq!(answer.status, 200, "{scheme}");
        let body = answer.json();
        assert_eq!(body["apiKey"], key.as_str());
        assert_eq!(body["label"], "by hand");
        assert_eq!(body["permissions"], json!(["btcpay.store.canviewinvoices"]));
        assert!(body["id"].as_str().unwrap().starts_with("akid_"));
    }
}

#[tokio::test]
async fn nobody_gets_in_without_a_good_key_and_no_answer_asks_for_a_password() {
    let gate = unlocked().await;
    let key = gate.key(ADMIN, &[]).await;
    let missing = "Authentication is required for accessing this endpoint";
    let unknown = "ApiKey authentication failed: Unknown API Key";
    for (authorization, message) in [
        (String::new(), missing),
        ("token".to_owned(), missing),
        (format!("key {key}"), missing),
        (format!("token{key}"), missing),
        (admin(), missing),
        ("token nonsense".to_owned(), unknown),
        (format!("token {key}x"), unknown),
        (format!("token {}", key.to_uppercase()), unknown),
    ] {
        let answer = gate.call("GET", "api-keys/current", &authorization).send().await;
        assert_eq!(
            answer.json(),
            json!({ "code": "unauthenticated", "message": message }),
            "{authorization}"
        );
        assert_eq!((answer.status, answer.field("www-authenticate")), (401, None));
    }
    let twice =
        gate.call("GET", "api-keys/current", &format!("token {key}")).with("Authorization", "token x");
    assert_eq!(twice.send().await.status, 401);
}

#[tokio::test]
async fn a_crowd_of_logins_is_told_to_wait_and_holds_up_no_key() {
    let gate = unlocked().await;
    let key = gate.key(ADMIN, &["unrestricted"]).await;
    let crowd = gate.gate.logins.acquire_many(8).await.unwrap();
    for (method, path) in [("GET", "server/info"), ("POST", "api-keys"), ("DELETE", "api-keys/x")] {
        let ninth = gate.call(method, path, &admin()).send().await;
        assert_eq!((ninth.status, ninth.code().as_str()), (429, "too-many-requests"), "{path}");
        assert_eq!(ninth.field("retry-after"), Some("1"));
    }
    assert_eq!(gate.call("GET", "server/info", &format!("token {key}")).send().await.status, 200);
    assert_eq!(gate.get("/api-keys/authorize").send().await.status, 202);
    drop(crowd);
    assert_eq!(gate.call("GET", "server/info", &admin()).send().await.status, 200);
}

#[tokio::test]
async fn a_password_may_have_colons_and_basic_is_unrestricted() {
    let gate = unlocked().await;
    let made = gate.call("POST", "api-keys", &admin()).json("{}").send().await;
    assert_eq!(made.status, 200, "{}", made.body);
    let key = made.json()["apiKey"].as_str().unwrap().to_owned();
    assert!(key.len() == 40 && key.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')));
    assert_eq!(gate.call("GET", "api-keys/current", &format!("token {key}")).send().await.status, 200);
    let shouting = basic(&ADMIN.to_uppercase(), ADMIN_PASSWORD);
    assert_eq!(gate.call("GET", "server/info", &shouting).send().await.status, 200);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_user_look_the_same() {
    let gate = unlocked().await;
    let wrong = gate.call("GET", "server/info", &basic(ADMIN, "colons")).send().await;
    let unknown = gate.call("GET", "server/info", &basic("nobody@shop.example", ADMIN_PASSWORD)).send().await;
    let no_address = gate.call("GET", "server/info", &basic("nobody", ADMIN_PASSWORD)).send().await;
    assert_eq!(wrong.status, 401);
    assert_eq!(wrong.json()["message"], "Basic authentication failed: User not found or invalid password");
    assert!(wrong.body == unknown.body && wrong.body == no_address.body);
    let garbled = gate.call("GET", "server/info", "Basic %%%").send().await;
    assert!(garbled.json()["message"].as_str().unwrap().contains("not in a correct format"));
}

#[tokio::test]
async fn a_key_ends_itself_and_is_unknown_from_then_on() {
    let gate = unlocked().await;
    let token = format!("token {}", gate.key(ADMIN, &[]).await);
    let current = gate.call("GET", "api-keys/current", &token).send().await;
    let ended = gate.call("DELETE", "api-keys/current", &token).json("{}").send().await;
    assert_eq!((ended.status, ended.json()), (200, current.json()));
    let again = gate.call("DELETE", "api-keys/current", &token).send().await;
    assert_eq!(again.json()["message"], "ApiKey authentication failed: Unknown API Key");
    assert_eq!(gate.call("GET", "api-keys/current", &token).send().await.status, 401);
}

#[tokio::test]
async fn bodies_are_read_as_generously_as_greenfield_reads_them() {
    let gate = unlocked().await;
    for (body, label, permissions) in [
        ("{}", "", json!([])),
        (r#"{"label":null,"permissions":null}"#, "", json!([])),
        (
            r#"{"Label":"a","PERMISSIONS":["btcpay.store.canviewinvoices"],"x":1}"#,
            "a",
            json!(["btcpay.store.canviewinvoices"]),
        ),
        (
            r#"{"permissions":["BTCPay.Store.canviewinvoices:S1","btcpay.plugin.x","btcpay.plugin.x"]}"#,
            "",
            json!(["btcpay.plugin.x", "btcpay.store.canviewinvoices:S1"]),
        ),
    ] {
        let made = gate.call("POST", "api-keys/", &admin()).json(body).send().await;
        assert_eq!(made.status, 200, "{body}: {}", made.body);
        assert_eq!(
            (&made.json()["label"], &made.json()["permissions"]),
            (&json!(label), &permissions),
            "{body}"
        );
    }
}

#[tokio::test]
async fn a_bad_body_is_422_with_the_path_as_it_was_sent() {
    let gate = unlocked().await;
    let long = format!(r#"{{"label":"{}"}}"#, "x".repeat(201));
    let many = json!({ "permissions": vec!["btcpay.store.canviewinvoices"; 101] }).to_string();
    for (body, path) in [
        ("", ""),
        ("null", ""),
        ("{", ""),
        ("[]", ""),
        (r#"{"label":7}"#, "label"),
        (r#"{"Permissions":"x"}"#, "Permissions"),
        (r#"{"permissions":["btcpay.store.canviewinvoices","nope"]}"#, "permissions[1]"),
        (r#"{"permissions":[1]}"#, "permissions[0]"),
        (r#"{"permissions":["unrestricted:x"]}"#, "permissions[0]"),
        (r#"{"permissions":["btcpay.server.canviewusers:x"]}"#, "permissions[0]"),
        (long.as_str(), "Label"),
        (many.as_str(), "Permissions"),
    ] {
        let answer = gate.call("POST", "api-keys", &admin()).json(body).send().await;
        assert_eq!(answer.status, 422, "{body}");
        let broken = answer.json();
        assert_eq!((broken.as_array().unwrap().len(), &broken[0]["path"]), (1, &json!(path)), "{body}");
        assert!(!broken[0]["message"].as_str().unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_restricted_key_makes_no_keys_and_is_told_what_it_lacks() {
    let gate = unlocked().await;
    let token = format!("token {}", gate.key(ADMIN, &["btcpay.store.canmodifystoresettings"]).await);
    for (method, path, missing) in [
        ("POST", "api-keys".to_owned(), "unrestricted"),
        ("DELETE", "api-keys/akid_0000000000000000".to_owned(), "unrestricted"),
        ("POST", format!("users/{ADMIN}/api-keys"), "btcpay.server.canmanageusers"),
        ("DELETE", "users/nobody/api-keys/x".to_owned(), "btcpay.server.canmanageusers"),
    ] {
        let answer = gate.call(method, &path, &token).json("{}").send().await;
        assert_eq!(answer.status, 403, "{method} {path}");
        let start = format!(r#"{{"missingPermission":"{missing}","code":"missing-permission","message":""#);
        assert!(answer.body.starts_with(&start), "{}", answer.body);
    }
}

#[tokio::test]
async fn an_admin_makes_and_revokes_keys_for_anybody_by_id_or_address() {
    let gate = unlocked().await;
    let ana = gate.user("ana+till@shop.example", false).await;
    for name in [ana.as_str(), "ana%2Btill%40shop.example", "ANA+till@shop.example"] {
        let made = gate.call("POST", &format!("users/{name}/api-keys"), &admin()).json("{}").send().await;
        assert_eq!(made.status, 200, "{name}: {}", made.body);
        let (key, id) = (made.json()["apiKey"].clone(), made.json()["id"].clone());
        let named = if name == ana { &key } else { &id };
        let path = format!("users/{name}/api-keys/{}", named.as_str().unwrap());
        let ended = gate.call("DELETE", &path, &admin()).send().await;
        assert_eq!((ended.status, ended.body.as_str(), ended.field("content-type")), (200, "", None));
        let gone = gate.call("DELETE", &path, &admin()).send().await;
        assert_eq!((gone.status, gone.code().as_str()), (400, "apikey-not-found"));
    }
    for (method, path) in [("POST", "users/me/api-keys"), ("DELETE", "users/nobody@x.example/api-keys/x")] {
        let nobody = gate.call(method, path, &admin()).json("{}").send().await;
        assert_eq!((nobody.status, nobody.code().as_str()), (404, "user-not-found"), "{path}");
    }
}

#[tokio::test]
async fn a_user_is_made_by_nobody_without_credentials_and_not_yet_with_them() {
    let gate = unlocked().await;
    let wish = r#"{"email":"eve@shop.example","password":"12345678","isAdministrator":true}"#;
    let anonymous = gate.ask("POST", "/api/v1/users").json(wish).send().await;
    assert_eq!((anonymous.status, anonymous.code().as_str()), (401, "unauthenticated"));
    let by_admin = gate.call("POST", "users/", &admin()).json(wish).send().await;
    assert_eq!((by_admin.status, by_admin.code().as_str()), (404, "not-served"));
}

#[tokio::test]
async fn a_key_of_somebody_else_is_not_found_among_ones_own() {
    let gate = unlocked().await;
    gate.user("ana@shop.example", false).await;
    let hers = gate.key("ana@shop.example", &["unrestricted"]).await;
    let answer = gate.call("DELETE", &format!("api-keys/{hers}"), &admin()).send().await;
    assert_eq!((answer.status, answer.code().as_str()), (400, "apikey-not-found"));
    let own = gate.call("DELETE", &format!("api-keys/{hers}"), &format!("token {hers}")).send().await;
    assert_eq!(own.status, 200);
}

#[tokio::test]
async fn a_key_that_manages_users_hands_out_nothing_above_itself() {
    let gate = unlocked().await;
    gate.user("ana@shop.example", false).await;
    let manager = format!("token {}", gate.key(ADMIN, &["btcpay.server.canmanageusers"]).await);
    for (user, permission, status) in [
        ("ana@shop.example", "btcpay.store.canmodifystoresettings", 200),
        ("ana@shop.example", "unrestricted", 403),
        ("ana@shop.example", "btcpay.server.canmodifyserversettings", 403),
        (ADMIN, "btcpay.store.canviewinvoices", 403),
        (ADMIN, "btcpay.server.cancreateuser", 200),
    ] {
        let body = json!({ "permissions": [permission] }).to_string();
        let answer = gate.call("POST", &format!("users/{user}/api-keys"), &manager).json(&body).send().await;
        assert_eq!(answer.status, status, "{user} {permission}: {}", answer.body);
    }
}

#[tokio::test]
async fn locked_keys_answer_and_end_but_none_begins() {
    let gate = unlocked().await;
    let token = format!("token {}", gate.key(ADMIN, &["unrestricted"]).await);
    gate.world.call(Lock {}).await.unwrap();
    assert_eq!(gate.call("GET", "api-keys/current", &token).send().await.status, 200);
    for path in ["api-keys".to_owned(), format!("users/{ADMIN}/api-keys")] {
        let answer = gate.call("POST", &path, &token).json("{}").send().await;
        assert_eq!((answer.status, answer.code().as_str()), (503, "locked"), "{path}");
    }
    assert_eq!(gate.call("DELETE", "api-keys/current", &token).send().await.status, 200);
}

#[tokio::test]
async fn health_is_for_everybody_and_server_info_for_callers() {
    let gate = unlocked().await;
    let health = gate.call("GET", "health", "token nonsense").send().await;
    assert_eq!((health.status, health.json()), (200, json!({ "synchronized": true })));
    assert_eq!(gate.get("/api/v1/server/info").send().await.status, 401);
    let token = format!("token {}", gate.key(ADMIN, &[]).await);
    let info = gate.call("GET", "server/info/", &token).with("Content-Type", "application/json").send().await;
    assert_eq!(
        info.json(),
        json!({
            "version": "2.4.1",
            "onion": Value::Null,
            "supportedPaymentMethods": [],
            "fullySynched": true,
            "syncStatus": [],
            "fieldgateVersion": env!("CARGO_PKG_VERSION"),
        })
    );
}
