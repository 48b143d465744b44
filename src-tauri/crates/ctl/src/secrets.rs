//! Where passphrases and passwords come from: a file or the terminal, never an argument or the environment itself.

use std::ffi::OsString;
use std::fs::{File, Metadata};
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use desk::calls::Revealed;
use desk::{CallError, Code};
use vault::SHORTEST_PASSPHRASE;
use zeroize::Zeroizing;

use crate::question;

#[cfg(test)]
#[path = "secrets_tests.rs"]
mod tests;

/// Names the file a passphrase is in.
const VARIABLE: &str = "FIELDGATE_PASSPHRASE_FILE";

/// No passphrase is longer; a file that is was named by mistake.
const LONGEST: u64 = 4096;

/// The passphrase, from the file or asked for.
///
/// # Errors
/// `passphrase-needed` where there is neither a file nor a terminal; `invalid` for a file that cannot be one.
pub(crate) fn passphrase() -> Result<Revealed, CallError> {
    match from_environment()? {
        Some(passphrase) => Ok(passphrase),
        None => ask("Passphrase: "),
    }
}

/// The passphrase for a gate that may also start locked: nothing where there is neither a file nor a terminal, or
/// where the answer is empty.
///
/// # Errors
/// `invalid` for a file that cannot be one.
pub(crate) fn optional_passphrase() -> Result<Option<Revealed>, CallError> {
    match from_environment()? {
        None if question::possible() => {
            Ok(Some(ask("Passphrase (empty: start locked): ")?).filter(|answer| !answer.expose().is_empty()))
        }
        given => Ok(given),
    }
}

/// The passphrase of a new vault, asked for twice on a terminal.
///
/// # Errors
/// `invalid`, field `passphrase`, when it is too short or the two differ; else as [`passphrase`].
pub(crate) fn new_passphrase() -> Result<Revealed, CallError> {
    let passphrase = match from_environment()? {
        Some(passphrase) => passphrase,
        None => {
            let first = ask("Passphrase for the new vault (nobody can reset it): ")?;
            check_length(&first)?;
            if first != ask("Once more: ")? {
                return Err(CallError::invalid("passphrase", "the two passphrases differ"));
            }
            first
        }
    };
    check_length(&passphrase)?;
    Ok(passphrase)
}

/// A user's new password, asked for twice on a terminal.
///
/// # Errors
/// `invalid`, field `password`, when it is too short, the two differ or there is no terminal.
pub(crate) fn new_password() -> Result<Revealed, CallError> {
    if !question::possible() {
        return Err(CallError::invalid("password", "name a file with it: --password-file, or say --remove"));
    }
    let first = ask("New password: ")?;
    first.chosen_password()?;
    if first != ask("Once more: ")? {
        return Err(CallError::invalid("password", "the two passwords differ"));
    }
    Ok(first)
}

/// The secret in a file: all of it but one newline at the end. Warns when others can read the file.
///
/// # Errors
/// `invalid`, said of `field`, when it cannot be read, is empty, too long or no text.
pub(crate) fn from_file(path: &Path, field: &'static str) -> Result<Revealed, CallError> {
    let bad = |why: String| CallError::invalid(field, format!("{}: {why}", path.display()));
    let file = File::open(path).map_err(|error| bad(error.to_string()))?;
    if file.metadata().is_ok_and(|found| others_can_read(&found)) {
        anstream::eprintln!("warning: others can read {}: chmod 600 it", path.display());
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST as usize + 1));
    file.take(LONGEST + 1).read_to_end(&mut bytes).map_err(|error| bad(error.to_string()))?;
    if bytes.len() as u64 > LONGEST {
        return Err(bad(format!("longer than {LONGEST} bytes")));
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| bad("not UTF-8 text".to_owned()))?;
    let text = without_newline(text);
    if text.is_empty() { Err(bad("empty".to_owned())) } else { Ok(Revealed::new(text.to_owned())) }
}

fn from_environment() -> Result<Option<Revealed>, CallError> {
    named_file(std::env::var_os(VARIABLE)).map(|path| from_file(&path, "passphrase")).transpose()
}

fn named_file(value: Option<OsString>) -> Option<PathBuf> {
    value.filter(|value| !value.is_empty()).map(PathBuf::from)
}

fn ask(prompt: &str) -> Result<Revealed, CallError> {
    if !question::possible() {
        let message = "the passphrase is needed: name a file with it in FIELDGATE_PASSPHRASE_FILE, or run this on a terminal";
        return Err(CallError::new(Code::PassphraseNeeded, message));
    }
    let answer = rpassword::prompt_password(prompt);
    answer
        .map(Revealed::new)
        .map_err(|error| CallError::new(Code::Failed, format!("the terminal failed: {error}")))
}

fn check_length(passphrase: &Revealed) -> Result<(), CallError> {
    if passphrase.expose().chars().count() < SHORTEST_PASSPHRASE {
        return Err(CallError::invalid(
            "passphrase",
            format!("a passphrase has at least {SHORTEST_PASSPHRASE} characters"),
        ));
    }
    Ok(())
}

fn others_can_read(found: &Metadata) -> bool {
    found.is_file() && found.permissions().mode() & 0o044 != 0
}

fn without_newline(text: &str) -> &str {
    text.strip_suffix('\n').map_or(text, |line| line.strip_suffix('\r').unwrap_or(line))
}
