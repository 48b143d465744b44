//! The Greenfield endpoints about stores.

use desk::{
    calls::{Lock, StoreCreate},
    testing::ADMIN,
};
use domain::{Issuer, Role, Store, StoreSettings, Timestamp};
use serde_json::{Value, json};

use super::{Running, client::Answer, keys::admin, unlocked};

pub(super) const ANA: &str = "ana@shop.example";
pub(super) const VIEW: &str = "btcpay.store.canviewstoresettings";
pub(super) const MODIFY: &str = "btcpay.store.canmodifystoresettings";

/// What comes after the name in a store of which nothing was set.
const DEFAULTS: &str = concat!(
    r#""website":null,"brandColor":null,"applyBrandColorToBackend":false,"logoUrl":null,"cssUrl":null,"#,
    r#""paymentSoundUrl":null,"supportUrl":null,"invoiceExpiration":900,"displayExpirationTimer":300,"#,
    r#""refundBOLT11Expiration":30,"monitoringExpiration":86400,"speedPolicy":"MediumSpeed","#,
    r#""lightningDescriptionTemplate":"Paid to {StoreName} (Order ID: {OrderId})","paymentTolerance":0.0,"#,
    r#""anyoneCanCreateInvoice":false,"defaultCurrency":"USD","additionalTrackedRates":[],"#,
    r#""lightningAmountInSatoshi":false,"lightningPrivateRouteHints":false,"#,
    r#""onChainWithLnInvoiceFallback":false,"lazyPaymentMethods":false,"redirectAutomatically":false,"#,
    r#""archived":false,"showRecommendedFee":true,"recommendedFeeBlockTarget":1,"defaultPaymentMethod":null,"#,
    r#""htmlTitle":null,"networkFeeMode":"MultiplePaymentsOnly","paymentMethodCriteria":[],"#,
    r#""payJoinEnabled":false,"autoDetectLanguage":false,"showPayInWalletButton":true,"showStoreHeader":true,"#,
    r#""celebratePayment":true,"playSoundOnPayment":false,"#,
    r#""receipt":{"enabled":true,"showQR":true,"showPayments":true}}"#,
);

pub(super) trait Shops {
    async fn token(&self, user: &str, permissions: &[&str]) -> String;
    async fn store(&self, name: &str, owner: &str) -> String;
    async fn join(&self, store: &str, user: &str, role: Role);
}

impl Shops for Running {
    async fn token(&self, user: &str, permissions: &[&str]) -> String {
        format!("token {}", self.key(user, permissions).await)
    }

    async fn store(&self, name: &str, owner: &str) -> String {
        let args = StoreCreate { name: name.to_owned(), owner: owner.to_owned() };
        self.world.call(args).await.unwrap().id.to_string()
    }

    /// Gives `user`, by id, a role in a store.
    async fn join(&self, store: &str, user: &str, role: Role) {
        self.world.keyring.add_member(&store.parse().unwrap(), &user.parse().unwrap(), role);
        self.world.unlock().await.unwrap();
    }
}

/// The ids of a list of stores.
pub(super) fn ids(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{}", answer.body);
    let list = answer.json();
    list.as_array().unwrap().iter().map(|store| store["id"].as_str().unwrap().to_owned()).collect()
}

