//! One way to turn several values into bytes, such that no two lists of values give the same bytes.

/// A list of values in an unambiguous encoding: a tag per value, then eight bytes of number, or eight bytes of
/// length (big-endian) and the content. What is MAC'd, hashed or bound to a seal is always written with it. Not for
/// secrets in clear: it is not wiped.
#[derive(Clone, Default)]
pub(crate) struct Fields(Vec<u8>);

impl Fields {
    /// An empty list.
    #[must_use]
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds a text. The empty text differs from [`Fields::maybe_text`] of nothing.
    #[must_use]
    pub(crate) fn text(self, text: &str) -> Self {
        self.counted(b't', text.as_bytes())
    }

    /// Adds bytes.
    #[must_use]
    pub(crate) fn bytes(self, bytes: &[u8]) -> Self {
        self.counted(b'b', bytes)
    }

    /// Adds a whole number.
    #[must_use]
    pub(crate) fn int(mut self, number: i64) -> Self {
        self.0.push(b'i');
        self.0.extend_from_slice(&number.to_be_bytes());
        self
    }

    /// Adds a yes or no.
    #[must_use]
    pub(crate) fn flag(self, set: bool) -> Self {
        self.int(i64::from(set))
    }

    /// Adds a text, or that there is none.
    #[must_use]
    pub(crate) fn maybe_text(self, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.text(text),
            None => self.nothing(),
        }
    }

    /// Adds a whole number, or that there is none.
    #[must_use]
    pub(crate) fn maybe_int(self, number: Option<i64>) -> Self {
        match number {
            Some(number) => self.int(number),
            None => self.nothing(),
        }
    }

    /// The encoding.
    #[must_use]
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    fn nothing(mut self) -> Self {
        self.0.push(b'-');
        self
    }

    fn counted(mut self, tag: u8, content: &[u8]) -> Self {
        self.0.push(tag);
        self.0.extend_from_slice(&(content.len() as u64).to_be_bytes());
        self.0.extend_from_slice(content);
        self
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn encode(list: &[Option<String>]) -> Vec<u8> {
        list.iter().fold(Fields::new(), |f, v| f.maybe_text(v.as_deref())).as_bytes().to_vec()
    }

    proptest! {
        #[test]
        fn two_different_lists_never_share_an_encoding(
            a in prop::collection::vec(prop::option::of("[ab-]{0,3}"), 0..4),
            b in prop::collection::vec(prop::option::of("[ab-]{0,3}"), 0..4),
        ) {
            prop_assert_eq!(a == b, encode(&a) == encode(&b));
        }
    }

    #[test]
    fn a_boundary_moved_between_two_values_shows() {
        assert_ne!(
            encode(&[Some("ab".into()), Some("c".into())]),
            encode(&[Some("a".into()), Some("bc".into())])
        );
        assert_ne!(encode(&[Some(String::new())]), encode(&[None]));
        assert_ne!(Fields::new().text("x").as_bytes(), Fields::new().bytes(b"x").as_bytes());
    }
}
