//! The parameters of a query, decoded and told apart, before anybody reads a meaning into them.

use std::collections::BTreeMap;

use percent_encoding::percent_decode;

use super::QueryError;

/// A parameter of the authorize flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    Permissions,
    ApplicationName,
    ApplicationIdentifier,
    Redirect,
    Strict,
    SelectiveStores,
    State,
}

impl Field {
    const ALL: [Self; 7] = [
        Self::Permissions,
        Self::ApplicationName,
        Self::ApplicationIdentifier,
        Self::Redirect,
        Self::Strict,
        Self::SelectiveStores,
        Self::State,
    ];

    /// The name as the published API spells it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Permissions => "permissions",
            Self::ApplicationName => "applicationName",
            Self::ApplicationIdentifier => "applicationIdentifier",
            Self::Redirect => "redirect",
            Self::Strict => "strict",
            Self::SelectiveStores => "selectiveStores",
            Self::State => "state",
        }
    }

    fn of(name: &str) -> Option<Self> {
        let field = Self::ALL.into_iter().find(|field| field.name().eq_ignore_ascii_case(name));
        field.or_else(|| is_element_of_permissions(name).then_some(Self::Permissions))
    }
}

/// `permissions[]` and `permissions[0]`, as PHP and .NET write lists.
fn is_element_of_permissions(name: &str) -> bool {
    let element = |(list, index): (&str, &str)| {
        list.eq_ignore_ascii_case(Field::Permissions.name()) && index.bytes().all(|b| b.is_ascii_digit())
    };
    name.strip_suffix(']').and_then(|open| open.split_once('[')).is_some_and(element)
}

/// The parameters that mean something here, form-decoded.
#[derive(Default)]
pub(super) struct Fields {
    permissions: Vec<String>,
    singles: BTreeMap<Field, String>,
}

impl Fields {
    pub(super) fn decode(raw_query: &str) -> Result<Self, QueryError> {
        let mut fields = Self::default();
        for pair in raw_query.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let Some(field) = form_decode(name).and_then(|name| Field::of(&name)) else { continue };
            let value = form_decode(value).ok_or(QueryError::NotText { field: field.name() })?;
            fields.add(field, value)?;
        }
        Ok(fields)
    }

    fn add(&mut self, field: Field, value: String) -> Result<(), QueryError> {
        if field == Field::Permissions {
            let value = value.trim();
            if !value.is_empty() {
                self.permissions.push(value.to_owned());
            }
            return Ok(());
        }
        match self.singles.insert(field, value) {
            Some(_) => Err(QueryError::Doubled { field: field.name() }),
            None => Ok(()),
        }
    }

    /// The permissions asked, trimmed, none of them empty.
    pub(super) fn permissions(&self) -> &[String] {
        &self.permissions
    }

    pub(super) fn get(&self, field: Field) -> Option<&str> {
        self.singles.get(&field).map(String::as_str)
    }

    /// A boolean, if the query has one that can be read.
    pub(super) fn flag(&self, field: Field) -> Option<bool> {
        let text = self.get(field)?.trim();
        let is = |word: &str| text.eq_ignore_ascii_case(word);
        if is("true") { Some(true) } else { is("false").then_some(false) }
    }
}

/// Decodes `application/x-www-form-urlencoded`; a `%` without two hex digits stands for itself. Nothing when the
/// bytes are no UTF-8.
fn form_decode(raw: &str) -> Option<String> {
    let blanks = raw.replace('+', " ");
    percent_decode(blanks.as_bytes()).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}
