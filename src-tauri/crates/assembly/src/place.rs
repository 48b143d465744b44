//! Where the home is, when nobody says.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use desk::{CallError, Code};

/// The folder named, by argument or in `FIELDGATE_HOME`, absolute; else the user's own for data (XDG Base Directory
/// Specification 0.8).
///
/// # Errors
/// `invalid` when there is no such folder to be had.
pub fn home(argument: Option<&Path>) -> Result<PathBuf, CallError> {
    let variable = std::env::var_os("FIELDGATE_HOME").filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(named) = argument.map(Path::to_owned).or(variable) {
        return std::path::absolute(&named)
            .map_err(|error| CallError::invalid("home", format!("{}: {error}", named.display())));
    }
    of_user().ok_or_else(|| {
        let message = "no home folder: name one with --home or FIELDGATE_HOME";
        CallError::new(Code::Invalid, message).of("home")
    })
}

/// Whether this is the folder that is used when nobody names one.
pub fn is_default(home: &Path) -> bool {
    of_user().is_some_and(|default| default == home)
}

/// What a shell takes for this program: its name where that leads to it, else its path.
pub fn this_program() -> String {
    let Ok(exe) = std::env::current_exe() else { return "fieldgatectl".to_owned() };
    typed(&exe, std::env::var_os("PATH").as_deref())
}

/// A shell runs the first file of that name in the folders of `search`.
fn typed(exe: &Path, search: Option<&OsStr>) -> String {
    let Some(name) = exe.file_name() else { return quoted(exe) };
    let mut found = search.into_iter().flat_map(std::env::split_paths).map(|folder| folder.join(name));
    let first = found.find(|path| path.is_file()).and_then(|path| path.canonicalize().ok());
    if first.is_some() && first == exe.canonicalize().ok() { quoted(Path::new(name)) } else { quoted(exe) }
}

/// The path as a shell takes it for one word.
pub fn quoted(path: &Path) -> String {
    let text = path.to_string_lossy();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@%".contains(c);
    if text.chars().all(plain) { text.into_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

/// Where a file for the user goes unless another folder is named: their downloads (xdg-user-dirs), else their own folder.
pub fn for_exports() -> Option<PathBuf> {
    let own = dirs::home_dir();
    let usual = own.as_ref().map(|own| own.join("Downloads"));
    [dirs::download_dir(), usual, own].into_iter().flatten().find(|folder| folder.is_dir())
}

fn of_user() -> Option<PathBuf> {
    default(std::env::var_os("XDG_DATA_HOME"), std::env::var_os("HOME"))
}

/// A path that is not absolute is to be ignored, says the specification.
fn default(data: Option<OsString>, user: Option<OsString>) -> Option<PathBuf> {
    let absolute = |text: Option<OsString>| text.map(PathBuf::from).filter(|path| path.is_absolute());
    let data = absolute(data).or_else(|| Some(absolute(user)?.join(".local/share")))?;
    Some(data.join("fieldgate"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_for_data_is_used_only_when_it_is_absolute() {
        let ours =
            |data: Option<&str>, user: Option<&str>| default(data.map(Into::into), user.map(Into::into));
        assert_eq!(ours(Some("/data"), Some("/home/ana")), Some("/data/fieldgate".into()));
        for data in [None, Some(""), Some("data")] {
            let expected = Some("/home/ana/.local/share/fieldgate".into());
            assert_eq!(ours(data, Some("/home/ana")), expected, "{data:?}");
        }
        assert_eq!(ours(None, None), None);
    }

    #[test]
    fn a_path_is_one_word_for_a_shell() {
        assert_eq!(quoted(Path::new("/tmp/home-1")), "/tmp/home-1");
        assert_eq!(quoted(Path::new("/tmp/ana's; home")), r"'/tmp/ana'\''s; home'");
    }

    #[test]
    fn a_program_is_called_by_its_name_only_where_that_leads_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let (here, other) = (folder.path().join("here"), folder.path().join("other"));
        for place in [&here, &other] {
            std::fs::create_dir(place).unwrap();
            std::fs::write(place.join("fieldgatectl"), "").unwrap();
        }
        let exe = here.join("fieldgatectl");
        let searched = |folders: &[&Path]| typed(&exe, Some(&std::env::join_paths(folders).unwrap()));
        let path = exe.to_string_lossy().into_owned();
        assert_eq!(searched(&[folder.path(), &here, &other]), "fieldgatectl");
        assert_eq!(searched(&[&other, &here]), path);
        assert_eq!(searched(&[folder.path()]), path);
        assert_eq!(typed(&exe, None), path);
    }

    #[test]
    fn a_relative_folder_is_taken_from_where_we_are() {
        assert!(home(Some(Path::new("x"))).unwrap().is_absolute());
    }
}
