//! The log in a file of its own.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
};

use super::*;
use crate::{
    Code,
    calls::{Folders, Log, LogExport},
    ports::LogLine,
};

impl TestDesk {
    async fn export(&self, path: &Path) -> Result<u64, (Code, Option<String>)> {
        let args = LogExport { path: path.to_string_lossy().into_owned() };
        let done = self.call(args).await.map(|done| done.entries);
        done.map_err(|refused| (refused.code, refused.field.map(|field| field.into_owned())))
    }
}

fn at_path(code: Code) -> Result<u64, (Code, Option<String>)> {
    Err((code, Some("path".to_owned())))
}

#[tokio::test]
async fn the_whole_log_goes_into_a_new_file_one_entry_a_line_oldest_first() {
    let built = TestDesk::unlocked().await.unwrap();
    for at in 0..1_100 {
        built.keyring.add_log_entry(at);
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.jsonl");
    let told = built.call(Log { before: None, limit: 1 }).await.unwrap()[0].seq;
    assert_eq!(built.export(&path).await, Ok(told), "more than one page");
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<LogLine> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(text.ends_with('\n') && lines.iter().map(|line| line.seq).eq(1..=told));
    let newest = &built.call(Log { before: None, limit: 1 }).await.unwrap()[0];
    let last = lines.last().unwrap();
    assert_eq!((&last.subject, &last.detail, last.at), (&newest.subject, &newest.detail, newest.at));
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn nothing_that_is_there_is_written_over_and_a_path_is_whole() {
    let built = TestDesk::unlocked().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let here = |name: &str| folder.path().join(name);
    fs::write(here("kept"), "kept").unwrap();
    symlink(here("elsewhere"), here("link")).unwrap();
    assert_eq!(built.export(&here("kept")).await, at_path(Code::AlreadyExists));
    assert_eq!(built.export(&here("link")).await, at_path(Code::AlreadyExists), "a link is not followed");
    assert_eq!(built.export(folder.path()).await, at_path(Code::AlreadyExists));
    for path in [Path::new("log.jsonl"), Path::new(""), &here("no-such/log"), &here("kept/log")] {
        assert_eq!(built.export(path).await, at_path(Code::Invalid), "{}", path.display());
    }
    assert_eq!(fs::read_to_string(here("kept")).unwrap(), "kept");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[tokio::test]
async fn half_a_log_is_not_left() {
    let built = TestDesk::unlocked().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    built.keyring.set_unreadable(true);
    let broken = built.export(&folder.path().join("log.jsonl")).await;
    assert_eq!(broken, Err((Code::Failed, None)));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_folder_is_proposed_where_the_host_knows_one() {
    let built = TestDesk::unlocked().await.unwrap();
    assert_eq!(built.call(Folders {}).await.unwrap().exports, None);
    built.desk.exports_go_to("/home/ana/Downloads".into());
    assert_eq!(built.call(Folders {}).await.unwrap().exports.as_deref(), Some("/home/ana/Downloads"));
}
