//! What each permission includes: public, and guarded like the API.

use std::collections::BTreeMap;

use serde_json::Value;

use super::unlocked;

const PATH: &str = "/misc/permissions";

#[tokio::test]
async fn anybody_may_read_what_each_permission_includes() {
    let gate = unlocked().await;
    let answer = gate.get(PATH).send().await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.field("content-type"), Some("application/json; charset=utf-8"));
    let start = concat!(
        "[\n  {\n    \"name\": \"btcpay.impersonation.canimpersonate\",\n    \"included\": []\n  },\n  {\n",
        "    \"name\": \"btcpay.server.cancreatelightninginvoiceinternalnode\",\n"
    );
    assert!(answer.body.starts_with(start), "{}", &answer.body[..200]);
    let list: Vec<(String, Vec<String>)> = serde_json::from_str::<Vec<Value>>(&answer.body)
        .unwrap()
        .into_iter()
        .map(|one| {
            assert_eq!(one.as_object().unwrap().len(), 2);
            let included = serde_json::from_value(one["included"].clone()).unwrap();
            (one["name"].as_str().unwrap().to_owned(), included)
        })
        .collect();
    assert_eq!(list.len(), 46);
    assert!(list.is_sorted_by(|(one, _), (next, _)| one < next));
    assert!(list.iter().all(|(name, included)| included.is_sorted() && !included.contains(name)));
    let of: BTreeMap<String, Vec<String>> = list.into_iter().collect();
    assert_eq!(of["unrestricted"].len(), 45);
    assert_eq!(of["btcpay.store.canmodifystoresettings"].len(), 31);
    assert_eq!(
        of["btcpay.store.canmanagepullpayments"],
        [
            "btcpay.store.canarchivepullpayments",
            "btcpay.store.cancreatenonapprovedpullpayments",
            "btcpay.store.cancreatepullpayments",
            "btcpay.store.canviewpullpayments",
        ],
        "what is included indirectly, too"
    );
}

#[tokio::test]
async fn the_permissions_are_guarded_like_the_api_and_only_read() {
    let gate = unlocked().await;
    for (field, value) in [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site")] {
        let answer = gate.get(PATH).with(field, value).send().await;
        assert_eq!((answer.status, answer.code().as_str()), (403, "cross-origin"), "{field}");
    }
    assert_eq!(gate.get(PATH).with("Authorization", "token nonsense").send().await.status, 200);
    assert_eq!(gate.get("/misc/permissions/").send().await.status, 200);
    let head = gate.ask("HEAD", PATH).send().await;
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    let post = gate.ask("POST", PATH).json("{}").send().await;
    assert_eq!((post.status, post.field("allow")), (405, Some("GET, HEAD")));
    for elsewhere in ["/misc", "/misc/lang", "/misc/permissions/x", "/api/v1/misc/permissions"] {
        assert_eq!(gate.get(elsewhere).send().await.status, 404, "{elsewhere}");
    }
}
