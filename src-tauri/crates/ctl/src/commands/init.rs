//! `init`: a new vault with its first admin.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use assembly::home;
use desk::calls::Revealed;
use desk::{CallError, Code};
use domain::Passphrase;
use serde::Serialize;

use super::Context;
use crate::{args, secrets};

/// What `init` answers.
#[derive(Serialize)]
struct Made {
    home: String,
    admin: String,
}

pub(super) async fn run(context: &Context, args: args::Init) -> Result<(), CallError> {
    check_folder(&context.home)?;
    let password = args.password_file.map(|path| secrets::from_file(&path, "password")).transpose()?;
    let password = password.as_ref().map(Revealed::chosen_password).transpose()?;
    let passphrase = secrets::new_passphrase()?;
    let made = Made { home: context.home.display().to_string(), admin: args.admin.to_string() };
    let home = context.home.clone();
    let work = move || {
        let passphrase = Passphrase::new(passphrase.expose().to_owned());
        assembly::first_start(&home, &passphrase, args.admin, password).map(drop)
    };
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(CallError::new(Code::Failed, error.to_string())))?;
    context.show(&made, |made| {
        let Made { home, admin } = made;
        format!("The vault is made in {home}, with the admin {admin}.\n  next: {} serve", context.program())
    })
}

/// A folder with anything of somebody else in it is not taken.
fn check_folder(home: &Path) -> Result<(), CallError> {
    if home::check(home).is_ok() {
        let message = format!("there is a vault in {} already", home.display());
        return Err(CallError::new(Code::AlreadyInitialised, message));
    }
    let entries = match fs::read_dir(home) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(CallError::invalid("home", format!("{}: {error}", home.display()))),
        Ok(entries) => entries,
    };
    for entry in entries.flatten() {
        if !is_ours(&entry.file_name().to_string_lossy()) {
            let message = format!(
                "{} has other things in it ({}): choose an empty folder",
                home.display(),
                entry.file_name().to_string_lossy()
            );
            return Err(CallError::invalid("home", message));
        }
    }
    Ok(())
}

/// What a first start that was broken off may have left.
fn is_ours(name: &str) -> bool {
    name == "lock" || name.starts_with("fieldgate.db.new")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_folder_and_one_that_is_not_there_are_taken() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(check_folder(folder.path()), Ok(()));
        assert_eq!(check_folder(&folder.path().join("new")), Ok(()));
        fs::write(folder.path().join("lock"), "").unwrap();
        assert_eq!(check_folder(folder.path()), Ok(()), "left by a first start that was broken off");
    }

    #[test]
    fn a_folder_with_other_things_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("diary.txt"), "").unwrap();
        let error = check_folder(folder.path()).unwrap_err();
        assert_eq!(error.field.as_deref(), Some("home"));
        assert!(error.message.contains("diary.txt"), "{error}");
    }

    #[test]
    fn a_vault_that_is_there_is_never_made_anew() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("fieldgate.db"), "").unwrap();
        assert_eq!(check_folder(folder.path()).unwrap_err().code, Code::AlreadyInitialised);
    }
}
