//! Under which names and for which pages the gate answers, and what protects its answers.

use anyhow::{Result, ensure};
use blackbox::{Answer, World, wire};
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn only_our_own_names_are_answered() -> Result<()> {
    let world = World::new().await?;
    let (addr, port) = (world.gate.addr(), world.gate.port());
    for host in [
        format!("Host: 127.0.0.1:{port}"),
        format!("Host: localhost:{port}"),
        format!("HOST: LocalHost:{port}"),
        format!("Host: [::1]:{port}"),
    ] {
        assert_eq!(wire::get(addr, "/api/v1/health", &[&host]).await?.status, 200, "{host}");
    }
    let own = format!("Host: 127.0.0.1:{port}");
    let foreign = [
        vec!["Host: shop.example".to_owned()],
        vec![format!("Host: shop.example:{port}")],
        vec![format!("Host: localhost.:{port}")],
        vec![format!("Host: 127.0.0.1.:{port}")],
        vec![format!("Host: a.localhost:{port}")],
        vec![format!("Host: 127.1:{port}")],
        vec!["Host: 127.0.0.1".to_owned()],
        vec![format!("Host: 127.0.0.1:{}", port ^ 1)],
        vec![format!("Host: user@127.0.0.1:{port}")],
        vec!["Host:".to_owned()],
        vec![],
        vec![own.clone(), own.clone()],
        vec![own.clone(), "Host: shop.example".to_owned()],
    ];
    for lines in &foreign {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        for target in ["/api/v1/health", "/api-keys/authorize", "/nowhere"] {
            let status = wire::get(addr, target, &lines).await?.status;
            // A doubled Host may already be no HTTP at all (RFC 9112 §3.2).
            assert!(
                status == 421 || (lines.len() != 1 && status == 400),
                "{status} for {target} with {lines:?}"
            );
        }
    }
    for target in ["http://shop.example/api/v1/health", &format!("http://localhost:{port}/api/v1/health")] {
        assert_eq!(wire::get(addr, target, &[&own]).await?.status, 421, "{target}");
    }
    Ok(())
}

#[tokio::test]
async fn a_request_is_only_made_by_opening_a_tab() -> Result<()> {
    let world = World::new().await?;
    let (addr, host) = (world.gate.addr(), format!("Host: 127.0.0.1:{}", world.gate.port()));
    let navigate = ["Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document", "Accept: text/html"];
    for (more, status) in [
        (["Sec-Fetch-Site: cross-site"], 303),
        (["Sec-Fetch-Site: none"], 303),
        (["Sec-Purpose: prefetch"], 503),
        (["Sec-Purpose: prefetch;prerender"], 503),
    ] {
        let lines = [&[host.as_str()], &navigate[..], &more[..]].concat();
        assert_eq!(wire::get(addr, "/api-keys/authorize", &lines).await?.status, status, "{more:?}");
    }
    for (mode, dest) in
        [("no-cors", "image"), ("cors", "empty"), ("navigate", "iframe"), ("no-cors", "script")]
    {
        let (mode, dest) = (format!("Sec-Fetch-Mode: {mode}"), format!("Sec-Fetch-Dest: {dest}"));
        let lines = [host.as_str(), &mode, &dest];
        assert_eq!(
            wire::get(addr, "/api-keys/authorize?permissions=unrestricted", &lines).await?.status,
            403
        );
    }
    let requests = world.home.ok(&["requests"]).await?;
    assert_eq!(requests.as_array().map(Vec::len), Some(2), "only the two tabs asked: {requests}");
    Ok(())
}

#[tokio::test]
async fn a_page_of_another_origin_reads_neither_a_request_nor_the_api() -> Result<()> {
    let world = World::new().await?;
    let key = world.home.key(blackbox::ADMIN, &["unrestricted"]).await?;
    let asked = world.asker.asked("").await?;
    let cors = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "cors"), ("Sec-Fetch-Dest", "empty")];
    let fetched = |request: reqwest::RequestBuilder| {
        cors.iter().fold(request, |request, (name, value)| request.header(*name, *value))
    };
    assert_eq!(world.asker.send(Method::GET, &asked.poll, fetched).await?.status, 403);
    let token = format!("token {key}");
    for (name, value) in
        [cors[0], ("Origin", "https://shop.example"), ("Origin", "null"), ("Origin", "http://localhost:8080")]
    {
        let answer = world
            .asker
            .send(Method::GET, "/api/v1/api-keys/current", |it| {
                it.header("Authorization", &token).header(name, value)
            })
            .await?;
        assert_eq!(answer.status, 403, "{name}: {value}");
    }
    let answer = world
        .asker
        .send(Method::POST, "/api/v1/api-keys", |it| {
            it.header("Authorization", &token).header("Content-Type", "text/plain").body("{}")
        })
        .await?;
    assert_eq!(answer.status, 415, "a body a page could send without asking");
    let answer = world
        .asker
        .send(Method::OPTIONS, "/api/v1/api-keys", |it| {
            it.header("Origin", "https://shop.example").header("Access-Control-Request-Method", "POST")
        })
        .await?;
    assert!(answer.status >= 400, "{answer:?}");
    assert!(
        answer.headers.iter().all(|(name, _)| !name.to_lowercase().starts_with("access-control")),
        "{answer:?}"
    );
    Ok(())
}

