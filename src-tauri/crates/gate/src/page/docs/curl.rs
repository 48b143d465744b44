//! How an operation is called from a shell.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::description::{Json, Operation, Parameter};

/// What need not be encoded in a segment of a path (RFC 3986 §3.3), as far as it occurs.
const SEGMENT: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':').remove(b'@');
/// The same for a query, where a slash separates nothing.
const QUERY: &AsciiSet = &SEGMENT.remove(b'/');

/// The longest command that stands on one line.
const ONE_LINE: usize = 90;

/// A command with the examples of the description in the place of values.
pub(super) fn example(
    base: &str,
    path: &str,
    method: &str,
    operation: &Operation,
    parameters: &[&Parameter],
) -> String {
    let mut lines = vec!["curl -s".to_owned()];
    if method != "GET" {
        lines.push(format!("-X {method}"));
    }
    if !operation.security.is_empty() {
        lines.push("-H \"Authorization: token $KEY\"".to_owned());
    }
    let headers = parameters.iter().filter(|parameter| parameter.place == "header");
    for parameter in headers {
        lines.push(format!("-H {}", quoted(&format!("{}: {}", parameter.name, value(parameter)))));
    }
    if let Some(example) =
        operation.request_body.as_ref().and_then(|body| body.content.values().next()?.example())
    {
        lines.push("-H 'Content-Type: application/json'".to_owned());
        lines.push(format!("-d {}", quoted(&example.to_string())));
    }
    lines.push(quoted(&format!("{base}{}{}", filled(path, parameters), query(parameters))));
    let one_line = lines.join(" ");
    if one_line.len() <= ONE_LINE { one_line } else { lines.join(" \\\n  ") }
}

fn filled(path: &str, parameters: &[&Parameter]) -> String {
    let places = parameters.iter().filter(|parameter| parameter.place == "path");
    places.fold(path.to_owned(), |path, parameter| {
        path.replace(&format!("{{{}}}", parameter.name), &encoded(&value(parameter), SEGMENT))
    })
}

/// The query parameters that have an example.
fn query(parameters: &[&Parameter]) -> String {
    let given = parameters.iter().filter(|parameter| parameter.place == "query");
    let pairs = given.flat_map(|parameter| {
        let values = match &parameter.example {
            Some(Json::List(values)) => values.iter().map(Json::plain).collect(),
            Some(one) => vec![one.plain()],
            None => Vec::new(),
        };
        values.into_iter().map(|value| format!("{}={}", parameter.name, encoded(&value, QUERY)))
    });
    let query = pairs.collect::<Vec<_>>().join("&");
    if query.is_empty() { query } else { format!("?{query}") }
}

fn value(parameter: &Parameter) -> String {
    parameter.example.as_ref().map(Json::plain).unwrap_or_default()
}

fn encoded(text: &str, but: &'static AsciiSet) -> String {
    utf8_percent_encode(text, but).to_string()
}

/// For a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
