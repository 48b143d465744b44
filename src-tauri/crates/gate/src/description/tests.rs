use std::collections::BTreeSet;

use super::*;
use crate::{api, route, table::Row};

/// What the waiting page says to the gate it came from is nobody's contract.
const OF_THE_WAITING_PAGE: [&str; 2] =
    ["POST /api-keys/authorize/{}/raise", "GET /api-keys/authorize/{}/status"];

/// `METHOD /path` with every parameter as `{}`.
fn rows(prefix: &str, table: &[Row]) -> Vec<String> {
    let segment = |text: &&str| match text.strip_prefix('"') {
        Some(literal) => literal.trim_end_matches('"').to_owned(),
        None => "{}".to_owned(),
    };
    let path = |segments: &[&str]| segments.iter().map(segment).collect::<Vec<_>>().join("/");
    let row = |(segments, methods): &Row| {
        let path = path(segments);
        methods.iter().map(|method| format!("{method} {prefix}/{path}")).collect::<Vec<_>>()
    };
    table.iter().flat_map(row).collect()
}

fn without_names(path: &str) -> String {
    let segment = |text: &str| if text.starts_with('{') { "{}".to_owned() } else { text.to_owned() };
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

#[test]
fn everything_that_is_served_is_described_and_nothing_else() {
    let mut served: BTreeSet<String> = rows("", route::TABLE).into_iter().collect();
    served.extend(rows("/api/v1", api::TABLE));
    for own in OF_THE_WAITING_PAGE {
        assert!(served.remove(own), "{own}");
    }
    let description = read().unwrap();
    let described =
        description.operations().map(|(path, method, _)| format!("{method} {}", without_names(path)));
    assert_eq!(described.collect::<BTreeSet<_>>(), served);
}

#[test]
fn it_names_our_version_and_the_level_the_server_info_names() {
    let info = read().unwrap().info;
    assert_eq!(info.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(info.level, api::SPOKEN_VERSION);
}

#[test]
fn every_operation_has_a_name_of_its_own_and_a_group() {
    let description = read().unwrap();
    let ids: BTreeSet<_> =
        description.operations().map(|(_, _, operation)| &operation.operation_id).collect();
    assert_eq!(ids.len(), description.operations().count());
    let grouped: usize = description.tags.iter().map(|tag| description.group(&tag.name).count()).sum();
    assert_eq!(grouped, ids.len());
}

#[test]
fn every_reference_leads_somewhere() {
    let description = read().unwrap();
    for (path, method, operation) in description.operations() {
        for parameter in &operation.parameters {
            assert!(description.parameter(parameter).is_some(), "{method} {path}: {parameter:?}");
        }
        for (status, answer) in &operation.responses {
            assert!(description.answer(answer).is_some(), "{method} {path}: {status}");
        }
    }
}

#[test]
fn what_needs_credentials_says_what_it_answers_without_them() {
    for (path, method, operation) in read().unwrap().operations() {
        let answers = |status: &str| operation.responses.contains_key(status);
        let closed = !operation.security.is_empty();
        assert_eq!((answers("401"), answers("429") || !closed), (closed, true), "{method} {path}");
    }
}
