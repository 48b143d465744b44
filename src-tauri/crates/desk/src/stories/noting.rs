//! One application with everything: note, programs, other addresses, keys and requests.

use super::*;
use crate::{
    Code,
    calls::{AppDetailView, AppJudge, AppList, AppNote, AppShow, KeyRevoke, Lock},
    ports::Damage,
};

impl TestDesk {
    async fn detail(&self, identifier: &str) -> AppDetailView {
        let all = self.call(AppList {}).await.unwrap();
        let named = |app: &&crate::calls::AppView| app.identity.to_string().contains(identifier);
        let id = all.iter().find(named).unwrap().id.parse().unwrap();
        self.call(AppShow { id }).await.unwrap()
    }

    async fn write_note(&self, detail: &AppDetailView, note: &str) -> Result<AppDetailView, CallError> {
        self.call(AppNote { id: detail.app.id.parse().unwrap(), note: note.to_owned() }).await
    }
}

const TILL: &str =
    "redirect=http://127.0.0.1:8080/cb&applicationIdentifier=till&permissions=btcpay.store.canviewinvoices";

async fn asked() -> TestDesk {
    let built = TestDesk::unlocked().await.unwrap();
    built.approve(&built.ask(TILL).await).await.unwrap();
    built
}

#[tokio::test]
async fn an_application_shows_its_programs_addresses_keys_and_requests() {
    let built = asked().await;
    built.clock.pass(std::time::Duration::from_secs(60));
    let evil = built.try_ask(TILL, Mode::Program, "evil").await.unwrap();
    let elsewhere = TILL.replace("127.0.0.1:8080", "evil.example");
    built.call(crate::calls::Refuse { id: built.ask(&elsewhere).await.id, block: false }).await.unwrap();
    let shown = built.detail("127.0.0.1:8080").await;
    let programs: Vec<_> = shown
        .programs
        .iter()
        .map(|one| (one.program.as_ref().unwrap().exe.clone().unwrap(), one.served))
        .collect();
    assert_eq!(programs, [("/usr/bin/evil".to_owned(), false), ("/usr/bin/till".to_owned(), true)]);
    assert_eq!(shown.elsewhere.len(), 1);
    assert!(shown.elsewhere[0].identity.to_string().contains("evil.example"));
    assert_eq!(shown.requests.iter().map(|it| it.grant.is_some()).collect::<Vec<_>>(), [false, true]);
    assert_eq!(shown.requests[0].id, evil.id);
    assert_eq!(shown.keys.len(), 1);
    built.call(KeyRevoke { id: shown.keys[0].id.clone() }).await.unwrap();
    let shown = built.detail("127.0.0.1:8080").await;
    assert_eq!((shown.keys.len(), shown.app.keys), (1, 0), "an ended key is still one of its");
}

#[tokio::test]
async fn a_note_is_kept_through_judging_asking_again_and_a_restart_and_changed_once() {
    let built = asked().await;
    let shown = built.detail("till").await;
    assert_eq!(shown.note, None);
    let noted = built.write_note(&shown, "  Ben's till\r\nask him  ").await.unwrap();
    assert_eq!(noted.note.as_deref(), Some("Ben's till\nask him"));
    let id = shown.app.id.parse().unwrap();
    built.call(AppJudge { id, standing: domain::Standing::Known }).await.unwrap();
    built.call(existing(&built.ask(TILL).await)).await.unwrap();
    let entries = async || {
        let log = built.call(crate::calls::Log { before: None, limit: 500 }).await.unwrap();
        log.iter().filter(|entry| entry.action == domain::Action::ApplicationNoted).count()
    };
    let before = entries().await;
    built.write_note(&shown, "Ben's till\nask him").await.unwrap();
    assert_eq!(entries().await, before, "nothing changed, so nothing is written");
    let later = TestDesk::over(Arc::clone(&built.keyring)).unwrap();
    later.unlock().await.unwrap();
    assert_eq!(later.detail("till").await.note, noted.note);
    assert_eq!(later.write_note(&shown, " ").await.unwrap().note, None);
}

#[tokio::test]
async fn a_note_that_is_too_long_or_hides_something_is_not_taken_nor_one_about_nobody_or_while_locked() {
    let built = asked().await;
    let shown = built.detail("till").await;
    for bad in ["x".repeat(2_001), "a\u{7}b".to_owned()] {
        let error = built.write_note(&shown, &bad).await.unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (Code::Invalid, Some("note")));
    }
    let nobody: domain::ApplicationId = format!("app_{:016x}", 7).parse().unwrap();
    let error = built.call(AppNote { id: nobody.clone(), note: "x".to_owned() }).await.unwrap_err();
    assert_eq!(error.code, Code::NotFound);
    assert_eq!(built.call(AppShow { id: nobody }).await.unwrap_err().code, Code::NotFound);
    built.call(Lock {}).await.unwrap();
    assert_eq!(built.write_note(&shown, "x").await.unwrap_err().code, Code::Locked);
}

#[tokio::test]
async fn a_note_that_somebody_else_has_written_is_not_shown() {
    let built = asked().await;
    let shown = built.detail("till").await;
    built.write_note(&shown, "Trust it").await.unwrap();
    built.keyring.tamper(Damage::Standing(shown.app.id.parse().unwrap()));
    built.unlock().await.unwrap();
    assert_eq!(built.detail("till").await.note, None);
}
