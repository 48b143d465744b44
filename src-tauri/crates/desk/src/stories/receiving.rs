//! Who receives a key, with the computer's programs as each story says.

use domain::{Delivery, Familiar, Listener, Receiver, RequestStatus, Standing};

use super::*;
use crate::{
    Code, NotHandedOver,
    calls::{
        AppJudge, AppList, Deliver, KeyList, ReceiverShow, ReceiverView, RequestShow, SheetView, Unlock,
    },
    ports::Damage,
    testing::{PASSPHRASE, RecordedProcesses},
};

const PORT: u16 = 8080;

fn query(port: u16) -> String {
    format!("{INVOICES}&redirect=http://localhost:{port}/cb&applicationIdentifier=till")
}

fn own(name: &str) -> Receiver {
    receiver(PORT, RecordedProcesses::own(name))
}

fn receiver(port: u16, listener: Listener) -> Receiver {
    Receiver { origin: format!("http://localhost:{port}"), listener: Some(listener) }
}

async fn sheet(built: &TestDesk, ticket: &Ticket) -> SheetView {
    let show = RequestShow { id: ticket.id.clone(), user: None, stores: vec![], permissions: None };
    built.call(show).await.unwrap()
}

async fn shown(built: &TestDesk, ticket: &Ticket) -> ReceiverView {
    built.call(ReceiverShow { id: ticket.id.clone() }).await.unwrap()
}

fn again(ticket: &Ticket, receiver: Option<Receiver>) -> Deliver {
    Deliver { id: ticket.id.clone(), receiver }
}

/// Everything the window demands is shown.
async fn windowed() -> TestDesk {
    let built = TestDesk::unlocked().await.unwrap();
    built.shell.set_window(true);
    built
}

#[tokio::test]
async fn the_listening_program_is_in_the_list_on_the_sheet_and_kept_with_the_grant() {
    let built = TestDesk::unlocked().await.unwrap();
    let ticket = built.ask(&query(PORT)).await;
    let here = Some(own("apache2"));
    assert_eq!(built.view(&ticket).await.receiver, here);
    assert_eq!(sheet(&built, &ticket).await.request.receiver, here);
    assert_eq!(built.approve(&ticket).await.unwrap().receiver, here);
    assert_eq!(built.posted(&ticket).await, RequestStatus::Delivered);
    built.processes.set_listener(PORT, Listener::Nobody);
    assert_eq!(built.view(&ticket).await.receiver, here, "as it was decided");
}

#[tokio::test]
async fn a_name_that_leads_to_this_computer_has_a_listener_and_an_address_elsewhere_has_none() {
    let built = TestDesk::unlocked().await.unwrap();
    let named = built.ask("redirect=http://shop.test:8080/cb").await;
    let listener = built.view(&named).await.receiver.unwrap().listener;
    assert_eq!(listener, Some(RecordedProcesses::own("apache2")));
    let elsewhere = built.ask("redirect=https://shop.example/cb").await;
    let receiver = built.view(&elsewhere).await.receiver.unwrap();
    assert_eq!((receiver.origin.as_str(), receiver.listener), ("https://shop.example", None));
    assert_eq!(built.view(&built.ask("").await).await.receiver, None, "it goes nowhere");
}

#[tokio::test]
async fn a_name_of_this_computer_is_looked_at_on_both_families_as_browsers_go_there() {
    let built = TestDesk::unlocked().await.unwrap();
    built.processes.set_v6_listener(PORT, RecordedProcesses::other_user());
    for (host, strange) in [("localhost", true), ("shop.localhost", true), ("127.0.0.1", false)] {
        let ticket = built.browse(&format!("redirect=http://{host}:{PORT}/cb")).await;
        let receiver = sheet(&built, &ticket).await.request.receiver.unwrap();
        assert_eq!(receiver.is_strange(), strange, "{host}");
    }
}

