//! Where an application wants its key sent.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::net::{Ipv4Addr, Ipv6Addr};

use url::{Host, ParseError, Url};

use super::claimed::is_hidden;
use crate::Sealed;

/// The longest redirect that is taken, in bytes.
const LONGEST: usize = 2_048;

/// Where the gate itself listens: no key is ever sent there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnAddress {
    /// The gate's port, the same on both loopback families.
    pub port: u16,
}

/// A redirect that passed every rule: absolute, `https` or `http`, with a host, and not the gate itself.
///
/// It is kept byte for byte: shops find their own callback by odd queries. `Debug` shows the origin alone, since
/// path and query hold other people's secrets.
#[derive(Clone)]
pub struct Redirect {
    raw: Sealed,
    url: Url,
    origin: String,
}

/// Which rule a redirect breaks. The text itself is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum BadRedirect {
    /// More than 2,048 bytes.
    #[error("the redirect is longer than 2,048 bytes")]
    TooLong,
    /// A line break, tab, blank, backslash, control or invisible character, anywhere.
    #[error("the redirect contains a blank, a line break, a backslash or an invisible character")]
    Character,
    /// No scheme: it would depend on where it is read.
    #[error("the redirect is not absolute: it must begin with https:// or http://")]
    Relative,
    /// A scheme other than `https` and `http`.
    #[error("the redirect has another scheme than https or http")]
    Scheme,
    /// Nothing stands where the host belongs.
    #[error("the redirect names no host")]
    EmptyHost,
    /// A user name or password, or only their `@`, before the host.
    #[error("the redirect contains a user name or password before its host")]
    UserInfo,
    /// A `#`, which no server would ever see.
    #[error("the redirect contains a fragment (#)")]
    Fragment,
    /// Port 0, where nothing can listen.
    #[error("the redirect names port 0")]
    PortZero,
    /// It leads back to this gate.
    #[error("the redirect leads to Fieldgate itself")]
    OwnAddress,
    /// Not an address by the rules of URLs: a host or port that cannot be, or slashes missing.
    #[error("the redirect is not a valid address")]
    Malformed,
}

impl Redirect {
    /// Takes a redirect as the query had it, after percent-decoding once.
    ///
    /// The raw text is looked at before it is parsed, because the URL standard drops line breaks and tabs, takes
    /// `\` for `/` and mends missing slashes in silence.
    ///
    /// # Errors
    /// The first rule it breaks.
    pub fn parse(raw: &str, own: &OwnAddress) -> Result<Self, BadRedirect> {
        check_raw(raw)?;
        let url = Url::parse(raw).map_err(unreadable)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BadRedirect::UserInfo);
        }
        if url.port() == Some(0) {
            return Err(BadRedirect::PortZero);
        }
        let host = url.host().ok_or(BadRedirect::EmptyHost)?;
        if leads_here(&host) && url.port_or_known_default() == Some(own.port) {
            return Err(BadRedirect::OwnAddress);
        }
        let origin = url.origin().ascii_serialization();
        Ok(Self { raw: Sealed::new(raw.to_owned()), url, origin })
    }

    /// The redirect byte for byte as it was sent, query included.
    #[must_use]
    pub fn as_sent(&self) -> &str {
        self.raw.expose()
    }

    /// `scheme://host` and `:port` unless it is the scheme's own; the host as punycode.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The host as punycode; an IPv6 address stands in brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// Origin and path, without the query: what may be shown and remembered.
    #[must_use]
    pub fn without_query(&self) -> String {
        let mut url = self.url.clone();
        url.set_query(None);
        url.into()
    }

    /// Whether the host is `localhost` or an address by which this computer reaches itself, `0.0.0.0` included.
    /// A name that merely resolves there is not known here.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.url.host().is_some_and(|host| is_loopback(&host))
    }

    /// Whether the host is `localhost` or a name below it, which browsers take for both loopback addresses without looking
    /// it up (the draft "let localhost be localhost").
    #[must_use]
    pub fn is_localhost(&self) -> bool {
        self.url.host().is_some_and(|host| matches!(host, Host::Domain(_)) && leads_here(&host))
    }

    /// Whether the key would cross a network in clear: `http` to anything but this computer.
    #[must_use]
    pub fn is_unencrypted(&self) -> bool {
        self.url.scheme() == "http" && !self.is_loopback()
    }

    /// The parsed address, query included.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }
}

impl PartialEq for Redirect {
    fn eq(&self, other: &Self) -> bool {
        self.as_sent() == other.as_sent()
    }
}

impl Eq for Redirect {}

impl Hash for Redirect {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_sent().hash(state);
    }
}

impl fmt::Debug for Redirect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Redirect").field(&self.origin).finish()
    }
}

fn check_raw(raw: &str) -> Result<(), BadRedirect> {
    if raw.len() > LONGEST {
        return Err(BadRedirect::TooLong);
    }
    if raw.chars().any(|c| c == '\\' || c.is_whitespace() || is_hidden(c)) {
        return Err(BadRedirect::Character);
    }
    let (scheme, rest) = raw.split_once(':').filter(|(s, _)| is_scheme(s)).ok_or(BadRedirect::Relative)?;
    if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
        return Err(BadRedirect::Scheme);
    }
    let rest = rest.strip_prefix("//").ok_or(BadRedirect::Malformed)?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err(BadRedirect::UserInfo);
    }
    if authority.is_empty() || authority.starts_with(':') {
        return Err(BadRedirect::EmptyHost);
    }
    if raw.contains('#') { Err(BadRedirect::Fragment) } else { Ok(()) }
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
}

fn unreadable(error: ParseError) -> BadRedirect {
    if error == ParseError::EmptyHost { BadRedirect::EmptyHost } else { BadRedirect::Malformed }
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => name.strip_suffix('.').unwrap_or(name) == "localhost",
        Host::Ipv4(address) => is_this_machine(*address),
        Host::Ipv6(address) => is_this_machine_v6(*address),
    }
}

/// Wider than [`is_loopback`]: browsers also take every name below `localhost` for this computer.
fn leads_here(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => is_loopback(host) || name.trim_end_matches('.').ends_with(".localhost"),
        Host::Ipv4(_) | Host::Ipv6(_) => is_loopback(host),
    }
}

fn is_this_machine(address: Ipv4Addr) -> bool {
    address.is_loopback() || address.is_unspecified()
}

/// `::1`, `::`, and this computer's IPv4 addresses written as mapped (`::ffff:…`) or compatible (`::…`) ones.
fn is_this_machine_v6(address: Ipv6Addr) -> bool {
    address.is_loopback() || address.is_unspecified() || address.to_ipv4().is_some_and(is_this_machine)
}

#[cfg(test)]
mod tests;
