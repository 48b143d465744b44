//! The query of `GET /api-keys/authorize`, read once and for good.

mod fields;

use sha2::{Digest, Sha256};

use self::fields::{Field, Fields};
use super::{BadRedirect, ClaimedText, OwnAddress, Redirect};
use crate::{ApplicationIdentity, Permission, PermissionSet, ProgramIdentity, Sealed};

/// The most permissions one request may name.
const MOST_PERMISSIONS: usize = 100;

/// The longest identifier, in characters. It is refused rather than cut: two applications must not become one.
const LONGEST_IDENTIFIER: usize = 200;

/// What an application asks for. Only [`parse`](Self::parse) builds one.
///
/// `Debug` shows neither the redirect's query nor the `state`.
#[derive(Debug, Clone)]
pub struct AuthorizeRequest {
    permissions: PermissionSet,
    unknown: Vec<ClaimedText>,
    name: Option<ClaimedText>,
    identifier: Option<Identifier>,
    redirect: Option<Redirect>,
    strict: bool,
    selective: bool,
    state: Option<Sealed>,
    query: Sealed,
    fingerprint: Fingerprint,
}

#[derive(Debug, Clone)]
struct Identifier {
    as_sent: String,
    shown: Option<ClaimedText>,
}

/// Equal exactly when two requests ask for the same: permissions (in any order), names, redirect, flags and state.
/// A digest, so that comparing needs no further copy of the redirect's query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 32]);

/// Why a query is no authorize request. The text that broke the rule is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum QueryError {
    /// A parameter that can only be given once is there again.
    #[error("{field} is given more than once")]
    Doubled {
        /// The parameter.
        field: &'static str,
    },
    /// Percent-decoding gives bytes that are no UTF-8.
    #[error("{field} is not UTF-8 text")]
    NotText {
        /// The parameter.
        field: &'static str,
    },
    /// A control character where one would only be there to deceive.
    #[error("{field} contains a control character")]
    ControlCharacter {
        /// The parameter.
        field: &'static str,
    },
    /// An identifier of more than 200 characters.
    #[error("{field} is longer than 200 characters")]
    TooLong {
        /// The parameter.
        field: &'static str,
    },
    /// More than 100 permissions.
    #[error("more than 100 permissions are asked")]
    TooMany,
    /// The redirect breaks a rule.
    #[error("{rule}")]
    Redirect {
        /// Which.
        rule: BadRedirect,
    },
}

impl QueryError {
    /// The parameter that is wrong, as the published API spells it.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Doubled { field }
            | Self::NotText { field }
            | Self::ControlCharacter { field }
            | Self::TooLong { field } => field,
            Self::TooMany => Field::Permissions.name(),
            Self::Redirect { .. } => Field::Redirect.name(),
        }
    }
}

impl AuthorizeRequest {
    /// Reads what stands after the `?` of the authorize URL, nothing if there is none.
    ///
    /// Form encoding (`+` is a blank). Names in any case; `permissions` repeated, also as `permissions[]` and
    /// `permissions[0]`; other parameters are ignored. Permissions, names and booleans are trimmed; `redirect` and
    /// `state` are taken as they are. An empty permission, name, identifier or redirect counts as not given. A boolean
    /// other than `true` or `false`, in any case, means its default. An identifier without a redirect is ignored.
    ///
    /// # Errors
    /// The first rule it breaks, see [`QueryError`].
    pub fn parse(raw_query: &str, own: &OwnAddress) -> Result<Self, QueryError> {
        let fields = Fields::decode(raw_query)?;
        let redirect = fields.get(Field::Redirect).filter(|raw| !raw.is_empty());
        let redirect = redirect.map(|raw| Redirect::parse(raw, own)).transpose();
        let redirect = redirect.map_err(|rule| QueryError::Redirect { rule })?;
        let identifier = if redirect.is_some() { identifier(&fields)? } else { None };
        let state = state(&fields)?;
        let (permissions, unknown) = sort_out(fields.permissions())?;
        let mut request = Self {
            permissions,
            unknown: Vec::new(),
            name: fields.get(Field::ApplicationName).and_then(ClaimedText::new),
            identifier,
            redirect,
            strict: fields.flag(Field::Strict).unwrap_or(true),
            selective: fields.flag(Field::SelectiveStores).unwrap_or(false),
            state,
            query: Sealed::new(raw_query.to_owned()),
            fingerprint: Fingerprint([0; 32]),
        };
        request.fingerprint = request.digest(fields.get(Field::ApplicationName), &unknown);
        request.unknown = unknown.into_iter().filter_map(nameable).collect();
        Ok(request)
    }

    /// The query as it came in, to be sealed and parsed again when a grant is delivered after a restart.
    #[must_use]
    pub fn query(&self) -> &Sealed {
        &self.query
    }

    /// The permissions asked whose policies are known; each once.
    #[must_use]
    pub fn permissions(&self) -> &PermissionSet {
        &self.permissions
    }

    /// What else was asked as a permission and is left out: not well-formed, not in the catalogue, or a scope where
    /// none can be.
    #[must_use]
    pub fn unknown(&self) -> &[ClaimedText] {
        &self.unknown
    }

