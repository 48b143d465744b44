//! How values of the domain are written into columns: the same words as everywhere else.

use rusqlite::Row;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{Result, damaged};

/// The word of a value without content, such as `form-post`.
pub(crate) fn word(value: impl Serialize) -> Result<String> {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => Ok(word),
        Ok(_) | Err(_) => Err(damaged("a value has no word")),
    }
}

/// The value of a word, or of anything else that is written as one text.
pub(crate) fn from_word<T: DeserializeOwned>(word: &str) -> Result<T> {
    serde_json::from_value(Value::String(word.to_owned()))
        .map_err(|_| damaged(format!("{word:?} is no known word")))
}

/// A value with content, such as a list of permissions, as JSON.
pub(crate) fn json(value: impl Serialize) -> Result<String> {
    serde_json::to_string(&value).map_err(|_| damaged("a value cannot be written"))
}

/// The value of such a JSON text.
pub(crate) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| damaged(error.to_string()))
}

/// A text column. Bytes that are no text were written by somebody else: they stop nobody, and no MAC holds over what
/// stands in their place.
pub(crate) fn text(row: &Row<'_>, at: usize) -> rusqlite::Result<String> {
    Ok(String::from_utf8_lossy(row.get_ref(at)?.as_bytes()?).into_owned())
}

/// The same of a column that may be empty.
pub(crate) fn maybe_text(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<String>> {
    Ok(row.get_ref(at)?.as_bytes_or_null()?.map(|bytes| String::from_utf8_lossy(bytes).into_owned()))
}

/// What can be read of `rows`. One that cannot was written by somebody else: it is not used, and stops nobody.
pub(crate) fn readable<R, T>(table: &str, rows: Vec<R>, read: impl Fn(R) -> Result<T>) -> Vec<T> {
    let read =
        |row| read(row).inspect_err(|error| tracing::warn!(%error, table, "a row cannot be read")).ok();
    rows.into_iter().filter_map(read).collect()
}
