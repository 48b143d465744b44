//! The body of a request for a key: `{"label"?: string|null, "permissions"?: string[]|null}`.
//!
//! Names in any case, other fields ignored, `{}` is enough (Greenfield, `CreateApiKeyRequest`).

use desk::KeyWish;
use domain::{Permission, PermissionSet};
use serde_json::{Map, Value};

use super::error::Invalid;

/// The most permissions one key may have.
const MOST_PERMISSIONS: usize = 100;
/// The longest label, in characters.
const LONGEST_LABEL: usize = 200;

/// Reads the body. What is wrong with the JSON is named by its path as it was sent, what is wrong with a value as a
/// whole by the property's name.
pub(super) fn read(body: &[u8]) -> Result<KeyWish, Invalid> {
    let fields = match parse(body)? {
        Value::Object(fields) => fields,
        Value::Null => return Err(empty()),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            return Err(invalid("", "An object is expected."));
        }
    };
    Ok(KeyWish { label: label(&fields)?, permissions: permissions(&fields)? })
}

fn parse(body: &[u8]) -> Result<Value, Invalid> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(empty());
    }
    let malformed = |error: serde_json::Error| invalid("", format!("This is not valid JSON: {error}."));
    serde_json::from_slice(body).map_err(malformed)
}

fn label(fields: &Map<String, Value>) -> Result<String, Invalid> {
    let Some((path, value)) = field(fields, "label") else { return Ok(String::new()) };
    let label = value.as_str().ok_or_else(|| invalid(path, "A text is expected."))?;
    if label.chars().count() > LONGEST_LABEL {
        return Err(invalid("Label", "A label has at most 200 characters."));
    }
    Ok(label.to_owned())
}

fn permissions(fields: &Map<String, Value>) -> Result<PermissionSet, Invalid> {
    let Some((path, value)) = field(fields, "permissions") else { return Ok(PermissionSet::new()) };
    let texts = value.as_array().ok_or_else(|| invalid(path, "A list of texts is expected."))?;
    if texts.len() > MOST_PERMISSIONS {
        return Err(invalid("Permissions", "A key has at most 100 permissions."));
    }
    texts.iter().enumerate().map(|(nth, value)| permission(&format!("{path}[{nth}]"), value)).collect()
}

/// A policy nobody knows is kept; a scope on what is no store policy is not, since BTCPay Server would ignore it.
fn permission(path: &str, value: &Value) -> Result<Permission, Invalid> {
    let text = value.as_str().ok_or_else(|| invalid(path, "A text is expected."))?;
    Permission::parse(text).map_err(|error| invalid(path, format!("This is not a permission: {error}.")))
}

/// A field by its name in any case, with the name as it was sent. One that is null counts as not there.
fn field<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<(&'a str, &'a Value)> {
    let mut named = fields.iter().filter(|(sent, value)| sent.eq_ignore_ascii_case(name) && !value.is_null());
    named.next().map(|(sent, value)| (sent.as_str(), value))
}

fn empty() -> Invalid {
    invalid("", "A non-empty request body is required.")
}

fn invalid(path: &str, message: impl Into<String>) -> Invalid {
    Invalid { path: path.to_owned(), message: message.into() }
}
