//! As much of JSON Schema as our own description uses.

use std::fmt;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::model::last_part;

/// JSON that keeps the order of its fields.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(untagged)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    Text(String),
    List(Vec<Json>),
    Object(IndexMap<String, Json>),
}

/// What a value must be.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Schema {
    #[serde(rename = "$ref")]
    reference: Option<String>,
    #[serde(rename = "type")]
    kind: Kinds,
    pub(crate) description: Option<String>,
    pub(crate) properties: IndexMap<String, Schema>,
    pub(crate) required: Vec<String>,
    pub(crate) items: Option<Box<Schema>>,
    pub(crate) one_of: Vec<Schema>,
    #[serde(rename = "enum")]
    pub(crate) choices: Vec<Json>,
    #[serde(rename = "const")]
    pub(crate) fixed: Option<Json>,
    pub(crate) default: Option<Json>,
    pub(crate) format: Option<String>,
    pub(crate) minimum: Option<serde_json::Number>,
    pub(crate) maximum: Option<serde_json::Number>,
    pub(crate) min_length: Option<u64>,
    pub(crate) max_length: Option<u64>,
    pub(crate) max_items: Option<u64>,
}

/// One type or several.
#[derive(Debug, Default, Deserialize)]
#[serde(untagged)]
enum Kinds {
    #[default]
    None,
    One(String),
    Several(Vec<String>),
}

impl Schema {
    /// The name of the schema this stands for.
    pub(crate) fn name(&self) -> Option<&str> {
        last_part(self.reference.as_deref()?)
    }

    /// Its JSON types.
    pub(crate) fn kinds(&self) -> Vec<&str> {
        match &self.kind {
            Kinds::None => Vec::new(),
            Kinds::One(kind) => vec![kind],
            Kinds::Several(kinds) => kinds.iter().map(String::as_str).collect(),
        }
    }

    pub(crate) fn requires(&self, property: &str) -> bool {
        self.required.iter().any(|required| required == property)
    }
}

impl Json {
    /// A text without quotes, anything else as JSON.
    pub(crate) fn plain(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::List(_) | Self::Object(_) => {
                self.to_string()
            }
        }
    }
}

impl fmt::Display for Json {
    /// On one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}
