//! What must be found in no byte of any file.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::*;

/// The ways a text may be written down.
fn disguises(secret: &str) -> Vec<Vec<u8>> {
    let mut needles = vec![secret.as_bytes().to_vec()];
    needles.push(hex::encode(secret).into_bytes());
    needles.push(hex::encode_upper(secret).into_bytes());
    needles.push(secret.encode_utf16().flat_map(u16::to_le_bytes).collect());
    needles.push(secret.encode_utf16().flat_map(u16::to_be_bytes).collect());
    for before in ["", "x", "xx"] {
        // Inside a longer base64 text it looks one of three ways; its inner part is enough to find it.
        for engine in [&STANDARD, &STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
            let text = engine.encode([before, secret].concat());
            needles.push(text.as_bytes()[4..text.len() - 4].to_vec());
        }
    }
    needles
}

fn bytes_of_every_file(dir: &TempDir) -> Vec<(String, Vec<u8>)> {
    let files = std::fs::read_dir(home_in(dir).path()).unwrap().map(Result::unwrap);
    files.map(|file| (format!("{:?}", file.file_name()), std::fs::read(file.path()).unwrap())).collect()
}

#[test]
fn no_secret_is_in_any_byte_of_the_home() {
    let made = Made::used();
    made.vault.record_delivery(&request_id(2), Delivery::Collected, NOW).unwrap();
    made.open.reveal(&key_id(2)).unwrap();
    let secrets = [
        PASSPHRASE,
        PASSWORD,
        QUERY,
        "query-canary",
        secret(1).expose(),
        secret(2).expose(),
        collect_secret(2).expose(),
    ]
    .map(str::to_owned);
    let mut needles: Vec<_> = secrets.iter().flat_map(|secret| disguises(secret)).collect();
    needles.extend([1, 2].map(|n| hex::decode(secret(n).expose()).unwrap()));

    let open_files = bytes_of_every_file(&made.dir);
    assert!(open_files.iter().any(|(name, bytes)| name.contains("-wal") && !bytes.is_empty()));
    let Made { dir, vault, open } = made;
    drop((vault, open));
    let sealed: Vec<u8> =
        by_hand(&dir).query_row("SELECT sealed_query FROM grants", [], |row| row.get(0)).unwrap();
    let mut seen = 0;
    for (name, bytes) in open_files.into_iter().chain(bytes_of_every_file(&dir)) {
        let has = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
        seen += usize::from(has(&sealed));
        for needle in &needles {
            assert!(!has(needle), "{:?} in {name}", String::from_utf8_lossy(needle));
        }
    }
    assert!(seen >= 2, "the sealed value itself is there, open and closed");
}

#[test]
fn debug_of_the_vault_shows_no_secret() {
    let made = Made::used();
    let shown = format!("{:?} {:?}", made.vault, made.vault.shared());
    for secret in [PASSPHRASE, PASSWORD, QUERY, secret(1).expose()] {
        assert!(!shown.contains(secret));
    }
}

#[test]
fn errors_name_no_secret() {
    let made = Made::used()
        .tampered("UPDATE keys SET sealed_secret = zeroblob(80); UPDATE grants SET sealed_query = x'01'");
    for error in [
        made.open.reveal(&key_id(1)).unwrap_err(),
        made.open.reveal_asking(&request_id(2)).unwrap_err(),
        made.open.create_key(&key(1), &WHO).unwrap_err(),
        made.open.grant(&grant(2), &WHO).unwrap_err(),
        made.vault.unlock(&phrase("wrong-canary")).map(drop).unwrap_err(),
    ] {
        let text = format!("{error} {error:?}");
        for secret in [QUERY, "canary", secret(1).expose(), secret(2).expose(), PASSPHRASE] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}
