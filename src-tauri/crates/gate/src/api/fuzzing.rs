//! The readers of bodies without their endpoints.

use super::error::Refused;
use super::{store_wish, user_wish, wish};
use crate::http::MAX_BODY;

/// A body is a wish that keeps the rules, or each reader names what is wrong with it.
pub fn json_body(bytes: &[u8]) {
    if bytes.len() > MAX_BODY {
        return;
    }
    if let Ok(key) = wish::read(bytes) {
        assert!(key.permissions.len() <= 100 && key.label.chars().count() <= 200);
    }
    named(store_wish::read(bytes).err());
    named(user_wish::new(bytes).err());
    named(user_wish::changed(bytes).err());
}

fn named(refused: Option<Refused>) {
    let Some(refused) = refused else { return };
    assert!(matches!(&refused, Refused::Invalid(rules) if !rules.is_empty()), "{refused:?}");
    assert_eq!(refused.answer().status, 422);
}
