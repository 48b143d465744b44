//! What is served, described once: for programs as OpenAPI 3.1, for people as a page made from it.

mod model;
mod schema;

#[cfg(test)]
mod tests;

pub(crate) use model::{Answer, Description, Operation, Parameter};
pub(crate) use schema::{Json, Schema};

use crate::http::Response;

const JSON: &str = include_str!("openapi.json");

/// The description itself.
pub(crate) fn answer() -> Response {
    Response::new(200).with_body("application/json; charset=utf-8", JSON)
}

/// The description, read.
pub(crate) fn read() -> serde_json::Result<Description> {
    serde_json::from_str(JSON)
}
