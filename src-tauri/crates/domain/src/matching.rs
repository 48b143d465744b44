//! Is there already a key?

use crate::{
    ApiKey, ApplicationIdentity, AuthorizeRequest, KeyId, PermissionSet, Redirect, Timestamp, UserId,
};

/// A key that may be handed over again, as the register knows it.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// The key. Only one whose secret can be read may be offered here.
    pub key: &'a ApiKey,
    /// The application it was granted to.
    pub identity: &'a ApplicationIdentity,
    /// For a loopback redirect: whether the program listening there is the one that was served before.
    pub same_receiver: bool,
}

/// What the application already holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Match {
    /// The newest key that may be handed over in place of a new one.
    pub exact: Option<KeyId>,
    /// Keys that can do all of this and more, never handed over, each with what it can do more.
    pub wider: Vec<(KeyId, PermissionSet)>,
}

/// Looks for a key of the same application and owner that does what `granted` says: exactly that for a strict
/// request, that or a part of it otherwise.
///
/// `granted` is what this request would grant, chosen stores included. The application is the same when identifier
/// (case-sensitive) and origin are; for a loopback redirect the port may differ if the receiving program is the one
/// served before. A request without an identifier or redirect finds nothing; ended and expired keys are not found.
pub fn find_existing<'a>(
    request: &AuthorizeRequest,
    granted: &PermissionSet,
    owner: &UserId,
    keys: impl IntoIterator<Item = Candidate<'a>>,
    now: Timestamp,
) -> Match {
    let mut found = Match::default();
    let mut newest: Option<&ApiKey> = None;
    if request.only_unknown() {
        return found;
    }
    let theirs = |candidate: &Candidate<'_>| {
        candidate.key.owner == *owner && candidate.key.is_live(now) && is_same_application(request, candidate)
    };
    for Candidate { key, .. } in keys.into_iter().filter(theirs) {
        if fits(request, granted, &key.permissions) {
            newest = newest.into_iter().chain([key]).max_by_key(|key| key.created);
        } else if let Some(extra) = what_is_more(granted, &key.permissions) {
            found.wider.push((key.id.clone(), extra));
        }
    }
    found.exact = newest.map(|key| key.id.clone());
    found
}

fn is_same_application(request: &AuthorizeRequest, candidate: &Candidate<'_>) -> bool {
    let (Some(identifier), Some(redirect)) = (request.identifier(), request.redirect()) else { return false };
    match candidate.identity {
        ApplicationIdentity::Identifier { identifier: known, origin } => {
            known == identifier && is_same_origin(redirect, origin, candidate.same_receiver)
        }
        ApplicationIdentity::Origin { .. }
        | ApplicationIdentity::Program { .. }
        | ApplicationIdentity::Unknown => false,
    }
}

fn is_same_origin(redirect: &Redirect, known: &str, same_receiver: bool) -> bool {
    let any_port = redirect.is_loopback() && same_receiver;
    known == redirect.origin() || (any_port && without_port(known) == without_port(redirect.origin()))
}

/// `scheme://host` of an origin. The colons inside an IPv6 address are followed by its `]`, never by digits alone.
fn without_port(origin: &str) -> &str {
    match origin.rsplit_once(':') {
        Some((rest, port)) if port.bytes().all(|b| b.is_ascii_digit()) => rest,
        Some(_) | None => origin,
    }
}

fn fits(request: &AuthorizeRequest, granted: &PermissionSet, held: &PermissionSet) -> bool {
    if request.is_strict() { held == granted } else { held.is_subset_of(granted) }
}

fn what_is_more(granted: &PermissionSet, held: &PermissionSet) -> Option<PermissionSet> {
    let extra = held.beyond(granted);
    (held.covers_all(granted) && !extra.is_empty()).then_some(extra)
}

#[cfg(test)]
mod tests;
