//! What can change of a user.

use domain::{Email, Password, User};

/// One change of a user. Everything else of it stays.
#[derive(Debug, Clone)]
pub enum UserChange {
    /// Another address.
    Email(Email),
    /// Another display name, or none.
    Name(Option<String>),
    /// Another picture, or none.
    ImageUrl(Option<String>),
    /// Another password; without one, Basic authentication is off for this user.
    Password(Option<Password>),
    /// Whether server policies work.
    Admin(bool),
    /// Whether keys and password are refused.
    Disabled(bool),
}

impl UserChange {
    /// Whether it would leave the user as it is.
    #[must_use]
    pub fn is_so(&self, user: &User) -> bool {
        match self {
            Self::Email(email) => email.as_str() == user.email.as_str(),
            Self::Name(name) => *name == user.name,
            Self::ImageUrl(url) => *url == user.image_url,
            Self::Password(password) => password.is_none() && !user.has_password,
            Self::Admin(admin) => *admin == user.is_admin,
            Self::Disabled(disabled) => *disabled == user.disabled,
        }
    }

    /// Whether it would take an admin away.
    #[must_use]
    pub fn takes_admin(&self) -> bool {
        matches!(self, Self::Admin(false) | Self::Disabled(true))
    }
}
