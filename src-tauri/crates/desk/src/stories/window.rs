//! What the window demands, which the command line's passphrase stands for.

use std::time::Duration;

use super::*;
use crate::{
    Code,
    calls::{RequestShow, Revealed, SettingsSave, SheetView},
    testing::{ADMIN, ADMIN_PASSWORD, FixedClock, PASSPHRASE},
};

const SETTINGS: &str = "permissions=btcpay.store.canmodifystoresettings";
const ALL: &str = "permissions=unrestricted";

async fn windowed() -> TestDesk {
    let built = TestDesk::unlocked().await.unwrap();
    built.shell.set_window(true);
    built
}

fn typed(ticket: &Ticket) -> Approve {
    Approve { proof: Proof::Number(ticket.number.value()), ..approval(ticket) }
}

fn with_passphrase(approve: Approve, text: &str) -> Approve {
    Approve { passphrase: Some(Revealed::new(text.to_owned())), ..approve }
}

async fn sheet(built: &TestDesk, ticket: &Ticket) -> SheetView {
    let show = RequestShow { id: ticket.id.clone(), user: None, stores: vec![], permissions: None };
    built.call(show).await.unwrap()
}

#[tokio::test]
async fn a_new_application_needs_its_number() {
    let built = windowed().await;
    let ticket = built.browse(INVOICES).await;
    assert!(sheet(&built, &ticket).await.number_needed);
    let error = built.approve(&ticket).await.unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (Code::Invalid, Some("number")));
    built.call(typed(&ticket)).await.unwrap();
}

#[tokio::test]
async fn reading_needs_no_passphrase_and_moving_money_does_once_in_two_minutes() {
    let built = windowed().await;
    let reading = built.browse("permissions=btcpay.store.canviewinvoices").await;
    assert!(!sheet(&built, &reading).await.passphrase_needed);
    built.call(typed(&reading)).await.unwrap();

    let first = built.browse(SETTINGS).await;
    assert!(sheet(&built, &first).await.passphrase_needed);
    assert_eq!(built.call(typed(&first)).await.unwrap_err().code, Code::PassphraseNeeded);
    let wrong = built.call(with_passphrase(typed(&first), "wrong")).await.unwrap_err();
    assert_eq!((wrong.code, wrong.field.as_deref()), (Code::WrongPassphrase, Some("passphrase")));
    built.clock.pass(Duration::from_secs(1));
    built.call(with_passphrase(typed(&first), PASSPHRASE)).await.unwrap();

    let second = built.browse(SETTINGS).await;
    assert!(!sheet(&built, &second).await.passphrase_needed);
    built.call(typed(&second)).await.unwrap();
    built.clock.pass(Duration::from_secs(121));
    let third = built.browse(SETTINGS).await;
    assert_eq!(built.call(typed(&third)).await.unwrap_err().code, Code::PassphraseNeeded);
}

#[tokio::test]
async fn administering_always_asks_for_the_passphrase() {
    let built = windowed().await;
    for _ in 0..2 {
        let ticket = built.browse(ALL).await;
        assert_eq!(built.call(typed(&ticket)).await.unwrap_err().code, Code::PassphraseNeeded);
        built.call(with_passphrase(typed(&ticket), PASSPHRASE)).await.unwrap();
    }
}

#[tokio::test]
async fn without_a_number_a_program_gets_little_and_for_a_day() {
    let built = windowed().await;
    let unnumbered = |ticket: &Ticket, expires| {
        let approve = Approve { proof: Proof::NoNumber, expires, ..approval(ticket) };
        with_passphrase(approve, PASSPHRASE)
    };
    let a_day = Some(FixedClock::START.plus(Duration::from_secs(86_400)));
    let ticket = built.ask(INVOICES).await;
    assert_eq!(built.call(unnumbered(&ticket, None)).await.unwrap_err().field.as_deref(), Some("expires"));
    let unshown = Approve { passphrase: None, ..unnumbered(&ticket, a_day) };
    assert_eq!(built.call(unshown).await.unwrap_err().code, Code::PassphraseNeeded);
    built.call(unnumbered(&ticket, a_day)).await.unwrap();

    let more = built.ask(SETTINGS).await;
    assert_eq!(built.call(unnumbered(&more, a_day)).await.unwrap_err().field.as_deref(), Some("number"));
    let browser = built.browse(INVOICES).await;
    assert_eq!(built.call(unnumbered(&browser, a_day)).await.unwrap_err().field.as_deref(), Some("number"));
}

#[tokio::test]
async fn the_sheet_says_what_is_missing_and_what_the_user_could_not_use() {
    let built = windowed().await;
    built.user("ana@shop.example", false).await;
    let query = "permissions=btcpay.server.canviewusers&permissions=btcpay.store.canviewinvoices&selectiveStores=true";
    let ticket = built.browse(query).await;
    let show = |user: &str| RequestShow {
        id: ticket.id.clone(),
        user: Some(user.to_owned()),
        stores: vec![],
        permissions: None,
    };
    let hers = built.call(show("ana@shop.example")).await.unwrap();
    assert_eq!(hers.problem.unwrap().code, Code::StoreNeeded);
    let usable: Vec<bool> = hers.permissions.iter().map(|p| p.usable).collect();
    assert_eq!(usable, [false, true]);
    let store = built.store("Bakery", "ana@shop.example").await;
    let hers = built.call(show("ana@shop.example")).await.unwrap();
    assert_eq!((hers.problem, hers.chosen), (None, vec![store]));
    assert_eq!(built.call(show(ADMIN)).await.unwrap().users[0].email, ADMIN);
}

#[tokio::test]
async fn a_desk_that_nobody_uses_locks_itself() {
    let built = windowed().await;
    let (stop, run) = running(&built);
    built.call(SettingsSave { basic: true, lock_after: Some(5), clear_clipboard: None }).await.unwrap();
    built.clock.pass(Duration::from_secs(299));
    built.call(crate::calls::Active {}).await.unwrap();
    built.clock.pass(Duration::from_secs(299));
    let mut revisions = built.desk.revisions();
    assert!(!built.desk.is_locked());
    built.clock.pass(Duration::from_secs(2));
    while !built.desk.is_locked() {
        revisions.changed().await.unwrap();
    }
    stop.send(true).unwrap();
    run.await.unwrap();
}

#[tokio::test]
async fn signing_in_with_a_password_can_be_switched_off() {
    let built = windowed().await;
    let sign_in = async || {
        let password = domain::Password::new(ADMIN_PASSWORD.to_owned());
        built.desk.sign_in_with_password(&ADMIN.parse_email(), password, &domain::Guesser::Unknown).await
    };
    assert!(sign_in().await.is_ok());
    built.call(SettingsSave { basic: false, lock_after: None, clear_clipboard: None }).await.unwrap();
    assert_eq!(sign_in().await.unwrap_err(), crate::SignInError::BasicOff);
}
