//! Which page sent a browser to the gate.

use serde::{Deserialize, Serialize};
use url::{Origin, Url};

/// What a browser says of the page that sent it (the fields `Referer` and `Sec-Fetch-Site`). A page can hide where it is,
/// not pretend to be another; a program that only plays the browser can say what it likes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum SentBy {
    /// A page of this origin.
    Page {
        /// Scheme, host and port; the host as punycode.
        origin: String,
    },
    /// A page that hides where it is.
    Hidden,
    /// No page: somebody typed the address, or another program opened it.
    Nobody,
    /// Nothing was said of it.
    Unknown,
}

impl SentBy {
    /// Reads what a browser said: the only `Referer`, and the only `Sec-Fetch-Site`.
    #[must_use]
    pub fn read(referer: Option<&str>, site: Option<&str>) -> Self {
        match (referer.and_then(origin), site) {
            // No page, says the browser: it would not know of one then.
            (_, Some("none")) => Self::Nobody,
            (Some(origin), _) => Self::Page { origin },
            (None, Some("same-origin" | "same-site" | "cross-site")) => Self::Hidden,
            (None, Some(_) | None) => Self::Unknown,
        }
    }

    /// Whether it is a page of another origin than the one the key would go to.
    #[must_use]
    pub fn is_elsewhere(&self, redirect: &str) -> bool {
        matches!(self, Self::Page { origin } if origin != redirect)
    }
}

fn origin(referer: &str) -> Option<String> {
    match Url::parse(referer).ok()?.origin() {
        origin @ Origin::Tuple(..) => Some(origin.ascii_serialization()),
        Origin::Opaque(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(origin: &str) -> SentBy {
        SentBy::Page { origin: origin.to_owned() }
    }

    #[test]
    fn of_a_page_the_origin_is_kept_and_nothing_else() {
        let said = SentBy::read(Some("http://localhost:8080/wp-admin/?token=secret"), Some("same-site"));
        assert_eq!(said, page("http://localhost:8080"));
        assert_eq!(
            SentBy::read(Some("https://Bücher.example/"), Some("cross-site")),
            page("https://xn--bcher-kva.example")
        );
        assert_eq!(SentBy::read(Some("https://shop.example:443/x"), None), page("https://shop.example"));
    }

    #[test]
    fn a_page_that_hides_is_told_from_no_page_and_from_nothing_said() {
        assert_eq!(SentBy::read(None, Some("cross-site")), SentBy::Hidden);
        assert_eq!(SentBy::read(Some("about:blank"), Some("same-site")), SentBy::Hidden);
        assert_eq!(SentBy::read(None, Some("none")), SentBy::Nobody);
        assert_eq!(SentBy::read(Some("https://shop.example/"), Some("none")), SentBy::Nobody);
        assert_eq!(SentBy::read(None, None), SentBy::Unknown);
        assert_eq!(SentBy::read(Some("\u{202e}"), Some("sideways")), SentBy::Unknown);
    }

    #[test]
    fn only_a_page_of_another_origin_is_elsewhere() {
        let redirect = "http://localhost:8080";
        assert!(!page(redirect).is_elsewhere(redirect));
        for other in ["http://localhost:8081", "https://localhost:8080", "http://127.0.0.1:8080"] {
            assert!(page(other).is_elsewhere(redirect), "{other}");
        }
        for silent in [SentBy::Hidden, SentBy::Nobody, SentBy::Unknown] {
            assert!(!silent.is_elsewhere(redirect));
        }
    }
}