#[tokio::test]
async fn while_nobody_listens_nothing_is_approved_and_then_it_is() {
    let built = TestDesk::unlocked().await.unwrap();
    built.processes.set_listener(PORT, Listener::Nobody);
    let ticket = built.ask(&query(PORT)).await;
    let problem = sheet(&built, &ticket).await.problem.unwrap();
    assert_eq!(problem.code, Code::NobodyListens);
    assert!(problem.message.contains("http://localhost:8080"), "{problem}");
    assert_eq!(built.approve(&ticket).await.unwrap_err(), problem);
    assert_eq!(built.status(&ticket), RequestStatus::Pending);
    built.processes.set_listener(PORT, RecordedProcesses::own("node"));
    assert_eq!(sheet(&built, &ticket).await.problem, None);
    assert_eq!(built.approve(&ticket).await.unwrap().receiver, Some(own("node")));
}

#[tokio::test]
async fn nothing_is_approved_for_another_receiver_than_the_human_has_seen() {
    let built = TestDesk::unlocked().await.unwrap();
    let ticket = built.ask(&query(PORT)).await;
    let seen = sheet(&built, &ticket).await.request.receiver;
    built.processes.set_listener(PORT, RecordedProcesses::own("evil"));
    let error = built.call(Approve { receiver: seen.clone(), ..approval(&ticket) }).await.unwrap_err();
    assert_eq!(error.code, Code::ReceiverChanged);
    assert!(error.message.contains("evil") && error.message.contains("apache2"), "{error}");
    assert_eq!(built.status(&ticket), RequestStatus::Pending);
    built.processes.set_listener(PORT, RecordedProcesses::own("apache2"));
    built.call(Approve { receiver: seen, ..approval(&ticket) }).await.unwrap();
}

#[tokio::test]
async fn another_users_listener_needs_the_passphrase_each_time_and_never_gets_an_existing_key() {
    let built = windowed().await;
    let first = built.ask(&query(PORT)).await;
    let typed = |ticket: &Ticket| Approve { proof: Proof::Number(ticket.number.value()), ..approval(ticket) };
    let granted = built.call(typed(&first)).await.unwrap();
    for listener in [RecordedProcesses::other_user(), Listener::Unknown] {
        built.processes.set_listener(PORT, listener.clone());
        let ticket = built.ask(&query(PORT)).await;
        let sheet = sheet(&built, &ticket).await;
        assert!(sheet.passphrase_needed, "{listener:?}");
        assert_eq!((sheet.existing, built.view(&ticket).await.existing_key), (None, None));
        assert_eq!(built.call(typed(&ticket)).await.unwrap_err().code, Code::PassphraseNeeded);
        let proved = Approve {
            passphrase: Some(crate::calls::Revealed::new(PASSPHRASE.to_owned())),
            ..typed(&ticket)
        };
        let handed_over = Approve { matching: Some(Matching::Existing), ..proved.clone() };
        assert_eq!(built.call(handed_over).await.unwrap_err().field.as_deref(), Some("existing"));
        assert_ne!(built.call(proved).await.unwrap().grant.key, granted.grant.key);
    }
}

#[tokio::test]
async fn an_existing_key_follows_its_program_to_another_port_and_no_other_program() {
    let built = TestDesk::unlocked().await.unwrap();
    built.processes.set_listener(9090, RecordedProcesses::own("evil"));
    let first = built.ask(&query(PORT)).await;
    let granted = built.approve(&first).await.unwrap();
    let ticket = built.ask(&query(9090)).await;
    assert_eq!(sheet(&built, &ticket).await.existing, None);
    built.processes.set_listener(9090, RecordedProcesses::own("apache2"));
    assert_eq!(sheet(&built, &ticket).await.existing.unwrap().id, granted.grant.key);
    assert_eq!(built.approve(&ticket).await.unwrap_err().code, Code::ChoiceNeeded);
    assert_eq!(built.call(existing(&ticket)).await.unwrap().grant.key, granted.grant.key);
}

