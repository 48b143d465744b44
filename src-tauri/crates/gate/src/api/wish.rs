//! The body of a request for a key: `{"label"?: string|null, "permissions"?: string[]|null}` (Greenfield,
//! `CreateApiKeyRequest`).

use desk::KeyWish;
use domain::{Permission, PermissionSet};
use serde_json::Value;

use super::{body::Body, error::Invalid};

/// The most permissions one key may have.
const MOST_PERMISSIONS: usize = 100;
/// The longest label, in characters.
const LONGEST_LABEL: usize = 200;

/// Reads the body. What is wrong with the JSON is named by its path as it was sent, what is wrong with a value as a
/// whole by the property's name.
pub(super) fn read(body: &[u8]) -> Result<KeyWish, Invalid> {
    let body = Body::read(body)?;
    Ok(KeyWish { label: label(&body)?, permissions: permissions(&body)? })
}

fn label(body: &Body) -> Result<String, Invalid> {
    let label = body.text("label")?.unwrap_or_default();
    if label.chars().count() > LONGEST_LABEL {
        return Err(Invalid::new("Label", "A label has at most 200 characters."));
    }
    Ok(label.to_owned())
}

fn permissions(body: &Body) -> Result<PermissionSet, Invalid> {
    let Some(field) = body.field("permissions") else { return Ok(PermissionSet::new()) };
    let texts = field.value.as_array().ok_or_else(|| field.invalid("A list of texts is expected."))?;
    if texts.len() > MOST_PERMISSIONS {
        return Err(Invalid::new("Permissions", "A key has at most 100 permissions."));
    }
    let path = field.path;
    texts.iter().enumerate().map(|(nth, value)| permission(&format!("{path}[{nth}]"), value)).collect()
}

/// A policy nobody knows is kept; a scope on what is no store policy is not, since BTCPay Server would ignore it.
fn permission(path: &str, value: &Value) -> Result<Permission, Invalid> {
    let text = value.as_str().ok_or_else(|| Invalid::new(path, "A text is expected."))?;
    Permission::parse(text).map_err(|error| Invalid::new(path, format!("This is not a permission: {error}.")))
}
