//! Who may ask at all.

use super::{
    Running,
    client::{Answer, raw},
    unlocked,
};

#[tokio::test]
async fn only_our_own_names_with_our_port_are_hosts() {
    let gate = unlocked().await;
    let port = gate.port;
    for (host, status) in [
        (format!("127.0.0.1:{port}"), 200),
        (format!("localhost:{port}"), 200),
        (format!("LocalHost:{port}"), 200),
        (format!("[::1]:{port}"), 200),
        ("127.0.0.1".to_owned(), 421),
        ("localhost".to_owned(), 421),
        (format!("localhost.:{port}"), 421),
        (format!("127.0.0.1:{}", port ^ 1), 421),
        (format!("127.0.0.1:0{port}"), 421),
        (format!("127.1:{port}"), 421),
        (format!("evil.example:{port}"), 421),
        (format!("127.0.0.1.evil.example:{port}"), 421),
        (format!("a@127.0.0.1:{port}"), 421),
        (String::new(), 421),
    ] {
        let answer = gate.get("/api/v1/health").without("host").with("Host", &host).send().await;
        assert_eq!(answer.status, status, "{host}");
    }
    let none = gate.get("/api/v1/health").without("host").send().await;
    let two = gate.get("/api/v1/health").with("Host", &format!("127.0.0.1:{port}")).send().await;
    assert_eq!(none.status, 421);
    assert!([400, 421].contains(&two.status), "{}", two.status);
}

#[tokio::test]
async fn an_absolute_target_says_the_same_as_the_host_or_nothing_is_served() {
    let gate = unlocked().await;
    let own = format!("127.0.0.1:{}", gate.port);
    for (authority, status) in [
        (own.clone(), 200),
        (format!("localhost:{}", gate.port), 421),
        ("evil.example".to_owned(), 421),
        (format!("evil.example@{own}"), 421),
    ] {
        let answer = gate.get(&format!("http://{authority}/api/v1/health")).send().await;
        assert_eq!(answer.status, status, "{authority}");
    }
}

#[tokio::test]
async fn asking_is_for_tabs_and_programs_only() {
    let gate = unlocked().await;
    for (mode, dest, status) in [
        ("navigate", "document", 303),
        ("navigate", "iframe", 403),
        ("navigate", "embed", 403),
        ("no-cors", "image", 403),
        ("no-cors", "script", 403),
        ("cors", "empty", 403),
        ("navigate", "empty", 403),
    ] {
        let ask = gate.get("/api-keys/authorize").with("Accept", "text/html");
        let answer = ask.with("Sec-Fetch-Mode", mode).with("Sec-Fetch-Dest", dest).send().await;
        assert_eq!(answer.status, status, "{mode} {dest}");
    }
}

#[tokio::test]
async fn what_a_browser_does_in_advance_is_not_answered() {
    let gate = unlocked().await;
    for purpose in ["prefetch", "prefetch;prerender", "Prefetch;anonymous-client-ip"] {
        let answer = gate.open("/api-keys/authorize").with("Sec-Purpose", purpose).send().await;
        assert_eq!(answer.status, 503, "{purpose}");
    }
}

#[tokio::test]
async fn a_page_of_somebody_else_reads_no_request() {
    let gate = unlocked().await;
    let asker = gate.program_asks("").await;
    for (mode, dest, site, status) in [
        ("cors", "empty", "same-origin", 200),
        ("cors", "empty", "same-site", 403),
        ("cors", "empty", "cross-site", 403),
        ("no-cors", "image", "same-site", 403),
        ("navigate", "iframe", "cross-site", 403),
        ("navigate", "document", "none", 200),
    ] {
        for target in [asker.place(), asker.below("status")] {
            let ask = gate.get(&target).with("Sec-Fetch-Mode", mode).with("Sec-Fetch-Dest", dest);
            let answer = ask.with("Sec-Fetch-Site", site).send().await;
            assert_eq!(answer.status, status, "{mode} {dest} {site} {target}");
        }
    }
}

#[tokio::test]
async fn raising_the_window_takes_a_page_of_our_own() {
    let gate = unlocked().await;
    let asker = gate.browser_asks("").await;
    let own = format!("http://127.0.0.1:{}", gate.port);
    let before = gate.world.shell.raised();
    for (origin, site) in [
        (None, None),
        (Some("null"), Some("same-origin")),
        (Some("http://127.0.0.1:8080"), Some("same-site")),
        (Some(own.as_str()), Some("cross-site")),
    ] {
        let mut ask = gate.ask("POST", &asker.below("raise")).json("{\"nonce\":\"\"}");
        for (name, value) in [("Origin", origin), ("Sec-Fetch-Site", site)] {
            ask = value.map_or(ask.clone(), |value| ask.with(name, value));
        }
        let answer = ask.send().await;
        assert_eq!((answer.status, answer.code().as_str()), (403, "cross-origin"), "{origin:?} {site:?}");
    }
    // What takes no POST says so, whoever asks.
    assert_eq!(gate.ask("POST", &asker.place()).json("{}").send().await.status, 405);
    let form = gate.ask("POST", &asker.below("raise")).with("Origin", &own).with_body("nonce=").send().await;
    assert_eq!(form.status, 415);
    assert_eq!(gate.world.shell.raised(), before);
}

