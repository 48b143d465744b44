//! Greenfield's ways to say no, shape by shape.

use std::time::Duration;

use desk::{ApiError, SignInError};
use domain::Policy;
use serde::Serialize;

use crate::{answer, http::Response};

/// Why a call is not answered with what it asked for.
#[derive(Debug)]
pub(super) enum Refused {
    /// Nobody is signed in; the text says why.
    Unauthenticated(&'static str),
    /// Passwords of others are being checked.
    TooManyLogins,
    /// Signing in broke, or a use case says no.
    SignIn(SignInError),
    Desk(ApiError),
    /// The body breaks these rules.
    Invalid(Vec<Invalid>),
}

/// One broken rule of a body: where, and which.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Invalid {
    pub(super) path: String,
    pub(super) message: String,
}

/// The fields in the order of BTCPay Server.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MissingPermission<'a> {
    missing_permission: &'a str,
    code: &'static str,
    message: String,
}

impl Invalid {
    pub(super) fn new(path: &str, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), message: message.into() }
    }
}

impl From<ApiError> for Refused {
    fn from(error: ApiError) -> Self {
        Self::Desk(error)
    }
}

impl From<SignInError> for Refused {
    fn from(error: SignInError) -> Self {
        Self::SignIn(error)
    }
}

impl From<Invalid> for Refused {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(vec![invalid])
    }
}

impl Refused {
    /// The answer. None carries `WWW-Authenticate`: a browser would ask its user, and a page could guess passwords.
    pub(super) fn answer(&self) -> Response {
        match self {
            Self::Unauthenticated(why) => answer::failure(401, "unauthenticated", why),
            Self::TooManyLogins => too_many_logins(),
            Self::SignIn(error) => not_let_in(error),
            Self::Desk(error) => refused_by_desk(error),
            Self::Invalid(invalid) => answer::json(422, invalid),
        }
    }
}

fn not_let_in(error: &SignInError) -> Response {
    match error {
        SignInError::Failed => broken(&"signing in failed"),
        SignInError::TooManyKeys { retry_after } | SignInError::TooManyPasswords { retry_after } => {
            too_many(&error.to_string(), *retry_after)
        }
        SignInError::UnknownKey
        | SignInError::KeyOfDisabledUser
        | SignInError::WrongPassword
        | SignInError::DisabledUser
        | SignInError::BasicOff => answer::failure(401, "unauthenticated", &error.to_string()),
    }
}

fn too_many_logins() -> Response {
    let message = "Too many sign in with a password at once. Try again in a moment, or use an API key.";
    too_many(message, Duration::from_secs(1))
}

fn too_many(message: &str, retry_after: Duration) -> Response {
    let seconds = retry_after.as_secs().to_string();
    answer::failure(429, "too-many-requests", message).with("Retry-After", seconds)
}

fn too_many_users(retry_after: Duration) -> Response {
    let message = "Too many users were made within a minute. Only an unrestricted admin may make more.";
    let seconds = retry_after.as_secs() + u64::from(retry_after.subsec_nanos() > 0);
    answer::failure(429, "too-many-requests", message).with("Retry-After", seconds.to_string())
}

fn refused_by_desk(error: &ApiError) -> Response {
    match error {
        ApiError::SignedOut(error) => not_let_in(error),
        ApiError::MissingPermission(policy) => missing_permission(policy),
        ApiError::UserNotFound => answer::failure(404, "user-not-found", "There is no such user."),
        ApiError::KeyNotFound => {
            answer::failure(400, "apikey-not-found", "There is no such API key, or it is not this user's.")
        }
        ApiError::StoreLimitReached => answer::failure(
            403,
            "store-limit-reached",
            "You have reached the maximum number of stores allowed.",
        ),
        ApiError::OnlyAdmin(policy) => {
            forbidden(policy, "This is the only admin who is not disabled: it cannot be deleted.".to_owned())
        }
        ApiError::InvalidState(why) => answer::failure(400, "invalid-state", why),
        ApiError::Invalid { field, message } => answer::json(422, &[Invalid::new(field, message)]),
        ApiError::TooMany { retry_after } => too_many_users(*retry_after),
        ApiError::TooManyPasswords { retry_after } => {
            too_many("Too many wrong passwords. No current password is looked at for a while.", *retry_after)
        }
        ApiError::Locked => answer::failure(
            503,
            "locked",
            "Fieldgate is locked: keys work and can be revoked, but nothing else can be changed before it is unlocked.",
        ),
        ApiError::Failed(error) => broken(error),
    }
}

fn missing_permission(policy: &Policy) -> Response {
    let message =
        format!("This needs the permission \"{policy}\", which the API key or its user does not have.");
    forbidden(policy, message)
}

fn forbidden(policy: &Policy, message: String) -> Response {
    let body = MissingPermission { missing_permission: policy.as_str(), code: "missing-permission", message };
    answer::json(403, &body)
}

fn broken(error: &dyn std::fmt::Display) -> Response {
    tracing::error!(%error, "a call of the API failed");
    answer::failure(500, "failed", "Fieldgate could not do this. Its log says more.")
}
