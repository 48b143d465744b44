//! The forms in which a secret could lie about.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// The forms of `secret` that are looked for: as it is, in hex, in base64 at each of the three offsets, in UTF-16, and
/// for hex digits also the bytes they stand for.
#[must_use]
pub fn forms(secret: &str) -> Vec<Vec<u8>> {
    let mut forms = spellings(secret.as_bytes());
    forms.push(secret.encode_utf16().flat_map(u16::to_le_bytes).collect());
    forms.push(secret.encode_utf16().flat_map(u16::to_be_bytes).collect());
    if let Ok(bytes) = hex::decode(secret)
        && bytes.len() >= 8
    {
        forms.extend(spellings(&bytes));
    }
    forms
}

fn spellings(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut forms = vec![bytes.to_vec(), hex::encode(bytes).into(), hex::encode_upper(bytes).into()];
    for offset in 0..3 {
        let mut shifted = vec![0; offset];
        shifted.extend(bytes);
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            // What a neighbour's bits take part in is left out at both ends.
            let text = engine.encode(&shifted);
            let inner = text.get(offset + 1..text.len().saturating_sub(2)).unwrap_or_default();
            forms.push(inner.into());
        }
    }
    forms
}

/// Whether `secret` stands in `haystack` in any form.
#[must_use]
pub fn is_in(secret: &str, haystack: &[u8]) -> bool {
    forms(secret).iter().any(|form| memchr::memmem::find(haystack, form).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_in_every_form() {
        let secret = "00112233445566778899aabbccddeeff00112233";
        let bytes = hex::decode(secret).unwrap();
        for hidden in [
            format!("x{secret}y").into_bytes(),
            hex::encode(secret).into_bytes(),
            STANDARD_NO_PAD.encode(format!("ab{secret}cd")).into_bytes(),
            STANDARD_NO_PAD.encode(format!("a{secret}")).into_bytes(),
            secret.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            secret.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            [b"\x01".as_slice(), &bytes, b"\x02"].concat(),
            URL_SAFE_NO_PAD.encode(&bytes).into_bytes(),
        ] {
            assert!(is_in(secret, &hidden), "{}", String::from_utf8_lossy(&hidden));
        }
        assert!(!is_in(secret, b"00112233445566778899aabbccddeeff00112234"));
    }
}