#[tokio::test]
async fn pages_of_other_origins_reach_no_api() {
    let gate = unlocked().await;
    let own = format!("http://127.0.0.1:{}", gate.port);
    let other_port = format!("http://127.0.0.1:{}", gate.port ^ 1);
    let other_name = format!("http://localhost:{}", gate.port);
    for (field, value, status) in [
        ("Origin", own.as_str(), 200),
        ("Origin", other_port.as_str(), 403),
        ("Origin", other_name.as_str(), 403),
        ("Origin", "null", 403),
        ("Origin", "https://evil.example", 403),
        ("Sec-Fetch-Site", "same-origin", 200),
        ("Sec-Fetch-Site", "none", 200),
        ("Sec-Fetch-Site", "same-site", 403),
        ("Sec-Fetch-Site", "cross-site", 403),
    ] {
        let answer = gate.get("/api/v1/health").with(field, value).send().await;
        assert_eq!(answer.status, status, "{field}: {value}");
        assert!(!answer.head.to_ascii_lowercase().contains("access-control"));
    }
}

#[tokio::test]
async fn a_body_of_the_api_is_json_or_is_not_read() {
    let gate = unlocked().await;
    for (media_type, status) in [
        ("application/json", 401),
        ("Application/JSON; charset=utf-8", 401),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("application/jsonx", 415),
    ] {
        let ask = gate.ask("POST", "/api/v1/api-keys").with("Content-Type", media_type).with_body("{}");
        assert_eq!(ask.send().await.status, status, "{media_type}");
    }
    let untyped = gate.ask("POST", "/api/v1/api-keys").with_body("{}").send().await;
    assert_eq!(untyped.status, 415);
    assert_eq!(untyped.field("content-type"), Some("application/problem+json; charset=utf-8"));
}

async fn answers(gate: &Running) -> Vec<Answer> {
    let asker = gate.program_asks("").await;
    let mut answers = Vec::new();
    for target in [
        "/",
        "/nowhere",
        "/docs",
        "/swagger/v1/swagger.json",
        "/api/v1/health",
        "/api/v1/api-keys/current",
        "/api-keys/authorize?redirect=x",
    ] {
        answers.push(gate.get(target).send().await);
        answers.push(gate.open(target).send().await);
    }
    answers.push(gate.open("/api-keys/authorize").send().await);
    answers.push(gate.open(&asker.place()).send().await);
    answers.push(gate.get(&asker.place()).send().await);
    answers.push(gate.ask("HEAD", "/api/v1/health").send().await);
    answers.push(gate.ask("PUT", "/api/v1/health").send().await);
    answers.push(gate.get("/").without("host").send().await);
    answers.push(Answer::read(&raw(gate.port, "no request\r\n\r\n").await));
    answers.push(Answer::read(&raw(gate.port, "GET / HTTP/1.1\nHost: a\n\n").await));
    answers
}

#[tokio::test]
async fn every_answer_is_protected_whatever_it_is() {
    let gate = unlocked().await;
    let answers = answers(&gate).await;
    let statuses: std::collections::BTreeSet<u16> = answers.iter().map(|answer| answer.status).collect();
    assert!(statuses.is_superset(&[200, 303, 400, 401, 404, 405, 421].into()), "{statuses:?}");
    for answer in &answers {
        let policy = answer.field("content-security-policy").unwrap();
        for rule in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"]
        {
            assert!(policy.contains(rule), "{} {policy}", answer.status);
        }
        assert!(!policy.contains("unsafe"));
        assert_eq!(answer.field("x-frame-options"), Some("DENY"));
        assert_eq!(answer.field("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.field("cache-control"), Some("no-store"));
        for never in ["www-authenticate", "access-control-allow-origin", "set-cookie"] {
            assert_eq!(answer.field(never), None, "{}", answer.head);
        }
    }
}

#[tokio::test]
async fn style_and_script_run_by_a_nonce_that_is_never_used_twice() {
    let gate = unlocked().await;
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..3 {
        let page = gate.open("/nowhere").send().await;
        let policy = page.field("content-security-policy").unwrap();
        let nonce = policy.split_once("style-src 'nonce-").unwrap().1.split('\'').next().unwrap();
        assert_eq!(nonce.len(), 32);
        assert!(page.body.contains(&format!("<style nonce=\"{nonce}\">")));
        assert!(seen.insert(nonce.to_owned()));
    }
}
