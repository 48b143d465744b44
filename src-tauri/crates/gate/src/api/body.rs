//! JSON bodies, read as generously as Greenfield reads them: names in any case, other fields ignored, null as good as
//! absent.

use serde_json::{Map, Value};
use zeroize::Zeroize as _;

use super::error::Invalid;

/// The fields of a body. What is wrong with one is named by its path as it was sent. Its texts, which may be passwords,
/// are wiped when it goes.
#[derive(Debug)]
pub(super) struct Body(Map<String, Value>);

/// A field that is there, with its name as it was sent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field<'a> {
    pub(super) path: &'a str,
    pub(super) value: &'a Value,
}

impl Body {
    /// Reads an object. `{}` is one; nothing at all is not.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Invalid> {
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(Self::empty());
        }
        match serde_json::from_slice(bytes) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(Value::Null) => Err(Self::empty()),
            Ok(Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_)) => {
                Err(Invalid::new("", "An object is expected."))
            }
            Err(error) => Err(Invalid::new("", format!("This is not valid JSON: {error}."))),
        }
    }

    fn empty() -> Invalid {
        Invalid::new("", "A non-empty request body is required.")
    }

    /// A field by its name in any case; not one that is null.
    pub(super) fn field(&self, name: &str) -> Option<Field<'_>> {
        let mut named =
            self.0.iter().filter(|(sent, value)| sent.eq_ignore_ascii_case(name) && !value.is_null());
        named.next().map(|(path, value)| Field { path, value })
    }

    /// A yes or no, if there is one.
    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>, Invalid> {
        let read =
            |field: Field<'_>| field.value.as_bool().ok_or_else(|| field.invalid("A boolean is expected."));
        self.field(name).map(read).transpose()
    }

    /// A text, if there is one.
    pub(super) fn text(&self, name: &str) -> Result<Option<&str>, Invalid> {
        self.field(name).map(Field::text).transpose()
    }
}

impl Drop for Body {
    fn drop(&mut self) {
        self.0.values_mut().for_each(wipe);
    }
}

/// How deep it goes is bounded by the reader of the JSON.
fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(values) => values.iter_mut().for_each(wipe),
        Value::Object(fields) => fields.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

impl<'a> Field<'a> {
    pub(super) fn text(self) -> Result<&'a str, Invalid> {
        self.value.as_str().ok_or_else(|| self.invalid("A text is expected."))
    }

    /// The object that it is, to be read like a body.
    pub(super) fn object(self) -> Result<Body, Invalid> {
        let fields = self.value.as_object().ok_or_else(|| self.invalid("An object is expected."))?;
        Ok(Body(fields.clone()))
    }

    pub(super) fn invalid(self, message: &str) -> Invalid {
        Invalid::new(self.path, message)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_text_of_a_body_is_wiped_however_deep_it_stands() {
        let mut body = json!({ "password": "hunter22", "list": ["a", { "b": "c", "n": 1 }], "none": null });
        wipe(&mut body);
        assert_eq!(body, json!({ "password": "", "list": ["", { "b": "", "n": 1 }], "none": null }));
    }
}
