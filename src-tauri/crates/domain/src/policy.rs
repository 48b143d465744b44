//! A policy: the name of something a key may do, before anybody says in which store.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::catalogue;

/// Longest policy name that is read, in characters.
const LONGEST: usize = 200;

/// The text is no policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a policy: `unrestricted`, or `btcpay.` and words with dots between, at most 200 characters")]
pub struct BadPolicy;

/// A lower-case dotted name such as `btcpay.store.canviewinvoices`, or `unrestricted`.
///
/// A well-formed name that the catalogue does not have (a plugin's, a newer server's) is kept as it is.
/// Ordered by name. Serialised as the name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Policy(Cow<'static, str>);

/// What a policy is about, told by its name alone, so that plugins' policies fit as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PolicyKind {
    /// `unrestricted`.
    Unrestricted,
    /// `btcpay.server.` or `btcpay.plugin.server.`: the whole server, for its administrators.
    Server,
    /// `btcpay.store.` or `btcpay.plugin.store.`: stores. Only these take a scope.
    Store,
    /// `btcpay.user.` or `btcpay.plugin.user.`: the user's own account.
    User,
    /// Anything else, impersonation among it.
    Other,
}

impl Policy {
    /// Everything its user may do.
    pub const UNRESTRICTED: Self = Self::named("unrestricted");
    /// The server's settings; disabling and deleting users.
    pub const MODIFY_SERVER_SETTINGS: Self = Self::named("btcpay.server.canmodifyserversettings");
    /// Users and their API keys.
    pub const MANAGE_USERS: Self = Self::named("btcpay.server.canmanageusers");
    /// All users, to look at.
    pub const VIEW_USERS: Self = Self::named("btcpay.server.canviewusers");
    /// New users.
    pub const CREATE_USER: Self = Self::named("btcpay.server.cancreateuser");
    /// A store's settings, to look at.
    pub const VIEW_STORE_SETTINGS: Self = Self::named("btcpay.store.canviewstoresettings");
    /// A store's settings, and everything else in it.
    pub const MODIFY_STORE_SETTINGS: Self = Self::named("btcpay.store.canmodifystoresettings");
    /// One's own profile, to look at.
    pub const VIEW_PROFILE: Self = Self::named("btcpay.user.canviewprofile");
    /// One's own profile.
    pub const MODIFY_PROFILE: Self = Self::named("btcpay.user.canmodifyprofile");
    /// The end of one's own account.
    pub const DELETE_USER: Self = Self::named("btcpay.user.candeleteuser");

