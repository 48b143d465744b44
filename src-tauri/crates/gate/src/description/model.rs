//! As much of OpenAPI 3.1 as our own description uses, in the order it is written.

use indexmap::IndexMap;
use serde::Deserialize;

use super::schema::{Json, Schema};

/// All of it.
#[derive(Debug, Deserialize)]
pub(crate) struct Description {
    pub(crate) info: Info,
    pub(crate) tags: Vec<Tag>,
    /// By path template, then by method in lower case.
    pub(crate) paths: IndexMap<String, IndexMap<String, Operation>>,
    pub(crate) components: Components,
    /// By status: what is answered where nothing is served.
    #[serde(rename = "x-elsewhere")]
    pub(crate) elsewhere: IndexMap<String, Or<Answer>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Info {
    pub(crate) title: String,
    /// Our own version.
    pub(crate) version: String,
    pub(crate) description: String,
    /// The level of the Greenfield API that is spoken.
    #[serde(rename = "x-greenfield-level")]
    pub(crate) level: String,
    #[serde(rename = "x-differences")]
    pub(crate) differences: Vec<Difference>,
}

/// What BTCPay Server does, and what is done here.
#[derive(Debug, Deserialize)]
pub(crate) struct Difference {
    pub(crate) there: String,
    pub(crate) here: String,
}

/// A group of operations.
#[derive(Debug, Deserialize)]
pub(crate) struct Tag {
    pub(crate) name: String,
    pub(crate) description: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Components {
    pub(crate) security_schemes: IndexMap<String, SecurityScheme>,
    parameters: IndexMap<String, Parameter>,
    pub(crate) schemas: IndexMap<String, Schema>,
    responses: IndexMap<String, Answer>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct SecurityScheme {
    pub(crate) description: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Operation {
    pub(crate) operation_id: String,
    pub(crate) tags: Vec<String>,
    pub(crate) summary: String,
    pub(crate) description: String,
    #[serde(default)]
    pub(crate) parameters: Vec<Or<Parameter>>,
    pub(crate) request_body: Option<Body>,
    pub(crate) responses: IndexMap<String, Or<Answer>>,
    /// Any one of these will do: by scheme, the policies the key needs. None at all: open to anybody.
    pub(crate) security: Vec<IndexMap<String, Vec<String>>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    #[serde(rename = "in")]
    pub(crate) place: String,
    #[serde(default)]
    pub(crate) required: bool,
    pub(crate) description: String,
    pub(crate) schema: Schema,
    pub(crate) example: Option<Json>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Body {
    pub(crate) content: IndexMap<String, Content>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Answer {
    pub(crate) description: String,
    #[serde(default)]
    pub(crate) content: IndexMap<String, Content>,
    /// Whether many operations can give it, none in a way of its own.
    #[serde(default, rename = "x-common")]
    pub(crate) common: bool,
}

/// What a body of one media type holds.
#[derive(Debug, Deserialize)]
pub(crate) struct Content {
    pub(crate) schema: Schema,
    example: Option<Json>,
    #[serde(default)]
    examples: IndexMap<String, Example>,
}

#[derive(Debug, Deserialize)]
struct Example {
    value: Json,
}

/// Something that is written out here, or among the components.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Or<T> {
    There {
        #[serde(rename = "$ref")]
        reference: String,
    },
    Here(T),
}

impl Description {
    /// The operations of a group: path, method in capitals, operation.
    pub(crate) fn group<'own>(
        &'own self,
        tag: &'own str,
    ) -> impl Iterator<Item = (&'own str, String, &'own Operation)> {
        self.operations().filter(move |(_, _, operation)| operation.tags.iter().any(|own| own == tag))
    }

    pub(crate) fn operations(&self) -> impl Iterator<Item = (&str, String, &Operation)> {
        self.paths.iter().flat_map(|(path, methods)| {
            methods.iter().map(|(method, operation)| (path.as_str(), method.to_ascii_uppercase(), operation))
        })
    }

    pub(crate) fn parameter<'own>(&'own self, parameter: &'own Or<Parameter>) -> Option<&'own Parameter> {
        parameter.found(&self.components.parameters)
    }

    pub(crate) fn answer<'own>(&'own self, answer: &'own Or<Answer>) -> Option<&'own Answer> {
        answer.found(&self.components.responses)
    }

    /// The answers that are not an operation's own, each with its status, and those where nothing is served.
    pub(crate) fn common(&self) -> Vec<(&str, &Answer)> {
        let answers =
            self.operations().flat_map(|(_, _, operation)| &operation.responses).chain(&self.elsewhere);
        let mut common = IndexMap::new();
        for (status, answer) in answers {
            let (Some(name), Some(answer)) = (answer.name(), self.answer(answer)) else { continue };
            if answer.common {
                common.entry(name).or_insert((status.as_str(), answer));
            }
        }
        let mut common: Vec<_> = common.into_values().collect();
        common.sort_by_key(|(status, _)| *status);
        common
    }
}

impl<T> Or<T> {
    /// The last part of a reference.
    pub(crate) fn name(&self) -> Option<&str> {
        match self {
            Self::There { reference } => last_part(reference),
            Self::Here(_) => None,
        }
    }

    fn found<'own>(&'own self, among: &'own IndexMap<String, T>) -> Option<&'own T> {
        match self {
            Self::There { reference } => among.get(last_part(reference)?),
            Self::Here(here) => Some(here),
        }
    }
}

impl Content {
    /// The first example.
    pub(crate) fn example(&self) -> Option<&Json> {
        self.example.as_ref().or_else(|| self.examples.values().next().map(|example| &example.value))
    }
}

/// What stands behind the last slash.
pub(super) fn last_part(reference: &str) -> Option<&str> {
    reference.rsplit('/').next()
}