    /// The name the application gives itself.
    #[must_use]
    pub fn application_name(&self) -> Option<&ClaimedText> {
        self.name.as_ref()
    }

    /// The identifier as it was sent: for comparing, not for showing. Absent without a redirect.
    #[must_use]
    pub fn identifier(&self) -> Option<&str> {
        self.identifier.as_ref().map(|identifier| identifier.as_sent.as_str())
    }

    /// Where the key shall be sent.
    #[must_use]
    pub fn redirect(&self) -> Option<&Redirect> {
        self.redirect.as_ref()
    }

    /// Whether the permissions are granted exactly or not at all.
    #[must_use]
    pub fn is_strict(&self) -> bool {
        self.strict
    }

    /// Whether the human chooses the stores.
    #[must_use]
    pub fn is_selective(&self) -> bool {
        self.selective
    }

    /// What goes back to the application unchanged (our extension).
    #[must_use]
    pub fn state(&self) -> Option<&str> {
        self.state.as_ref().map(Sealed::expose)
    }

    /// Whether no permission at all was asked: the key would only prove who its user is.
    #[must_use]
    pub fn asked_nothing(&self) -> bool {
        self.permissions.is_empty() && self.unknown.is_empty()
    }

    /// Whether permissions were asked and none of them is known: all that can be done is refuse.
    #[must_use]
    pub fn only_unknown(&self) -> bool {
        self.permissions.is_empty() && !self.unknown.is_empty()
    }

    /// What identical requests have in common.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// What to call the asker, in its own words: its name, else its identifier.
    #[must_use]
    pub fn display_name(&self) -> Option<&ClaimedText> {
        self.name.as_ref().or_else(|| self.identifier.as_ref()?.shown.as_ref())
    }

    /// Which application of the register this is; `program` is who sent it.
    #[must_use]
    pub fn identity(&self, program: Option<&ProgramIdentity>) -> ApplicationIdentity {
        let Some(redirect) = &self.redirect else {
            let program = program.cloned();
            return program
                .map_or(ApplicationIdentity::Unknown, |program| ApplicationIdentity::Program { program });
        };
        let origin = redirect.origin().to_owned();
        match self.identifier() {
            Some(identifier) => ApplicationIdentity::Identifier { identifier: identifier.to_owned(), origin },
            None => ApplicationIdentity::Origin { origin },
        }
    }

    /// Every part goes in with its length before it, so that no two requests can run into the same bytes.
    fn digest(&self, name: Option<&str>, unknown: &[&str]) -> Fingerprint {
        let mut hash = Sha256::new();
        hash.update([u8::from(self.strict), u8::from(self.selective)]);
        let redirect = self.redirect.as_ref().map(Redirect::as_sent);
        for single in [name, self.identifier(), redirect, self.state()] {
            absorb(&mut hash, single);
        }
        for permission in &self.permissions {
            absorb(&mut hash, Some(&permission.to_string()));
        }
        absorb(&mut hash, None);
        for policy in unknown {
            absorb(&mut hash, Some(policy));
        }
        Fingerprint(hash.finalize().into())
    }
}

fn absorb(hash: &mut Sha256, part: Option<&str>) {
    let length = part.map_or(u64::MAX, |text| text.len() as u64);
    hash.update(length.to_be_bytes());
    hash.update(part.unwrap_or_default());
}

fn identifier(fields: &Fields) -> Result<Option<Identifier>, QueryError> {
    let field = Field::ApplicationIdentifier.name();
    let Some(text) = fields.get(Field::ApplicationIdentifier).map(str::trim).filter(|text| !text.is_empty())
    else {
        return Ok(None);
    };
    if text.chars().any(char::is_control) {
        return Err(QueryError::ControlCharacter { field });
    }
    if text.chars().count() > LONGEST_IDENTIFIER {
        return Err(QueryError::TooLong { field });
    }
    Ok(Some(Identifier { as_sent: text.to_owned(), shown: ClaimedText::new(text) }))
}

fn state(fields: &Fields) -> Result<Option<Sealed>, QueryError> {
    let Some(state) = fields.get(Field::State) else { return Ok(None) };
    if state.chars().any(char::is_control) {
        return Err(QueryError::ControlCharacter { field: Field::State.name() });
    }
    Ok(Some(Sealed::new(state.to_owned())))
}

/// Parts the known permissions from the rest; the rest in order and each once.
fn sort_out(asked: &[String]) -> Result<(PermissionSet, Vec<&str>), QueryError> {
    if asked.len() > MOST_PERMISSIONS {
        return Err(QueryError::TooMany);
    }
    let mut known = PermissionSet::new();
    let mut unknown = Vec::new();
    for text in asked {
        match Permission::parse(text) {
            Ok(permission) if permission.is_known() => known.extend([permission]),
            Ok(_) | Err(_) => unknown.push(text.as_str()),
        }
    }
    unknown.sort_unstable();
    unknown.dedup();
    Ok((known, unknown))
}

/// What was asked is named even when nothing of it can be shown: a request for it is no request for nothing.
fn nameable(unknown: &str) -> Option<ClaimedText> {
    ClaimedText::new(unknown).or_else(|| ClaimedText::new("\u{FFFD}"))
}

#[cfg(test)]
mod tests;
