use domain::Standing;

use super::*;
use crate::{
    Code,
    calls::{AppJudge, AppList, AppView, Lock, RequestShow},
};

impl TestDesk {
    async fn judge(&self, app: &AppView, standing: Standing) -> Result<AppView, CallError> {
        self.call(AppJudge { id: app.id.parse().unwrap(), standing }).await
    }

    async fn needs_number(&self, ticket: &Ticket) -> bool {
        let show = RequestShow { id: ticket.id.clone(), user: None, stores: vec![], permissions: None };
        self.call(show).await.unwrap().number_needed
    }
}

/// An application that asked and was answered once, with what it asks.
async fn answered(built: &TestDesk) -> (AppView, String) {
    let query = format!("{INVOICES}&applicationIdentifier=till&{REDIRECT}");
    let ticket = built.ask(&query).await;
    built.approve(&ticket).await.unwrap();
    built.posted(&ticket).await;
    (built.call(AppList {}).await.unwrap().remove(0), query)
}

#[tokio::test]
async fn an_application_marked_as_known_needs_no_number_for_the_same_again_until_that_is_taken_back() {
    let built = TestDesk::unlocked().await.unwrap();
    let (till, query) = answered(&built).await;
    assert!(built.needs_number(&built.ask(&query).await).await);
    let known = built.judge(&till, Standing::Known).await.unwrap();
    assert_eq!((known.standing, known.keys), (Standing::Known, 1));
    assert!(!built.needs_number(&built.ask(&format!("{query}&strict=false")).await).await);
    built.judge(&till, Standing::New).await.unwrap();
    assert!(built.needs_number(&built.ask(&format!("{query}&strict=true")).await).await);
}

#[tokio::test]
async fn a_blocked_application_is_not_heard_keeps_its_keys_and_is_heard_again_once_that_is_taken_back() {
    let built = TestDesk::unlocked().await.unwrap();
    let (till, query) = answered(&built).await;
    assert_eq!(built.judge(&till, Standing::Blocked).await.unwrap().keys, 1);
    assert!(matches!(built.try_ask(&query, Mode::Program, "till").await, Err(NotTaken::Blocked)));
    built.judge(&till, Standing::New).await.unwrap();
    built.try_ask(&query, Mode::Program, "till").await.unwrap();
}

#[tokio::test]
async fn nobody_is_judged_while_locked_nor_somebody_who_never_asked() {
    let built = TestDesk::unlocked().await.unwrap();
    let (till, _) = answered(&built).await;
    let stranger = AppView { id: format!("app_{:016x}", 7), ..till.clone() };
    let error = built.judge(&stranger, Standing::Known).await.unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (Code::NotFound, Some("id")));
    built.call(Lock {}).await.unwrap();
    assert_eq!(built.judge(&till, Standing::Known).await.unwrap_err().code, Code::Locked);
}

#[tokio::test]
async fn a_judgement_that_changes_nothing_is_not_written() {
    let built = TestDesk::unlocked().await.unwrap();
    let (till, _) = answered(&built).await;
    let before = built.call(crate::calls::Log { before: None, limit: 500 }).await.unwrap().len();
    built.judge(&till, Standing::New).await.unwrap();
    assert_eq!(built.call(crate::calls::Log { before: None, limit: 500 }).await.unwrap().len(), before);
    built.judge(&till, Standing::Known).await.unwrap();
    assert_eq!(built.call(crate::calls::Log { before: None, limit: 500 }).await.unwrap().len(), before + 1);
}
