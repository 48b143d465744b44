//! The Greenfield endpoints about users.

use std::time::Duration;

use desk::{
    calls::{Lock, UserAdmin},
    testing::{ADMIN, ADMIN_PASSWORD},
};
use serde_json::{Value, json};

use super::{
    Running,
    client::Answer,
    keys::{admin, basic},
    unlocked,
};

const ANA: &str = "ana@shop.example";

impl Running {
    async fn token(&self, user: &str, permissions: &[&str]) -> String {
        format!("token {}", self.key(user, permissions).await)
    }

    async fn send(&self, method: &str, path: &str, authorization: &str, body: &Value) -> Answer {
        self.call(method, path, authorization).json(&body.to_string()).send().await
    }

    /// Makes Ana over the API.
    async fn ana(&self) -> Answer {
        let wish = json!({ "email": ANA, "password": "passwörd: 1" });
        let made = self.send("POST", "users", &admin(), &wish).await;
        assert_eq!(made.status, 201, "{}", made.body);
        made
    }
}

fn missing(answer: &Answer) -> String {
    assert_eq!((answer.status, answer.code().as_str()), (403, "missing-permission"), "{}", answer.body);
    answer.json()["missingPermission"].as_str().unwrap().to_owned()
}

/// Where each broken rule is.
fn paths(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 422, "{}", answer.body);
    let broken = answer.json();
    let broken = broken.as_array().unwrap();
    assert!(broken.iter().all(|one| !one["message"].as_str().unwrap().is_empty()));
    broken.iter().map(|one| one["path"].as_str().unwrap().to_owned()).collect()
}

fn nothing(answer: &Answer) -> bool {
    (answer.status, answer.body.as_str(), answer.field("content-type")) == (200, "", None)
}

#[tokio::test]
async fn a_user_is_told_in_the_very_fields_of_greenfield() {
    let gate = unlocked().await;
    let picture = "https://shop.example/ana.png";
    let wish = json!({ "email": ANA, "name": "Ana", "imageUrl": picture, "sendInvitationEmail": true });
    let made = gate.send("POST", "users", &admin(), &wish).await;
    let id = made.json()["id"].as_str().unwrap().to_owned();
    assert!(id.len() == 36 && id.split('-').count() == 5, "{id} is a GUID");
    let body = format!(
        r#"{{"id":"{id}","email":"{ANA}","name":"Ana","imageUrl":"{picture}","emailConfirmed":true,"requiresEmailConfirmation":false,"approved":true,"requiresApproval":false,"roles":[],"invitationUrl":null,"created":1800000000,"disabled":false,"storeQuota":null}}"#
    );
    assert_eq!((made.status, &made.body), (201, &body));
    assert_eq!(made.field("content-type"), Some("application/json; charset=utf-8"));
    let ana = gate.token(ANA, &["btcpay.user.canviewprofile"]).await;
    assert_eq!(gate.call("GET", "users/me", &ana).send().await.body, body);
    for path in ["users", "users/"] {
        let all = gate.call("GET", path, &admin()).send().await;
        assert_eq!((all.status, all.json().as_array().unwrap().len()), (200, 2));
        assert!(all.body.ends_with(&format!(",{body}]")), "{}", all.body);
        let first = &all.json()[0];
        assert_eq!((&first["email"], &first["roles"]), (&json!(ADMIN), &json!(["ServerAdmin"])));
        assert_eq!((&first["name"], &first["imageUrl"]), (&Value::Null, &Value::Null));
    }
}

#[tokio::test]
async fn a_user_is_found_by_id_or_by_address_in_any_case_and_encoding() {
    let gate = unlocked().await;
    let id = gate.user("ana+till@shop.example", false).await;
    let viewer = gate.token(ADMIN, &["btcpay.server.canviewusers"]).await;
    for name in
        [id.as_str(), "ana+till@shop.example", "ana%2Btill%40shop.example", "ANA%2btill@Shop.Example/"]
    {
        let found = gate.call("GET", &format!("users/{name}"), &viewer).send().await;
        assert_eq!((found.status, &found.json()["id"]), (200, &json!(id)), "{name}");
    }
    for name in ["nobody", "nobody@shop.example", &id.to_uppercase(), "me%40"] {
        let gone = gate.call("GET", &format!("users/{name}"), &viewer).send().await;
        assert_eq!((gone.status, gone.code().as_str()), (404, "user-not-found"), "{name}");
    }
}

