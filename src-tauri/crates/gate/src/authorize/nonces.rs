//! Nonces by which a waiting page proves that it is one of ours. Each is good for one use.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use domain::RequestId;

/// How many pages of one request may be open at once and still have a working button.
const PER_REQUEST: usize = 8;
/// How many there are in all.
const IN_ALL: usize = 512;

/// The nonces that were given out and not used, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Nonces {
    given: Mutex<VecDeque<(RequestId, String)>>,
}

impl Nonces {
    /// A fresh nonce for a page of `id`; nothing when the system gives no randomness.
    pub(crate) fn issue(&self, id: &RequestId) -> Option<String> {
        let nonce = random_hex()?;
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        if given.iter().filter(|(own, _)| own == id).count() >= PER_REQUEST {
            let oldest = given.iter().position(|(own, _)| own == id);
            oldest.and_then(|oldest| given.remove(oldest));
        }
        if given.len() >= IN_ALL {
            given.pop_front();
        }
        given.push_back((id.clone(), nonce.clone()));
        Some(nonce)
    }

    /// Whether `nonce` was given to a page of `id` and not used yet. It is used now.
    pub(crate) fn redeem(&self, id: &RequestId, nonce: &str) -> bool {
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        let found = given.iter().position(|(own, known)| own == id && known == nonce);
        found.and_then(|found| given.remove(found)).is_some()
    }
}

/// 128 random bits.
pub(crate) fn random_hex() -> Option<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).ok()?;
    Some(hex::encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(byte: u8) -> RequestId {
        RequestId::from_random([byte; 16])
    }

    #[test]
    fn a_nonce_works_once_and_for_its_own_request_only() {
        let nonces = Nonces::default();
        let nonce = nonces.issue(&id(1)).unwrap();
        assert!(!nonces.redeem(&id(2), &nonce));
        assert!(!nonces.redeem(&id(1), ""));
        assert!(nonces.redeem(&id(1), &nonce));
        assert!(!nonces.redeem(&id(1), &nonce));
    }

    #[test]
    fn a_page_that_refreshes_itself_takes_no_room_from_others() {
        let nonces = Nonces::default();
        let other = nonces.issue(&id(1)).unwrap();
        let many: Vec<String> = (0..2 * IN_ALL).map(|_| nonces.issue(&id(2)).unwrap()).collect();
        assert!(nonces.redeem(&id(1), &other));
        assert!(!nonces.redeem(&id(2), &many[0]));
        assert!(nonces.redeem(&id(2), many.last().unwrap()));
    }

    #[test]
    fn there_are_never_more_than_the_limit() {
        let nonces = Nonces::default();
        for request in 0..=255 {
            for _ in 0..3 {
                nonces.issue(&id(request)).unwrap();
            }
        }
        assert_eq!(nonces.given.lock().unwrap().len(), IN_ALL);
    }
}
