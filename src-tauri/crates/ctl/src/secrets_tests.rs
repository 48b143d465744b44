use std::fs::{self, Permissions};

use super::*;

fn read(content: &[u8]) -> Result<String, CallError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret");
    fs::write(&path, content).unwrap();
    from_file(&path, "password").map(|secret| secret.expose().to_owned())
}

#[test]
fn one_newline_at_the_end_of_a_file_is_dropped_and_no_more() {
    for (content, secret) in [
        (&b"hunter2 \n"[..], "hunter2 "),
        (b"hunter2", "hunter2"),
        (b"hunter2\n\n", "hunter2\n"),
        (b"hunter2\r\n", "hunter2"),
        (b" two\nlines\n", " two\nlines"),
    ] {
        assert_eq!(read(content).unwrap(), secret);
    }
}

#[test]
fn a_file_that_cannot_hold_a_secret_is_an_error_that_names_field_and_file() {
    for content in [&b""[..], b"\n", b"\xff\xfe", &[b'x'; 4097]] {
        let error = read(content).unwrap_err();
        assert_eq!(error.code, Code::Invalid);
        assert_eq!(error.field.as_deref(), Some("password"));
        assert!(error.message.contains("secret"), "{error}");
    }
    assert!(
        from_file(Path::new("/nowhere/at/all"), "password").unwrap_err().message.contains("/nowhere/at/all")
    );
}

#[test]
fn a_file_others_can_read_is_told_from_one_they_cannot() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret");
    fs::write(&path, "x").unwrap();
    for (mode, seen) in [(0o600, false), (0o640, true), (0o604, true), (0o700, false)] {
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        assert_eq!(others_can_read(&fs::metadata(&path).unwrap()), seen, "{mode:o}");
    }
    fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
    assert_eq!(from_file(&path, "password").unwrap().expose(), "x", "warned about, not refused");
}

#[test]
fn a_short_passphrase_is_refused_by_its_characters_not_its_bytes() {
    assert!(check_length(&Revealed::new("ééééééé".into())).is_err());
    assert!(check_length(&Revealed::new("éééééééé".into())).is_ok());
}

#[test]
fn an_empty_variable_names_no_file() {
    assert_eq!(named_file(Some(OsString::new())), None);
    assert_eq!(named_file(None), None);
}
