//! The pages as they are sent. Nonces are masked: they differ each time.

use std::time::Duration;

use domain::{
    Asker, Asking, Attention, AuthorizeRequest, CollectSecret, Collected, Handover, Inbox, KeyId, KeySecret,
    Mode, Moment, Number, OwnAddress, Program, RequestId, RequestStatus, Standing, Timestamp,
};

use super::*;

const SHOP: &str = "applicationName=WooCommerce&strict=true&selectiveStores=true\
    &permissions=btcpay.store.canviewinvoices&permissions=btcpay.store.cancreateinvoice\
    &permissions=btcpay.store.canviewstoresettings&permissions=btcpay.store.canmodifyinvoices\
    &redirect=http%3A%2F%2Flocalhost%3A8080%2Fwp-admin%2F%3Fbtcpay-settings-callback%26x%3D%22&state=s%3C1";
const DANGER: &str = "applicationName=BT%D0%A1Pay&permissions=unrestricted&permissions=btcpay.nope\
    &redirect=http://203.0.113.9/cb";
const PROGRAM: &str =
    "permissions=btcpay.store.canviewinvoices:AbC&permissions=btcpay.store.cancreateinvoice";

fn request(query: &str) -> AuthorizeRequest {
    AuthorizeRequest::parse(query, &OwnAddress { port: 21_420 }).unwrap()
}

fn asking(query: &str) -> Asking {
    let request = request(query);
    let identity = request.identity(None);
    let firefox = Program {
        pid: 4711,
        exe: Some("/usr/lib/firefox-esr/firefox-esr".to_owned()),
        script: None,
        uid: 1000,
        user: Some("ana".to_owned()),
        started: None,
        parent: None,
        terminal: None,
    };
    Asking {
        id: RequestId::from_random([0xa1; 16]),
        number: Number::try_from(47).unwrap(),
        collect: CollectSecret::from_random([0; 16]).hash(),
        request,
        asker: Asker { mode: Mode::Browser, program: Some(firefox), sent_by: None },
        identity,
        standing: Standing::New,
        asked: Timestamp(1_800_000_000),
    }
}

fn waits(query: &str, locked: bool, window: bool) -> Response {
    let asking = asking(query);
    let ends_in = Duration::from_secs(252);
    waiting(&WaitingPage { id: &asking.id, asking: &asking, ends_in, locked, window, raise: "RAISE" })
}

/// As the inbox hands it to its asker.
fn collected(permissions: &[&str]) -> Collected {
    let (asking, now) = (asking(SHOP), Moment(Duration::ZERO));
    let (id, secret) = (asking.id.clone(), asking.collect);
    let handover = Handover {
        key_id: KeyId::from_random([9; 8]),
        secret: Some(KeySecret::from_random([7; 20])),
        user: "00000000-0000-4000-8000-000000000001".parse().unwrap(),
        permissions: permissions.iter().map(|text| text.parse::<domain::Permission>().unwrap()).collect(),
        receiver: None,
    };
    let mut inbox = Inbox::default();
    inbox.submit(asking, now, Attention::Seen).unwrap();
    let claim = inbox.claim(&id, now).unwrap();
    inbox.approve(claim, handover, now);
    inbox.collect(&id, &secret, now).unwrap()
}

fn ends(query: &str, status: RequestStatus, known: bool) -> Response {
    let request = request(query);
    ended(&Ended { request: &request, status, known })
}

fn body(response: &Response) -> String {
    String::from_utf8(response.body.clone()).unwrap()
}

/// The page as text to compare: policy first, without nonce, style and script.
fn shown(response: &Response) -> String {
    let (_, policy) = response.headers.iter().find(|(name, _)| name == "Content-Security-Policy").unwrap();
    let nonce = policy.split_once("nonce-").unwrap().1.split('\'').next().unwrap();
    let mut page = body(response).replace("><", ">\n<");
    for (open, close) in [("<style", "</style>"), ("<script", "</script>"), ("<svg", "</svg>")] {
        while let Some(start) = page.find(open) {
            let end = start + page[start..].find(close).unwrap() + close.len();
            page.replace_range(start..end, &format!("[{}]", open.trim_start_matches('<')));
        }
    }
    format!("{} {}\n{page}", response.status, policy.replace(nonce, "NONCE"))
}

#[test]
fn waiting_pages() {
    insta::assert_snapshot!("waiting_for_a_shop", shown(&waits(SHOP, false, true)));
    insta::assert_snapshot!("waiting_in_danger", shown(&waits(DANGER, false, true)));
    insta::assert_snapshot!("waiting_without_a_window", shown(&waits(PROGRAM, false, false)));
    insta::assert_snapshot!(
        "waiting_for_proof_while_locked",
        shown(&waits("redirect=https://gozo.example", true, true))
    );
}

#[test]
fn hand_over_pages() {
    let two = ["btcpay.store.canviewinvoices:S1", "btcpay.store.cancreateinvoice:S1"];
    insta::assert_snapshot!("hand_over", shown(&hand_over(&request(SHOP), &collected(&two))));
}

#[test]
fn pages_of_what_has_ended() {
    use RequestStatus as Is;
    let all = [
        Is::Approved,
        Is::Delivered,
        Is::Undelivered,
        Is::Refused,
        Is::Expired,
        Is::Withdrawn,
        Is::Superseded,
        Is::Closed,
    ];
    let pages: Vec<String> = all.into_iter().map(|status| shown(&ends(SHOP, status, false))).collect();
    insta::assert_snapshot!("ended", pages.join("\n\n"));
    insta::assert_snapshot!("ended_without_redirect", shown(&ends(PROGRAM, Is::Approved, false)));
    insta::assert_snapshot!("confirmed", shown(&ends("", Is::Approved, false)));
    insta::assert_snapshot!("refused_and_known", shown(&ends(SHOP, Is::Refused, true)));
}

#[test]
fn pages_that_say_no() {
    let pages =
        [unknown(), elsewhere(), asked_by_a_program(), bad_query("redirect", "it <b>breaks</b> a rule")];
    insta::assert_snapshot!("saying_no", pages.each_ref().map(shown).join("\n\n"));
}

#[test]
fn a_refusal_is_told_only_to_a_known_application_that_sent_state() {
    let stateless = SHOP.replace("&state=s%3C1", "");
    for (query, status, known, told) in [
        (SHOP, RequestStatus::Refused, true, true),
        (SHOP, RequestStatus::Refused, false, false),
        (&stateless, RequestStatus::Refused, true, false),
        (SHOP, RequestStatus::Expired, true, false),
    ] {
        let page = shown(&ends(query, status, known));
        assert_eq!(page.contains("access_denied"), told, "{status:?} {known}");
        assert_eq!(page.contains("form-action 'none'"), !told);
    }
}

#[test]
fn a_title_carries_no_claimed_name() {
    for page in
        [waits(SHOP, false, true), waits(DANGER, true, false), ends(SHOP, RequestStatus::Refused, true)]
    {
        let page = body(&page);
        let title = page.split_once("<title>").unwrap().1.split("</title>").next().unwrap();
        assert!(!title.contains("Woo") && !title.contains("Pay"), "{title}");
    }
}

#[test]
fn the_number_stands_alone() {
    assert!(body(&waits(SHOP, false, true)).contains("<span data-testid=\"number\">47</span>"));
}