#[tokio::test]
async fn each_endpoint_about_users_takes_its_own_permission_and_an_admin_where_it_is_the_servers() {
    let gate = unlocked().await;
    gate.user(ANA, false).await;
    for (method, path, policy) in [
        ("GET", "users/me", "btcpay.user.canviewprofile"),
        ("PUT", "users/me", "btcpay.user.canmodifyprofile"),
        ("DELETE", "users/me", "btcpay.user.candeleteuser"),
        ("GET", "users", "btcpay.server.canviewusers"),
        ("GET", "users/nobody", "btcpay.server.canviewusers"),
        ("DELETE", "users/nobody", "btcpay.server.canmodifyserversettings"),
        ("POST", "users/nobody/lock", "btcpay.server.canmodifyserversettings"),
        ("POST", "users/nobody/approve", "btcpay.server.canmodifyserversettings"),
    ] {
        let of_server = policy.starts_with("btcpay.server.");
        // Whatever else it may do, and whatever it sends: what it lacks is named.
        let others = ["btcpay.server.canmanageusers", "btcpay.store.canmodifystoresettings"];
        let lacking = gate.token(ADMIN, &others).await;
        let body = json!({ "email": 7 });
        assert_eq!(missing(&gate.send(method, path, &lacking, &body).await), policy, "{method} {path}");
        let enough = gate.token(ADMIN, &[policy]).await;
        let done = gate.send(method, path, &enough, &body).await;
        // The only admin cannot go, whatever it may do.
        assert!(done.status != 403 || (method, path) == ("DELETE", "users/me"), "{path}: {}", done.body);
        if of_server {
            let no_admin = gate.token(ANA, &["unrestricted"]).await;
            assert_eq!(missing(&gate.send(method, path, &no_admin, &body).await), policy, "{method} {path}");
        }
        let anonymous = gate.ask(method, &format!("/api/v1/{path}")).json("{}").send().await;
        assert_eq!((anonymous.status, anonymous.code().as_str()), (401, "unauthenticated"), "{path}");
        assert_eq!(anonymous.field("www-authenticate"), None);
    }
    let settings = gate.token(ADMIN, &["btcpay.server.canmodifyserversettings"]).await;
    assert_eq!(missing(&gate.call("GET", "users", &settings).send().await), "btcpay.server.canviewusers");
}