#[tokio::test]
async fn a_grant_that_somebody_else_has_written_leads_no_key_to_another_port() {
    let before = TestDesk::unlocked().await.unwrap();
    let first = before.ask(&query(PORT)).await;
    before.approve(&first).await.unwrap();
    let follows = async |built: &TestDesk| {
        let ticket = built.ask(&query(9090)).await;
        sheet(built, &ticket).await.existing.is_some()
    };
    let after = TestDesk::over(Arc::clone(&before.keyring)).unwrap();
    after.unlock().await.unwrap();
    assert!(follows(&after).await, "also after a restart");
    after.keyring.tamper(Damage::Grant(first.id));
    after.call(Unlock { passphrase: crate::calls::Revealed::new(PASSPHRASE.to_owned()) }).await.unwrap();
    assert!(!follows(&after).await);
}

#[tokio::test]
async fn a_key_is_not_posted_to_another_program_than_was_decided_on() {
    let built = TestDesk::unlocked().await.unwrap();
    let ticket = built.ask(&query(PORT)).await;
    built.courier.set_failing(true);
    built.approve(&ticket).await.unwrap();
    assert_eq!(built.posted(&ticket).await, RequestStatus::Undelivered);
    built.courier.set_failing(false);

    built.processes.set_listener(PORT, RecordedProcesses::own("evil"));
    let error = built.call(again(&ticket, None)).await.unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (Code::ReceiverChanged, Some("receiver")));
    let elsewhere = Some(own("node"));
    assert_eq!(built.call(again(&ticket, elsewhere)).await.unwrap_err().code, Code::ReceiverChanged);
    assert!(built.courier.posted().is_empty());
    assert!(built.call(KeyList { user: None, search: None }).await.unwrap()[0].never_collected);

    let looked = shown(&built, &ticket).await;
    assert_eq!((&looked.approved, &looked.now), (&Some(own("apache2")), &Some(own("evil"))));
    assert!(!looked.same);
    built.call(again(&ticket, looked.now)).await.unwrap();
    assert_eq!(built.courier.posted().len(), 1);
    assert_eq!(built.view(&ticket).await.receiver, Some(own("evil")), "which is who has it now");
    assert!(shown(&built, &ticket).await.same);
}

#[tokio::test]
async fn a_post_that_finds_another_program_is_withheld_and_says_so() {
    let built = TestDesk::unlocked().await.unwrap();
    let ticket = built.ask(&format!("{INVOICES}&{REDIRECT}")).await;
    built.processes.change_after_a_look(PORT, RecordedProcesses::own("evil"));
    built.approve(&ticket).await.unwrap();
    assert_eq!(built.posted(&ticket).await, RequestStatus::Undelivered);
    let view = built.view(&ticket).await;
    assert_eq!((view.status, view.grant.unwrap().delivery), (RequestStatus::Undelivered, Delivery::Withheld));
    assert!(built.courier.posted().is_empty());
    assert!(built.call(KeyList { user: None, search: None }).await.unwrap()[0].never_collected);
}

#[tokio::test]
async fn another_users_program_gets_nothing_that_was_decided_for_somebody_else() {
    let built = TestDesk::unlocked().await.unwrap();
    let ticket = built.ask(&query(PORT)).await;
    built.courier.set_failing(true);
    built.approve(&ticket).await.unwrap();
    built.posted(&ticket).await;
    built.courier.set_failing(false);
    built.processes.set_listener(PORT, RecordedProcesses::other_user());
    let now = shown(&built, &ticket).await.now;
    assert_eq!(built.call(again(&ticket, now)).await.unwrap_err().code, Code::ReceiverChanged);
    assert!(built.courier.posted().is_empty());
    built.processes.set_listener(PORT, Listener::Nobody);
    assert_eq!(built.call(again(&ticket, None)).await.unwrap_err().code, Code::NobodyListens);
}

