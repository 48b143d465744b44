use std::collections::BTreeSet;

use super::*;

fn rendered() -> String {
    let described = description::read().unwrap();
    String::from_utf8(page(&described, "http://127.0.0.1:21420").body.clone()).unwrap()
}

/// The values of an attribute, in order.
fn attributes<'a>(page: &'a str, before: &str) -> Vec<&'a str> {
    page.split(before).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn the_page_shows_every_operation_every_body_and_every_difference() {
    let (page, described) = (rendered(), description::read().unwrap());
    for (path, method, operation) in described.operations() {
        assert!(page.contains(&format!("<h3 id=\"{}\">", operation.operation_id)), "{method} {path}");
    }
    for name in described.components.schemas.keys() {
        assert!(page.contains(&format!("<h3 id=\"body-{name}\">{name}</h3>")), "{name}");
    }
    let rows = page.split("id=\"differences\"").nth(1).unwrap().matches("<tr>").count();
    assert_eq!(rows, described.info.differences.len() + 1);
}

#[test]
fn every_link_within_the_page_leads_to_one_place() {
    let page = rendered();
    let places = attributes(&page, " id=\"");
    let once: BTreeSet<_> = places.iter().copied().collect();
    assert_eq!(places.len(), once.len());
    let links = attributes(&page, "href=\"#");
    assert!(links.len() > 20);
    for link in links {
        assert!(once.contains(link), "{link}");
    }
    for label in attributes(&page, "aria-labelledby=\"") {
        assert!(once.contains(label), "{label}");
    }
}

#[test]
fn the_page_needs_nothing_but_itself() {
    let page = rendered();
    for outside in ["<script", "<img", "<link", "<iframe", "src=", "url(", "@import", "style=\""] {
        assert!(!page.contains(outside), "{outside}");
    }
    let elsewhere: BTreeSet<_> =
        attributes(&page, "href=\"").into_iter().filter(|to| !to.starts_with('#')).collect();
    assert_eq!(elsewhere, ["/swagger/v1/swagger.json"].into());
}

#[test]
fn an_example_is_a_command_for_a_shell() {
    let page = rendered();
    let text = page.replace("&quot;", "\"").replace("&amp;", "&");
    assert!(text.contains("<code>curl -s 'http://127.0.0.1:21420/api/v1/health'</code>"));
    assert!(text.contains(
        "<code>curl -s \\\n  -X POST \\\n  -H \"Authorization: token $KEY\" \\\n  -H 'Content-Type: application/json' \\\n  \
         -d '{\"label\":\"Ana'\\''s till\",\"permissions\":[\"btcpay.store.cancreateinvoice\"]}' \\\n  \
         'http://127.0.0.1:21420/api/v1/users/ana@shop.example/api-keys'</code>"
    ));
}

#[test]
fn text_between_backticks_is_code_and_nothing_in_it_is_markup() {
    assert_eq!(inline("a `b<c>` d").into_string(), "a <code>b&lt;c&gt;</code> d");
    assert_eq!(prose("one\n\n`two`").into_string(), "<p>one</p><p><code>two</code></p>");
}

#[test]
fn where_the_names_say_it_all_no_column_is_kept_for_their_meaning() {
    let page = rendered();
    let table = |body: &str| {
        let section = page.split(&format!("id=\"body-{body}\"")).nth(1).unwrap();
        section.split("</table>").next().unwrap().to_owned()
    };
    assert!(!table("Receipt").contains("Meaning"));
    assert!(table("ReceiptRequest").contains("<th scope=\"col\">Meaning</th>"));
    assert!(table("CreateUserRequest").contains("<td>anything</td>"), "what has no type may be anything");
}