#[tokio::test]
async fn nobody_makes_a_user_without_credentials() {
    let gate = unlocked().await;
    let wish = json!({ "email": "eve@shop.example", "password": "12345678", "isAdministrator": true });
    for (authorization, body) in
        [(String::new(), wish.clone()), ("token x".to_owned(), wish), (basic(ADMIN, "wrong"), json!({}))]
    {
        let refused = gate.send("POST", "users", &authorization, &body).await;
        assert_eq!((refused.status, refused.code().as_str()), (401, "unauthenticated"), "{authorization}");
    }
    assert_eq!(gate.call("GET", "users", &admin()).send().await.json().as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_wish_for_a_user_is_checked_in_the_order_of_btcpay_server() {
    let gate = unlocked().await;
    let nobody_special = gate.token(ADMIN, &["btcpay.server.canviewusers"]).await;
    let creator = gate.token(ADMIN, &["btcpay.server.canmodifyserversettings"]).await;
    let make = async |token: &str, body: Value| gate.send("POST", "users", token, &body).await;
    assert_eq!(paths(&make(&nobody_special, json!({})).await), ["Email", "Email"]);
    assert_eq!(paths(&make(&nobody_special, json!({ "email": null })).await), ["Email", "Email"]);
    assert_eq!(paths(&make(&nobody_special, json!({ "email": "ana", "password": "1" })).await), ["Email"]);
    let as_admin = json!({ "email": ANA, "password": "1", "isAdministrator": true });
    assert_eq!(missing(&make(&nobody_special, as_admin.clone()).await), "unrestricted");
    assert_eq!(missing(&make(&creator, as_admin).await), "unrestricted");
    let short = json!({ "email": ADMIN, "password": "five5", "isAdministrator": null });
    assert_eq!(missing(&make(&nobody_special, short.clone()).await), "btcpay.server.cancreateuser");
    for _ in 0..3 {
        assert_eq!(paths(&make(&creator, short.clone()).await), ["Password"]);
    }
    let taken = json!({ "email": ADMIN.to_uppercase(), "password": "12345678" });
    assert_eq!(paths(&make(&creator, taken.clone()).await), ["Email"]);
    assert_eq!(make(&creator, json!({ "email": ANA })).await.status, 201);
    let slower = make(&creator, taken).await;
    assert_eq!((slower.status, slower.code().as_str()), (429, "too-many-requests"));
    assert_eq!(slower.field("retry-after"), Some("60"));
    gate.world.clock.pass(Duration::from_secs(60));
    assert_eq!(make(&creator, json!({ "email": "bo@shop.example" })).await.status, 201);
}

#[tokio::test]
async fn an_unrestricted_admin_makes_admins_and_is_not_slowed_down() {
    let gate = unlocked().await;
    for n in 0..4 {
        let wish = json!({ "Email": format!("{n}@shop.example"), "ISADMINISTRATOR": n > 0, "customLogo": 1 });
        let made = gate.send("POST", "users/", &admin(), &wish).await;
        let roles = if n > 0 { json!(["ServerAdmin"]) } else { json!([]) };
        assert_eq!((made.status, &made.json()["roles"]), (201, &roles), "{}", made.body);
    }
    let wrong = json!({ "email": ANA, "isAdministrator": "true" });
    assert_eq!(paths(&gate.send("POST", "users", &admin(), &wrong).await), ["isAdministrator"]);
    let long = json!({ "email": ANA, "name": "x".repeat(201), "imageUrl": "a\nb", "password": "" });
    assert_eq!(paths(&gate.send("POST", "users", &admin(), &long).await), ["Name", "ImageUrl"]);
    let form = gate.call("POST", "users", &admin()).with("Content-Type", "text/plain").with_body("x");
    assert_eq!(form.send().await.status, 415);
}

#[tokio::test]
async fn a_new_user_signs_in_with_a_password_of_any_letters_or_not_at_all_without_one() {
    let gate = unlocked().await;
    gate.ana().await;
    let me = gate.call("GET", "users/me", &basic("ANA@Shop.Example", "passwörd: 1")).send().await;
    assert_eq!((me.status, &me.json()["email"]), (200, &json!(ANA)));
    for without in
        [json!({ "email": "bo@shop.example" }), json!({ "email": "cy@shop.example", "password": "" })]
    {
        assert_eq!(gate.send("POST", "users", &admin(), &without).await.status, 201);
        let email = without["email"].as_str().unwrap();
        assert_eq!(gate.call("GET", "users/me", &basic(email, "")).send().await.status, 401);
    }
}

#[tokio::test]
async fn a_user_changes_its_own_profile_and_nothing_it_does_not_name() {
    let gate = unlocked().await;
    let id = gate.ana().await.json()["id"].clone();
    let ana = gate.token(ANA, &["btcpay.user.canmodifyprofile"]).await;
    let change = async |body: Value| gate.send("PUT", "users/me", &ana, &body).await;
    let named = change(json!({ "name": "Ana", "imageUrl": "x.png", "email": "" })).await;
    assert_eq!((named.status, &named.json()["name"]), (200, &json!("Ana")), "{}", named.body);
    let moved = change(json!({ "Email": "anna@shop.example", "imageUrl": "", "name": null })).await.json();
    assert_eq!(
        (&moved["id"], &moved["email"], &moved["name"], &moved["imageUrl"]),
        (&id, &json!("anna@shop.example"), &json!("Ana"), &Value::Null)
    );
    assert_eq!(change(json!({})).await.json(), moved);
    for (body, path) in [
        (json!({ "email": "anna" }), "Email"),
        (json!({ "email": ADMIN }), "Email"),
        (json!({ "name": ["Ana"] }), "name"),
        (json!({ "newPassword": "hunter22" }), "CurrentPassword"),
        (json!({ "newPassword": "hunter22", "currentPassword": "passwörd" }), "CurrentPassword"),
        (json!({ "newPassword": "five5", "currentPassword": "passwörd: 1" }), "NewPassword"),
    ] {
        assert_eq!(paths(&change(body.clone()).await), [path], "{body}");
    }
    let both = json!({ "newPassword": "hunter22", "currentPassword": "passwörd: 1" });
    assert_eq!(change(both).await.json(), moved);
    let sign_in = async |password: &str| {
        gate.call("GET", "users/me", &basic("anna@shop.example", password)).send().await.status
    };
    assert_eq!((sign_in("hunter22").await, sign_in("passwörd: 1").await), (200, 401));
}

#[tokio::test]
async fn a_new_password_waits_its_turn_as_a_login_does() {
    let gate = unlocked().await;
    let token = gate.token(ADMIN, &["btcpay.user.canmodifyprofile"]).await;
    let crowd = gate.gate.logins.acquire_many(8).await.unwrap();
    let body = json!({ "newPassword": "hunter22", "currentPassword": ADMIN_PASSWORD });
    assert_eq!(gate.send("PUT", "users/me", &token, &body).await.status, 429);
    assert_eq!(gate.send("PUT", "users/me", &token, &json!({ "name": "Admin" })).await.status, 200);
    drop(crowd);
    assert_eq!(gate.send("PUT", "users/me", &token, &body).await.status, 200);
}

#[tokio::test]
async fn guessing_the_current_password_holds_the_account_off_in_words() {
    let gate = unlocked().await;
    let token = gate.token(ADMIN, &["btcpay.user.canmodifyprofile"]).await;
    let change = async |current: &str| {
        let body = json!({ "newPassword": "hunter22", "currentPassword": current });
        gate.send("PUT", "users/me", &token, &body).await
    };
    for _ in 0..5 {
        assert_eq!(paths(&change("wrong").await), ["CurrentPassword"]);
    }
    let right = change(ADMIN_PASSWORD).await;
    assert_eq!((right.status, right.field("retry-after")), (429, Some("30")), "{}", right.body);
    assert!(right.json()["message"].as_str().unwrap().contains("wrong passwords"), "{}", right.body);
    assert_eq!(gate.send("PUT", "users/me", &token, &json!({ "name": "Admin" })).await.status, 200);
}

#[tokio::test]
async fn a_disabled_users_key_and_password_are_refused_in_words_until_it_is_enabled() {
    let gate = unlocked().await;
    gate.ana().await;
    let (key, password) = (gate.token(ANA, &["unrestricted"]).await, basic(ANA, "passwörd: 1"));
    let settings = gate.token(ADMIN, &["btcpay.server.canmodifyserversettings"]).await;
    let lock = async |body: Value| gate.send("POST", "users/ANA%40shop.example/lock", &settings, &body).await;
    for locked in [true, true] {
        assert!(nothing(&lock(json!({ "locked": locked })).await), "also when it is so already");
    }
    for (authorization, scheme) in [(&key, "ApiKey"), (&password, "Basic")] {
        let refused = gate.call("GET", "users/me", authorization).send().await;
        let message = format!("{scheme} authentication failed: Your user account is currently disabled.");
        assert_eq!(
            (refused.status, refused.json()),
            (401, json!({ "code": "unauthenticated", "message": message }))
        );
    }
    let listed = gate.call("GET", &format!("users/{ANA}"), &admin()).send().await;
    assert_eq!(listed.json()["disabled"], true);
    for (body, path) in [(json!({}), "Locked"), (json!({ "LOCKED": "no" }), "LOCKED")] {
        assert_eq!(paths(&lock(body).await), [path], "neither locks nor unlocks");
    }
    assert_eq!(gate.call("GET", "users/me", &key).send().await.status, 401);
    assert!(nothing(&lock(json!({ "Locked": false })).await));
    for authorization in [&key, &password] {
        assert_eq!(gate.call("GET", "users/me", authorization).send().await.status, 200);
    }
}

#[tokio::test]
async fn the_only_admin_can_neither_be_deleted_nor_disabled() {
    let gate = unlocked().await;
    let locked =
        gate.send("POST", &format!("users/{ADMIN}/lock"), &admin(), &json!({ "locked": true })).await;
    assert_eq!((locked.status, locked.code().as_str()), (400, "invalid-state"));
    let own = gate.call("DELETE", "users/me", &admin()).send().await;
    assert_eq!(missing(&own), "btcpay.user.candeleteuser");
    let start = r#"{"missingPermission":"btcpay.user.candeleteuser","code":"missing-permission","message":"#;
    assert!(own.body.starts_with(start), "{}", own.body);
    let any = gate.call("DELETE", &format!("users/{ADMIN}"), &admin()).send().await;
    assert_eq!(missing(&any), "btcpay.server.canmodifyserversettings");
    gate.user("bo@shop.example", true).await;
    assert!(nothing(&gate.call("DELETE", "users/me", &admin()).json("{}").send().await));
    assert_eq!(gate.call("GET", "users/me", &admin()).send().await.status, 401);
}

#[tokio::test]
async fn a_deleted_users_keys_and_password_are_unknown_from_then_on() {
    let gate = unlocked().await;
    let id = gate.ana().await.json()["id"].as_str().unwrap().to_owned();
    let key = gate.token(ANA, &["unrestricted"]).await;
    assert!(nothing(&gate.call("DELETE", &format!("users/{id}"), &admin()).send().await));
    let refused = gate.call("GET", "users/me", &key).send().await;
    assert_eq!(refused.json()["message"], "ApiKey authentication failed: Unknown API Key");
    let refused = gate.call("GET", "users/me", &basic(ANA, "passwörd: 1")).send().await;
    assert_eq!(refused.json()["message"], "Basic authentication failed: User not found or invalid password");
    for (method, path) in [("GET", format!("users/{ANA}")), ("DELETE", format!("users/{id}"))] {
        let gone = gate.call(method, &path, &admin()).send().await;
        assert_eq!((gone.status, gone.code().as_str()), (404, "user-not-found"));
    }
    gate.ana().await;
}

#[tokio::test]
async fn nobody_needs_approval_and_no_pictures_are_kept() {
    let gate = unlocked().await;
    let approved =
        gate.send("POST", &format!("users/{ADMIN}/approve"), &admin(), &json!({ "approved": true })).await;
    assert_eq!((approved.status, approved.code().as_str()), (400, "invalid-state"));
    for (method, path) in [("POST", "users/me/picture"), ("DELETE", "users/me/picture")] {
        let picture = gate.call(method, path, &admin()).send().await;
        assert_eq!((picture.status, picture.code().as_str()), (404, "not-served"));
    }
    let post = gate.call("POST", "users/me", &admin()).send().await;
    assert_eq!((post.status, post.field("allow")), (405, Some("GET, HEAD, PUT, DELETE")));
}

#[tokio::test]
async fn the_key_of_a_demoted_admin_is_refused_what_is_the_servers() {
    let gate = unlocked().await;
    gate.user("bo@shop.example", true).await;
    let bo = gate.token("bo@shop.example", &["unrestricted"]).await;
    assert_eq!(gate.call("GET", "users", &bo).send().await.status, 200);
    gate.world.call(UserAdmin { user: "bo@shop.example".to_owned(), admin: false }).await.unwrap();
    assert_eq!(missing(&gate.call("GET", "users", &bo).send().await), "btcpay.server.canviewusers");
    let keys = gate.send("POST", &format!("users/{ADMIN}/api-keys"), &bo, &json!({})).await;
    assert_eq!(missing(&keys), "btcpay.server.canmanageusers");
    let user = gate.send("POST", "users", &bo, &json!({ "email": ANA })).await;
    assert_eq!(missing(&user), "btcpay.server.cancreateuser");
    assert_eq!(gate.call("GET", "users/me", &bo).send().await.json()["roles"], json!([]));
}

#[tokio::test]
async fn locked_users_are_told_and_none_is_made_changed_or_deleted() {
    let gate = unlocked().await;
    gate.user(ANA, false).await;
    let full = gate.token(ADMIN, &["unrestricted"]).await;
    gate.world.call(Lock {}).await.unwrap();
    for path in ["users/me".to_owned(), "users".to_owned(), format!("users/{ANA}")] {
        assert_eq!(gate.call("GET", &path, &full).send().await.status, 200, "{path}");
    }
    for (method, path, body) in [
        ("POST", "users".to_owned(), json!({ "email": "bo@shop.example" })),
        ("PUT", "users/me".to_owned(), json!({ "name": "x" })),
        ("DELETE", format!("users/{ANA}"), json!({})),
        ("POST", format!("users/{ANA}/lock"), json!({ "locked": true })),
        ("POST", format!("users/{ANA}/lock"), json!({ "locked": false })),
    ] {
        let refused = gate.send(method, &path, &full, &body).await;
        assert_eq!((refused.status, refused.code().as_str()), (503, "locked"), "{method} {path}");
    }
}
