//! Who calls: `Authorization: token …`, `Bearer …` or `Basic …`.

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use desk::{Principal, SignInError};
use domain::{Email, KeySecret, Password};
use zeroize::Zeroizing;

use super::{error::Refused, guesser::Sender};
use crate::{gate::Gate, http::Request};

const MISSING: Refused = Refused::Unauthenticated("Authentication is required for accessing this endpoint");
const BAD_BASIC: Refused = Refused::Unauthenticated(
    "Basic authentication header was not in a correct format. (username:password encoded in base64)",
);

/// Padding is optional: clients disagree.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Signs in whoever presents a key.
pub(super) async fn with_key(gate: &Gate, request: &Request) -> Result<(Principal, KeySecret), Refused> {
    let secret = token(request).ok_or(MISSING)?;
    let principal = by_key(gate, request, &secret).await?;
    Ok((principal, secret))
}

/// Signs in whoever presents a key, or an e-mail address and password. Checking a password takes long and keeps its
/// connection busy, so only so many may wait for it: keys are not held up.
pub(super) async fn with_any(gate: &Gate, request: &Request) -> Result<Principal, Refused> {
    if let Some(secret) = token(request) {
        return Ok(by_key(gate, request, &secret).await?);
    }
    let encoded = credentials(request, &["basic"]).ok_or(MISSING)?;
    let (email, password) = basic(encoded).ok_or(BAD_BASIC)?;
    // No user has an address that is none.
    let email = Email::parse(&email).map_err(|_| SignInError::WrongPassword)?;
    let _turn = gate.logins.try_acquire().map_err(|_| Refused::TooManyLogins)?;
    Ok(gate.desk.sign_in_with_password(&email, password, &Sender::of(request, gate)).await?)
}

/// A key that nobody knows counts for the program that presents it; a good one is let in before anybody counts.
/// Who uses a key for the first time is looked up as well, once in the life of a key.
async fn by_key(gate: &Gate, request: &Request, secret: &KeySecret) -> Result<Principal, SignInError> {
    let signed_in = gate.desk.sign_in_with_key(secret).await;
    match &signed_in {
        Ok(caller) if caller.is_first_use() => {
            let by = Sender::of(request, gate).program().await;
            gate.desk.note_first_use(caller, by).await;
        }
        Err(SignInError::UnknownKey) => {
            gate.desk.count_unknown_key(&Sender::of(request, gate).of_bad_key().await)?;
        }
        Ok(_) | Err(_) => {}
    }
    signed_in
}

/// The token after `token` or `bearer`, in any case, as Greenfield reads it.
fn token(request: &Request) -> Option<KeySecret> {
    credentials(request, &["token", "bearer"]).map(KeySecret::presented)
}

/// The first word after one of these schemes; nothing when the field is missing or doubled.
fn credentials<'a>(request: &'a Request, schemes: &[&str]) -> Option<&'a str> {
    let mut words = request.headers.one("authorization")?.split_ascii_whitespace();
    let scheme = words.next()?;
    schemes.iter().any(|known| scheme.eq_ignore_ascii_case(known)).then(|| words.next()).flatten()
}

/// E-mail address and password: UTF-8, split at the first colon, so that a password may have some (RFC 7617 §2).
fn basic(encoded: &str) -> Option<(String, Password)> {
    let decoded = Zeroizing::new(BASE64.decode(encoded).ok()?);
    let (email, password) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    Some((email.to_owned(), Password::new(password.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(String, String)> {
        basic(text).map(|(email, password)| (email, password.expose().to_owned()))
    }

    #[test]
    fn basic_is_split_at_the_first_colon_only() {
        for (plain, email, password) in
            [("a@b:c:d:", "a@b", "c:d:"), ("a@b:", "a@b", ""), (":x", "", "x"), ("é@b:ü", "é@b", "ü")]
        {
            let expected = Some((email.to_owned(), password.to_owned()));
            assert_eq!(read(&BASE64.encode(plain)), expected, "{plain}");
            assert_eq!(read(BASE64.encode(plain).trim_end_matches('=')), expected, "{plain} without padding");
        }
    }

    #[test]
    fn what_is_no_basic_header_is_nobody() {
        let not_utf8 = BASE64.encode([b'a', b':', 0xff]);
        for bad in ["", "%%%", &BASE64.encode("no colon"), &not_utf8, "a@b:c"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
