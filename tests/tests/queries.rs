//! What the gate makes of an authorize query.

#![expect(clippy::indexing_slicing, reason = "of JSON documents: what is missing is null")]

use anyhow::Result;
use blackbox::asker::sorted;
use blackbox::{Answer, World};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// Asks and takes the request back at once, so that the limits stay out of sight.
async fn ask(world: &World, query: &str) -> Result<Answer> {
    let answer = world.asker.ask(query).await?;
    if answer.status == 202 {
        let id = answer.json()?["id"].as_str().unwrap_or_default().to_owned();
        world.home.ok(&["refuse", &id]).await?;
    }
    Ok(answer)
}

#[tokio::test]
async fn every_redirect_that_could_mislead_is_refused() -> Result<()> {
    let world = World::new().await?;
    let own = world.gate.port();
    let mut bad: Vec<String> = [
        "/callback",
        "callback",
        "//shop.example/",
        "http://",
        "http:///path",
        "https://:443/",
        "ftp://shop.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "fieldgate://request/1",
        "http://user@shop.example/",
        "http://user:password@shop.example/",
        "http://shop.example/#fragment",
        "http://shop.example/#",
        "http://shop.example/\r\nX: y",
        "http://shop.example/\n",
        "http://shop.exa\tmple/",
        "http://shop.example\\@evil.example/",
        "http:\\\\shop.example/",
        "http://shop.example:0/",
    ]
    .map(ToOwned::to_owned)
    .into();
    for host in [
        "127.0.0.1",
        "127.1",
        "0x7f.1",
        "2130706433",
        "0177.0.0.1",
        "localhost",
        "LOCALHOST.",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
        "a.localhost",
    ] {
        bad.push(format!("http://{host}:{own}/callback"));
    }
    for redirect in &bad {
        let answer = world.asker.ask(&format!("redirect={}", encoded(redirect))).await?;
        assert_eq!(answer.status, 400, "{redirect:?}: {}", answer.body);
        assert!(!answer.body.contains("evil.example"), "it repeats nothing of it: {}", answer.body);
    }
    assert_eq!(world.home.ok(&["requests"]).await?, json!([]), "nobody was bothered");
    Ok(())
}

#[tokio::test]
async fn a_boolean_that_is_none_means_its_default() -> Result<()> {
    let world = World::new().await?;
    for (query, strict, selective) in [
        ("strict=0&selectiveStores=1", true, false),
        ("strict=no&selectiveStores=yes", true, false),
        ("strict=&selectiveStores=", true, false),
        ("STRICT=FALSE&selectivestores=True", false, true),
    ] {
        let asked = world.asker.asked(&format!("permissions=btcpay.store.canviewinvoices&{query}")).await?;
        let request = world.home.request(&asked.id).await?;
        assert_eq!(
            (&request["strict"], &request["selectiveStores"]),
            (&json!(strict), &json!(selective)),
            "{query}"
        );
        world.home.ok(&["refuse", &asked.id]).await?;
    }
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_read_in_one_way_only_is_a_bad_request() -> Result<()> {
    let world = World::new().await?;
    let name = |length: usize| format!("applicationName={}", "n".repeat(length));
    let permissions = |number: usize| vec!["permissions=a.b"; number].join("&");
    for (what, query, status) in [
        ("a doubled name", "applicationName=a&applicationName=b".to_owned(), 400),
        ("a doubled name in another case", "applicationName=a&APPLICATIONNAME=a".to_owned(), 400),
        ("a doubled redirect", "redirect=http://a.example&redirect=http://b.example".to_owned(), 400),
        ("a doubled flag", "strict=true&strict=false".to_owned(), 400),
        ("101 permissions", permissions(101), 400),
        ("200 permissions", permissions(200), 400),
        ("100 permissions", permissions(100), 202),
        ("a name of 10,000 characters", name(10_000), 414),
        ("a name of 5,000 characters", name(5_000), 202),
        ("a name that is not UTF-8", "applicationName=%ff%fe".to_owned(), 400),
        ("an unknown policy", "permissions=btcpay.store.canfly".to_owned(), 202),
    ] {
        assert_eq!(ask(&world, &query).await?.status, status, "{what}");
    }
    Ok(())
}

#[tokio::test]
async fn a_long_name_is_cut_where_it_is_shown() -> Result<()> {
    let world = World::new().await?;
    let asked = world.asker.asked(&format!("applicationName={}", "n".repeat(5_000))).await?;
    let name = world.home.request(&asked.id).await?["name"].as_str().unwrap_or_default().chars().count();
    assert_eq!(name, 200);
    Ok(())
}

#[tokio::test]
async fn permissions_are_taken_in_every_spelling_of_the_list() -> Result<()> {
    let world = World::new().await?;
    let query = "permissions=btcpay.store.canviewinvoices&permissions[]=btcpay.store.cancreateinvoice\
                 &permissions%5B0%5D=btcpay.user.canviewprofile";
    let asked = world.asker.asked(query).await?;
    assert_eq!(
        sorted(&world.home.request(&asked.id).await?["permissions"]),
        ["btcpay.store.cancreateinvoice", "btcpay.store.canviewinvoices", "btcpay.user.canviewprofile"]
    );
    assert_eq!(world.asker.get("/api-keys/authorize/").await?.status, 202, "a trailing slash is fine");
    Ok(())
}