pub(super) fn assert_missing(answer: &Answer, permission: &str) {
    assert_eq!(answer.status, 403, "{}", answer.body);
    let start = format!(r#"{{"missingPermission":"{permission}","code":"missing-permission","message":""#);
    assert!(answer.body.starts_with(&start), "{}", answer.body);
}

#[tokio::test]
async fn a_store_is_made_with_a_name_alone_and_belongs_to_its_maker() {
    let gate = unlocked().await;
    gate.user(ANA, false).await;
    let token = gate.token(ANA, &[MODIFY]).await;
    let made = gate.call("POST", "stores/", &token).json(r#"{"name":"Bäckerei"}"#).send().await;
    assert_eq!(made.status, 200, "{}", made.body);
    assert_eq!(made.field("content-type"), Some("application/json; charset=utf-8"));
    let id = made.json()["id"].as_str().unwrap().to_owned();
    assert!((43..=44).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric()));
    assert_eq!(made.body, format!(r#"{{"id":"{id}","name":"Bäckerei",{DEFAULTS}"#));
    let read = gate.call("GET", &format!("stores/{id}"), &token).send().await;
    assert_eq!((read.status, &read.body), (200, &made.body));
    let listed = gate.call("GET", "stores", &token).with("Content-Type", "application/json").send().await;
    assert_eq!((listed.status, listed.body), (200, format!("[{}]", made.body)));
    let views = gate.world.call(desk::calls::StoreList {}).await.unwrap();
    assert_eq!((views[0].members[0].email.as_str(), views[0].members[0].role), (ANA, Role::Owner));
}

#[tokio::test]
async fn what_was_set_is_read_back_and_a_put_sets_everything_anew() {
    let gate = unlocked().await;
    let made = gate.call("POST", "stores", &admin()).json(r#"{"name":"Shop"}"#).send().await;
    let path = format!("stores/{}", made.json()["id"].as_str().unwrap());
    // As the .NET client and plugins send it: names in their own case, fields of older servers, nulls.
    let body = json!({
        "Id": "another", "Name": " Till ", "Website": "https://shop.example", "BrandColor": "#F7931A",
        "InvoiceExpiration": 1259, "SpeedPolicy": "lowspeed", "PaymentTolerance": 2, "DefaultLang": "de",
        "PaymentMethodCriteria": [{ "PaymentMethodId": "BTC-LN", "Amount": 10.5, "Above": true }],
        "Receipt": { "ShowQR": false, "Enabled": null }, "HtmlTitle": null, "CelebratePayment": null,
        "customLogo": "x", "checkoutType": "V2", "requiresRefundEmail": true,
    });
    let put = gate.call("PUT", &path, &admin()).json(&body.to_string()).send().await;
    assert_eq!(put.status, 200, "{}", put.body);
    let mut expected = made.json();
    for (field, value) in [
        ("name", json!("Till")),
        ("website", json!("https://shop.example")),
        ("brandColor", json!("#F7931A")),
        ("invoiceExpiration", json!(1200)),
        ("speedPolicy", json!("LowSpeed")),
        ("paymentTolerance", json!(2.0)),
        ("defaultLang", json!("de")),
        ("receipt", json!({ "enabled": true, "showQR": false, "showPayments": true })),
        (
            "paymentMethodCriteria",
            json!([{ "paymentMethodId": "BTC-LN", "currencyCode": "USD", "amount": "10.5", "above": true }]),
        ),
    ] {
        expected[field] = value;
    }
    assert_eq!(put.json(), expected);
    assert_eq!(gate.call("GET", &path, &admin()).send().await.body, put.body);
    let again = gate.call("PUT", &path, &admin()).json(r#"{"name":"Shop"}"#).send().await;
    assert_eq!(again.body, made.body, "what is absent has its default again");
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_store_is_said_at_once() {
    let gate = unlocked().await;
    let id = gate.store("Shop", ADMIN).await;
    let long = json!({ "name": "x".repeat(51) }).to_string();
    for (body, expected) in [
        ("{}", json!([["Name", "Name is missing"]])),
        (r#"{"name":null}"#, json!([["Name", "Name is missing"]])),
        (&*long, json!([["Name", "Name can only be between 1 and 50 characters"]])),
        (
            r#"{"website":"shop","brandColor":"red","invoiceExpiration":5,"refundBOLT11Expiration":-1}"#,
            json!([
                ["Name", "Name is missing"],
                ["Website", "Website is not a valid url"],
                ["BrandColor", "BrandColor is not # and six hex digits"],
                ["InvoiceExpiration", "InvoiceExpiration can only be between 60 and 2073600 seconds"],
                ["RefundBOLT11Expiration", "RefundBOLT11Expiration can only be between 0 and 3650 days"],
            ]),
        ),
        (
            r#"{"NAME":7,"archived":"yes","receipt":{"showQr":0}}"#,
            json!([
                ["NAME", "This does not fit: invalid type: integer `7`, expected a string."],
                ["archived", "This does not fit: invalid type: string \"yes\", expected a boolean."],
                ["receipt.showQr", "This does not fit: invalid type: integer `0`, expected a boolean."],
            ]),
        ),
        ("", json!([["", "A non-empty request body is required."]])),
        ("[]", json!([["", "An object is expected."]])),
    ] {
        for (method, path) in [("POST", "stores".to_owned()), ("PUT", format!("stores/{id}"))] {
            let answer = gate.call(method, &path, &admin()).json(body).send().await;
            let said = answer.json();
            let said: Vec<Value> =
                said.as_array().unwrap().iter().map(|one| json!([one["path"], one["message"]])).collect();
            assert_eq!((answer.status, Value::Array(said)), (422, expected.clone()), "{method} {body}");
        }
    }
    let list = gate.call("GET", "stores", &admin()).send().await;
    assert_eq!(list.json()[0]["name"], "Shop");
    assert_eq!(ids(&list), [id]);
}

#[tokio::test]
async fn a_store_comes_as_json_and_from_somebody_who_is_signed_in() {
    let gate = unlocked().await;
    let id = gate.store("Shop", ADMIN).await;
    for (method, path) in [("POST", "stores".to_owned()), ("PUT", format!("stores/{id}"))] {
        let ask = gate.call(method, &path, &admin());
        let form = ask.with("Content-Type", "application/x-www-form-urlencoded").with_body("name=x");
        let answer = form.send().await;
        assert_eq!(answer.status, 415, "{method}");
        assert_eq!(answer.field("content-type"), Some("application/problem+json; charset=utf-8"));
    }
    for (method, path) in [
        ("GET", "/api/v1/stores".to_owned()),
        ("POST", "/api/v1/stores".to_owned()),
        ("GET", format!("/api/v1/stores/{id}")),
        ("PUT", format!("/api/v1/stores/{id}")),
        ("DELETE", format!("/api/v1/stores/{id}")),
        ("GET", format!("/api/v1/stores/{id}/roles")),
    ] {
        let answer = gate.ask(method, &path).json("{}").send().await;
        assert_eq!((answer.status, answer.code().as_str()), (401, "unauthenticated"), "{method} {path}");
    }
}

#[tokio::test]
async fn deleting_takes_out_the_caller_and_the_last_one_ends_the_store() {
    let gate = unlocked().await;
    let ana = gate.user(ANA, false).await;
    let id = gate.store("Shop", ADMIN).await;
    gate.join(&id, &ana, Role::Owner).await;
    let path = format!("stores/{id}");
    let hers = gate.token(ANA, &[&format!("{MODIFY}:{id}")]).await;
    let left = gate.call("DELETE", &path, &hers).json("{}").send().await;
    assert_eq!((left.status, left.body.as_str(), left.field("content-type")), (200, "", None));
    assert_missing(&gate.call("GET", &path, &hers).send().await, VIEW);
    assert_missing(&gate.call("DELETE", &path, &hers).send().await, MODIFY);
    assert_eq!(gate.call("GET", "stores", &hers).send().await.body, "[]");
    assert_eq!(gate.call("GET", &path, &admin()).send().await.status, 200);
    assert_eq!(gate.call("DELETE", &path, &admin()).send().await.status, 200);
    assert_missing(&gate.call("GET", &path, &admin()).send().await, VIEW);
    assert!(gate.world.call(desk::calls::StoreList {}).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_user_in_three_hundred_stores_makes_no_more() {
    let gate = unlocked().await;
    let ana = gate.user(ANA, false).await.parse().unwrap();
    for nth in 1..300 {
        let store = Store {
            id: format!("s{nth}").parse().unwrap(),
            name: "Shop".to_owned(),
            settings: StoreSettings::default(),
            issuer: Issuer::Local,
            created: Timestamp(nth),
        };
        gate.world.keyring.add_store(store, &ana);
    }
    gate.world.unlock().await.unwrap();
    let token = gate.token(ANA, &["unrestricted"]).await;
    let create = || gate.call("POST", "stores", &token).json(r#"{"name":"One more"}"#);
    assert_eq!(create().send().await.status, 200);
    let refused = create().send().await;
    assert_eq!(refused.status, 403);
    assert_eq!(
        refused.body,
        r#"{"code":"store-limit-reached","message":"You have reached the maximum number of stores allowed."}"#
    );
    assert_eq!(gate.call("POST", "stores", &admin()).json(r#"{"name":"Mine"}"#).send().await.status, 200);
    assert_eq!(gate.call("DELETE", "stores/s1", &token).send().await.status, 200);
    assert_eq!(create().send().await.status, 200);
}

#[tokio::test]
async fn locked_stores_are_read_and_neither_made_nor_changed_nor_left() {
    let gate = unlocked().await;
    let id = gate.store("Shop", ADMIN).await;
    let token = gate.token(ADMIN, &["unrestricted"]).await;
    gate.world.call(Lock {}).await.unwrap();
    let path = format!("stores/{id}");
    for (method, path, body) in
        [("POST", "stores", r#"{"name":"x"}"#), ("PUT", &path, r#"{"name":"x"}"#), ("DELETE", &path, "")]
    {
        let answer = gate.call(method, path, &token).json(body).send().await;
        assert_eq!((answer.status, answer.code().as_str()), (503, "locked"), "{method}");
    }
    assert_eq!(ids(&gate.call("GET", "stores", &token).send().await), [id]);
    assert_eq!(gate.call("GET", &path, &token).send().await.json()["name"], "Shop");
}