    pub(crate) const fn named(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// Reads a policy, as Greenfield's `permissions` write it: white space around it is dropped, ASCII
    /// capitals are lowered.
    ///
    /// # Errors
    /// [`BadPolicy`] when the rest is neither `unrestricted` nor `btcpay.` and words of `a-z0-9` with single
    /// dots between, or is longer than 200 characters.
    pub fn parse(text: &str) -> Result<Self, BadPolicy> {
        let text = text.trim();
        if text.len() > LONGEST {
            return Err(BadPolicy);
        }
        let name = text.to_ascii_lowercase();
        if !well_formed(&name) {
            return Err(BadPolicy);
        }
        Ok(catalogue::named(&name).map_or_else(|| Self(Cow::Owned(name)), |entry| entry.policy()))
    }

    /// The name as it goes over the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What it is about.
    #[must_use]
    pub fn kind(&self) -> PolicyKind {
        if self.0 == "unrestricted" {
            return PolicyKind::Unrestricted;
        }
        let rest = self.0.strip_prefix("btcpay.").unwrap_or_default();
        let rest = rest.strip_prefix("plugin.").unwrap_or(rest);
        match rest.split_once('.') {
            Some(("server", _)) => PolicyKind::Server,
            Some(("store", _)) => PolicyKind::Store,
            Some(("user", _)) => PolicyKind::User,
            _ => PolicyKind::Other,
        }
    }

    /// Whether the catalogue has it.
    #[must_use]
    pub fn is_known(&self) -> bool {
        catalogue::entry(self).is_some()
    }
}

fn well_formed(name: &str) -> bool {
    let word =
        |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    name == "unrestricted" || name.strip_prefix("btcpay.").is_some_and(|rest| rest.split('.').all(word))
}

impl catalogue::PolicyEntry {
    /// The policy this entry is about.
    #[must_use]
    pub const fn policy(&self) -> Policy {
        Policy::named(self.name)
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for Policy {
    type Err = BadPolicy;
    fn from_str(text: &str) -> Result<Self, BadPolicy> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Policy {
    type Error = BadPolicy;
    fn try_from(text: String) -> Result<Self, BadPolicy> {
        Self::parse(&text)
    }
}

impl From<Policy> for String {
    fn from(policy: Policy) -> Self {
        policy.0.into_owned()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn space_around_and_capitals_do_not_make_another_policy() {
        let read = Policy::parse(" \tBTCPay.Store.CanViewInvoices\r\n").unwrap();
        assert_eq!(read.as_str(), "btcpay.store.canviewinvoices");
        assert_eq!(Policy::parse("UNRESTRICTED"), Ok(Policy::UNRESTRICTED));
    }

    #[test]
    fn what_is_no_dotted_name_is_refused() {
        for bad in [
            "",
            " ",
            "btcpay",
            "btcpay.",
            "btcpay..a",
            "btcpay.a.",
            ".btcpay.a",
            "btcpay.a b",
            "btcpay.a-b",
            "btcpay.a_b",
            "btcpay.é",
            "btcpay.\u{212a}",
            "btcpay.a:b",
            "btcpay.a\0",
            "xbtcpay.a",
            "other.store.a",
            "unrestricted.a",
            "unrestricted:",
            "btcpay.a\nbtcpay.b",
        ] {
            assert_eq!(Policy::parse(bad), Err(BadPolicy), "{bad:?}");
        }
    }

    #[test]
    fn a_name_of_two_hundred_characters_is_read_and_a_longer_one_is_not() {
        let name = format!("btcpay.{}", "a".repeat(LONGEST - "btcpay.".len()));
        assert!(Policy::parse(&format!("  {name}  ")).is_ok());
        assert_eq!(Policy::parse(&format!("{name}a")), Err(BadPolicy));
    }

    #[test]
    fn the_name_alone_tells_the_kind() {
        for (name, kind) in [
            ("unrestricted", PolicyKind::Unrestricted),
            ("btcpay.server.canviewusers", PolicyKind::Server),
            ("btcpay.plugin.server.x", PolicyKind::Server),
            ("btcpay.store.webhooks.canmodifywebhooks", PolicyKind::Store),
            ("btcpay.plugin.store.x.y", PolicyKind::Store),
            ("btcpay.user.canviewprofile", PolicyKind::User),
            ("btcpay.plugin.user.x", PolicyKind::User),
            ("btcpay.impersonation.canimpersonate", PolicyKind::Other),
            ("btcpay.store", PolicyKind::Other),
            ("btcpay.storefront.x", PolicyKind::Other),
            ("btcpay.plugin.plugin.store.x", PolicyKind::Other),
        ] {
            assert_eq!(Policy::parse(name).unwrap().kind(), kind, "{name}");
        }
    }

    #[test]
    fn every_policy_with_a_constant_is_in_the_catalogue() {
        for policy in [
            Policy::UNRESTRICTED,
            Policy::MODIFY_SERVER_SETTINGS,
            Policy::MANAGE_USERS,
            Policy::VIEW_USERS,
            Policy::CREATE_USER,
            Policy::VIEW_STORE_SETTINGS,
            Policy::MODIFY_STORE_SETTINGS,
            Policy::VIEW_PROFILE,
            Policy::MODIFY_PROFILE,
            Policy::DELETE_USER,
        ] {
            assert!(policy.is_known(), "{policy}");
        }
    }

    proptest! {
        #[test]
        fn an_unknown_but_well_formed_policy_survives(name in "btcpay\\.([a-z0-9]{1,9}\\.){0,4}[a-z0-9]{1,9}") {
            let policy = Policy::parse(&name).unwrap();
            prop_assert_eq!(policy.as_str(), &name);
            let json = serde_json::to_string(&policy).unwrap();
            prop_assert_eq!(&json, &format!("\"{name}\""));
            prop_assert_eq!(serde_json::from_str::<Policy>(&json).unwrap(), policy);
        }

        #[test]
        fn no_text_makes_parsing_stumble(text in "\\PC{0,40}") {
            if let Ok(policy) = Policy::parse(&text) {
                prop_assert_eq!(Policy::parse(policy.as_str()), Ok(policy));
            }
        }
    }
}
