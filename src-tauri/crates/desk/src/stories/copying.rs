//! A copied secret, and how it leaves the clipboard again.

use std::time::Duration;

use super::*;
use crate::{
    Code,
    calls::{CopiedView, CopySecret, Lock, Revealed, SettingsSave},
};

const SECRET: &str = "0123456789abcdef0123456789abcdef01234567";

async fn windowed() -> TestDesk {
    let built = TestDesk::unlocked().await.unwrap();
    built.shell.set_window(true);
    built
}

fn secret() -> CopySecret {
    CopySecret { secret: Revealed::new(SECRET.to_owned()) }
}

impl TestDesk {
    fn pasted(&self) -> String {
        self.shell.clipboard.holds()
    }

    /// What the desk's own clock does every second.
    async fn after(&self, seconds: u64) -> String {
        self.clock.pass(Duration::from_secs(seconds));
        self.desk.clear_clipboard_when_due().await;
        self.pasted()
    }

    async fn clears_after(&self, clear_clipboard: Option<u32>) -> Result<(), CallError> {
        self.call(SettingsSave { basic: true, lock_after: None, clear_clipboard }).await.map(drop)
    }
}

#[tokio::test]
async fn a_copied_secret_leaves_the_clipboard_after_the_time_that_was_set() {
    let built = windowed().await;
    assert_eq!(built.call(secret()).await, Ok(CopiedView { clears_after: Some(20) }));
    assert_eq!(built.after(19).await, SECRET);
    assert_eq!(built.after(1).await, "");
    built.clears_after(Some(60)).await.unwrap();
    assert_eq!(built.call(secret()).await, Ok(CopiedView { clears_after: Some(60) }));
    assert_eq!(built.after(59).await, SECRET);
    // Copied again, it has its time again.
    built.call(secret()).await.unwrap();
    assert_eq!(built.after(59).await, SECRET);
    assert_eq!(built.after(1).await, "");
}

#[tokio::test]
async fn the_clock_of_a_running_desk_takes_it_back() {
    tokio::time::pause();
    let built = windowed().await;
    let (stop, run) = running(&built);
    built.call(secret()).await.unwrap();
    built.clock.pass(Duration::from_secs(20));
    for _ in 0..5 {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    assert_eq!(built.pasted(), "");
    stop.send(true).unwrap();
    run.await.unwrap();
}

#[tokio::test]
async fn what_somebody_else_copied_meanwhile_stays() {
    let built = windowed().await;
    built.call(secret()).await.unwrap();
    built.shell.clipboard.is_given("a recipe");
    assert_eq!(built.after(20).await, "a recipe");
    // It is nobody's business any more, even if somebody copies the same by hand.
    built.shell.clipboard.is_given(SECRET);
    assert_eq!(built.after(20).await, SECRET);
}

#[tokio::test]
async fn locking_and_ending_take_a_copied_secret_back_whatever_was_set() {
    let built = windowed().await;
    built.clears_after(None).await.unwrap();
    assert_eq!(built.call(secret()).await, Ok(CopiedView { clears_after: None }));
    assert_eq!(built.after(86_400).await, SECRET);
    built.call(Lock {}).await.unwrap();
    assert_eq!(built.pasted(), "");
    built.unlock().await.unwrap();
    built.call(secret()).await.unwrap();
    let (stop, run) = running(&built);
    stop.send(true).unwrap();
    run.await.unwrap();
    assert_eq!(built.pasted(), "");
}

#[tokio::test]
async fn a_secret_that_is_copied_while_the_desk_is_locked_does_not_stay() {
    let built = windowed().await;
    let (begun, go_on) = built.shell.clipboard.hold_up();
    let desk = Arc::clone(&built.desk);
    let copying = tokio::spawn(async move { desk.call(&crate::Caller::DESK, secret().into()).await });
    tokio::task::spawn_blocking(move || begun.recv()).await.unwrap().unwrap();
    built.call(Lock {}).await.unwrap();
    go_on.send(()).unwrap();
    assert_eq!(copying.await.unwrap().unwrap_err().code, Code::Locked);
    assert_eq!(built.pasted(), "");
}

#[tokio::test]
async fn where_there_is_no_clipboard_copying_says_so() {
    let built = TestDesk::unlocked().await.unwrap();
    let error = built.call(secret()).await.unwrap_err();
    assert_eq!((error.code, error.message.contains("no clipboard")), (Code::Failed, true));
    built.shell.set_window(true);
    built.shell.clipboard.set_failing(true);
    let error = built.call(secret()).await.unwrap_err();
    assert_eq!(error.code, Code::Failed);
    assert!(error.message.contains("the clipboard cannot be used") && !error.message.contains(SECRET));
    built.shell.clipboard.is_given(SECRET);
    assert_eq!(built.after(20).await, SECRET, "what was not copied is not taken back");
}

#[tokio::test]
async fn the_time_on_the_clipboard_is_ten_seconds_to_ten_minutes() {
    let built = windowed().await;
    for seconds in [0, 9, 601] {
        let error = built.clears_after(Some(seconds)).await.unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (Code::Invalid, Some("clearClipboard")));
    }
    for time in [Some(10), Some(600), None] {
        built.clears_after(time).await.unwrap();
        assert_eq!(built.call(crate::calls::Settings {}).await.unwrap().clear_clipboard, time);
    }
}