fn check_protection(what: &str, answer: &Answer) -> Result<()> {
    let policy = answer.header("content-security-policy").unwrap_or_default();
    ensure!(
        policy.contains("frame-ancestors 'none'") && policy.contains("default-src 'none'"),
        "{what}: {policy}"
    );
    ensure!(!policy.contains("unsafe-") && !policy.contains("data:"), "{what}: {policy}");
    for (name, value) in [("x-frame-options", "DENY"), ("x-content-type-options", "nosniff")] {
        ensure!(answer.header(name) == Some(value), "{what}: {name} in {answer:?}");
    }
    ensure!(answer.header("cache-control").is_some_and(|it| it.contains("no-store")), "{what}: {answer:?}");
    ensure!(answer.header("www-authenticate").is_none(), "{what}: {answer:?}");
    let cors = answer.headers.iter().find(|(name, _)| name.to_lowercase().starts_with("access-control"));
    ensure!(cors.is_none(), "{what}: {cors:?}");
    ensure!(answer.header("set-cookie").is_none(), "{what}: cookies ignore ports");
    Ok(())
}

#[tokio::test]
async fn every_answer_may_be_neither_framed_nor_sniffed_nor_stored() -> Result<()> {
    let world = World::new().await?;
    let (addr, host) = (world.gate.addr(), format!("Host: 127.0.0.1:{}", world.gate.port()));
    let key = world.home.key(blackbox::ADMIN, &[]).await?;
    let token = format!("Authorization: token {key}");
    let long = format!("/{}", "a".repeat(9_000));
    let page = wire::get(addr, "/api-keys/authorize", &[&host, "Accept: text/html"]).await?;
    ensure!(page.status == 303, "{page:?}");
    let waiting = page.header("location").unwrap_or_default().to_owned();
    let waiting = waiting.strip_prefix(&world.gate.url).unwrap_or(&waiting).to_owned();
    let bare = waiting.split('?').next().unwrap_or_default().to_owned();
    check_protection("303", &page)?;
    let html = "Accept: text/html";
    for (target, lines, status) in [
        ("/api/v1/health", vec![&*host], 200),
        ("/api-keys/authorize", vec![&host], 202),
        (&waiting, vec![&host, html], 200),
        (&bare, vec![&host, html], 0),
        (&bare, vec![&host], 0),
        ("/api-keys/authorize/00000000000000000000000000000000", vec![&host, html], 404),
        ("/api-keys/authorize/00000000000000000000000000000000", vec![&host], 404),
        ("/api-keys/authorize?redirect=x", vec![&host], 400),
        ("/api-keys/authorize?redirect=x", vec![&host, html], 400),
        ("/api/v1/api-keys/current", vec![&host, &token], 200),
        ("/api/v1/api-keys/current", vec![&host], 401),
        ("/api/v1/nothing", vec![&host], 404),
        ("/nowhere", vec![&host, html], 404),
        ("/", vec![&host], 404),
        ("/", vec!["Host: shop.example"], 421),
        ("/", vec![&host, "A b: c"], 400),
        (&long, vec![&host], 414),
    ] {
        let answer = wire::get(addr, target, &lines).await?;
        let what = format!("{} for {target} with {lines:?}", answer.status);
        ensure!(status == 0 || answer.status == status, "{what}: {answer:?}");
        check_protection(&what, &answer)?;
    }
    let long = format!("POST / HTTP/1.1\r\n{host}\r\nContent-Length: 99999\r\n\r\n");
    let long = wire::answer(&wire::exchange(addr, long.as_bytes()).await?)?;
    ensure!(long.status == 413, "{long:?}");
    check_protection("413", &long)
}

#[tokio::test]
async fn an_unlocked_gate_alone_gives_nothing_away() -> Result<()> {
    let world = World::new().await?;
    for query in ["", "permissions=unrestricted", "permissions=btcpay.store.canviewinvoices&strict=false"] {
        for _ in 0..3 {
            let status = world.asker.ask(query).await?.status;
            assert!(status == 202 || status == 429, "{status}");
        }
    }
    assert_eq!(world.home.ok(&["key", "list"]).await?, json!([]), "nothing is issued without a decision");
    let requests = world.home.ok(&["requests"]).await?;
    assert_eq!(requests.as_array().map(Vec::len), Some(4), "at most four of one program wait");
    Ok(())
}