#[tokio::test]
async fn a_page_is_handed_over_only_while_its_receiver_is_the_one_decided_on() {
    let built = TestDesk::unlocked().await.unwrap();
    let ticket = built.browse(&query(PORT)).await;
    built.approve(&ticket).await.unwrap();
    let collect = async || built.desk.collect(&ticket.id, &ticket.collect).await;
    built.processes.set_listener(PORT, Listener::Nobody);
    assert!(
        matches!(collect().await, Err(NotHandedOver::NobodyListens(at)) if at == "http://localhost:8080")
    );
    assert_eq!(built.status(&ticket), RequestStatus::Approved, "it may be reloaded");

    built.processes.set_listener(PORT, RecordedProcesses::own("evil"));
    assert!(matches!(collect().await, Err(NotHandedOver::Withheld(why)) if why.contains("evil")));
    assert_eq!(built.status(&ticket), RequestStatus::Undelivered);
    assert_eq!(built.view(&ticket).await.grant.unwrap().delivery, Delivery::Withheld);
    built.processes.set_listener(PORT, RecordedProcesses::own("apache2"));
    assert!(collect().await.is_err(), "the key was taken back");

    built.call(again(&ticket, None)).await.unwrap();
    assert!(collect().await.unwrap().first);
    built.processes.set_listener(PORT, RecordedProcesses::own("evil"));
    assert!(collect().await.is_err(), "nor is the page loaded again for another program");
    assert_eq!(built.status(&ticket), RequestStatus::Delivered);
}

#[tokio::test]
async fn whoever_does_not_hold_the_secret_makes_no_key_be_withheld() {
    let built = TestDesk::unlocked().await.unwrap();
    let ticket = built.browse(&query(PORT)).await;
    built.approve(&ticket).await.unwrap();
    built.processes.set_listener(PORT, RecordedProcesses::own("evil"));
    let guess = domain::CollectSecret::from_random([0; 16]);
    assert!(built.desk.collect(&ticket.id, &guess).await.is_err());
    assert_eq!(built.status(&ticket), RequestStatus::Approved);
}

#[tokio::test]
async fn what_is_new_about_an_asker_is_said_and_needs_the_number() {
    let built = windowed().await;
    let typed = |ticket: &Ticket| Approve { proof: Proof::Number(ticket.number.value()), ..approval(ticket) };
    let first = built.ask(&query(PORT)).await;
    assert_eq!(sheet(&built, &first).await.asker.familiar, None, "nothing was granted before");
    built.call(typed(&first)).await.unwrap();
    let id = built.call(AppList {}).await.unwrap().remove(0).id.parse().unwrap();
    built.call(AppJudge { id, standing: Standing::Known }).await.unwrap();

    let all = Familiar { program: true, sent_by: true, receiver: true };
    let ticket = built.ask(&query(PORT)).await;
    let same = sheet(&built, &ticket).await;
    assert_eq!((same.asker.familiar, same.number_needed), (Some(all), false));
    built.processes.set_listener(PORT, RecordedProcesses::own("node"));
    let other = sheet(&built, &ticket).await;
    assert_eq!(
        (other.asker.familiar, other.number_needed),
        (Some(Familiar { receiver: false, ..all }), true)
    );
    let unproved = Approve { matching: Some(Matching::New), ..approval(&ticket) };
    assert_eq!(built.call(unproved).await.unwrap_err().field.as_deref(), Some("number"));
    built.processes.set_listener(PORT, RecordedProcesses::own("apache2"));
    let through_browser = built.browse(&query(PORT)).await;
    let familiar = sheet(&built, &through_browser).await.asker.familiar;
    assert_eq!(familiar, Some(Familiar { program: false, sent_by: false, receiver: true }));
    assert!(!sheet(&built, &ticket).await.number_needed);
}

#[tokio::test]
async fn a_program_that_has_ended_since_is_said_to() {
    let built = TestDesk::unlocked().await.unwrap();
    let ticket = built.ask("").await;
    assert_eq!(sheet(&built, &ticket).await.asker.runs, Some(true));
    built.processes.end(4711);
    assert_eq!(sheet(&built, &ticket).await.asker.runs, Some(false));
    let request = AuthorizeRequest::parse("", &built.desk.own_address()).unwrap();
    let unknown = Asker { mode: Mode::Program, program: None, sent_by: None };
    let ticket = built.desk.ask(request, unknown).await.unwrap();
    assert_eq!(sheet(&built, &ticket).await.asker.runs, None, "of one that is not known nothing is");
}
