//! The register of applications, and how long the history lasts.

use domain::Ending;

use super::*;

#[test]
fn applications_of_every_kind_read_back() {
    let made = Made::new();
    for n in 0..4 {
        made.vault.record_request(&request(n, RequestStatus::Expired), &Actor::Fieldgate).unwrap();
    }
    let made = made.reopened(|_| ());
    assert_eq!(made.vault.applications().unwrap(), [0, 1, 2, 3].map(application));
}

#[test]
fn of_two_handles_for_one_application_the_one_there_first_stays() {
    let made = Made::used();
    let later = Timestamp(NOW.0 + 500);
    let known = Application {
        id: "app_other".parse().unwrap(),
        names: vec!["Newest".to_owned()],
        last_seen: later,
        ..application(2)
    };
    let mut again = grant(6);
    again.request.application = known.clone();
    if let GrantedKey::New(new) = &mut again.key {
        new.key.application = Some(known.id);
    }
    made.open.grant(&again, &WHO).unwrap();

    let register = made.vault.applications().unwrap();
    let found = register.iter().find(|app| app.identity == application(2).identity).unwrap();
    assert_eq!((&found.id, found.first_seen, found.last_seen), (&application(2).id, NOW, later));
    assert_eq!(found.names, ["Newest"], "as it is given");
    let key = made.vault.keys().unwrap().into_iter().find(|key| key.key.id == key_id(6)).unwrap();
    assert_eq!(key.key.application.as_ref(), Some(&found.id));
    assert_eq!(made.open.audit(NOW).unwrap(), []);
}

#[test]
fn a_standing_is_kept_until_it_is_taken_back() {
    let mut made = Made::new();
    for standing in [Standing::Known, Standing::Blocked, Standing::New] {
        made.open.set_standing(&application(1), standing, NOW, &WHO).unwrap();
        made = made.reopened(|_| ());
        assert_eq!(made.vault.applications().unwrap().remove(0).standing, standing);
        assert_eq!(made.open.audit(NOW).unwrap(), []);
    }
}

/// An entry with this said about it.
fn noted(n: u8, standing: Standing, note: Option<&str>) -> Application {
    Application { standing, note: note.map(str::to_owned), ..application(n) }
}

#[test]
fn a_note_is_kept_beside_any_standing_until_it_is_taken_away() {
    let made = Made::used();
    let said = |made: &Made, n: u8| {
        let all = made.vault.applications().unwrap();
        all.into_iter().find(|app| app.id == application(n).id).map(|app| (app.standing, app.note)).unwrap()
    };
    let (text, blocked) = ("Ben's till, ask him\nfirst", noted(4, Standing::Blocked, None));
    made.open.set_note(&noted(2, Standing::New, Some(text)), NOW, &WHO).unwrap();
    made.open.set_note(&noted(4, Standing::Blocked, Some(text)), NOW, &WHO).unwrap();
    let made = made.reopened(|_| ());
    assert_eq!(made.open.audit(NOW).unwrap(), []);
    assert_eq!(said(&made, 2), (Standing::New, Some(text.to_owned())));
    assert_eq!(said(&made, 4), (Standing::Blocked, Some(text.to_owned())));
    let told = made.vault.log(None, 1).unwrap().remove(0);
    assert_eq!(told.action, domain::Action::ApplicationNoted);
    assert!(!told.detail.contains("Ben"), "the log is kept for good: {}", told.detail);

    made.open.set_note(&blocked, NOW, &WHO).unwrap();
    made.open.set_note(&noted(2, Standing::New, None), NOW, &WHO).unwrap();
    assert_eq!((said(&made, 2), said(&made, 4)), ((Standing::New, None), (Standing::Blocked, None)));
    assert!(made.open.set_note(&noted(9, Standing::New, Some("x")), NOW, &WHO).is_err(), "it never asked");
}

#[test]
fn judging_and_asking_again_leave_the_note() {
    let made = Made::used();
    let noted = noted(2, Standing::New, Some("Ben's"));
    made.open.set_note(&noted, NOW, &WHO).unwrap();
    made.open.set_standing(&noted, Standing::Known, NOW, &WHO).unwrap();
    made.vault.record_request(&request(2 + 4, RequestStatus::Expired), &WHO).unwrap();
    let found = made.vault.applications().unwrap().into_iter().find(|app| app.id == noted.id).unwrap();
    assert_eq!((found.standing, found.note.as_deref()), (Standing::Known, Some("Ben's")));
}

#[test]
fn what_an_application_asked_and_what_it_was_granted_is_read_newest_first() {
    let made = Made::new();
    let of_two = |n: u8, status| EndedRequest { application: application(2), ..request(n, status) };
    for n in [2, 6] {
        let mut grant = grant(n);
        grant.request = of_two(n, RequestStatus::Approved);
        if let GrantedKey::New(new) = &mut grant.key {
            new.key.application = Some(application(2).id);
        }
        made.open.grant(&grant, &WHO).unwrap();
    }
    made.vault.record_request(&of_two(7, RequestStatus::Refused), &WHO).unwrap();
    made.vault.record_request(&request(3, RequestStatus::Refused), &WHO).unwrap();
    let ids = |records: Vec<desk::ports::RequestRecord>| {
        records.into_iter().map(|record| record.request.id).collect::<Vec<_>>()
    };
    let two = application(2).id;
    assert_eq!(ids(made.vault.requests_of(&two, 9).unwrap()), [7, 6, 2].map(request_id));
    assert_eq!(ids(made.vault.requests_of(&two, 1).unwrap()), [7].map(request_id));
    let granted = made.vault.granted(&two).unwrap();
    assert!(granted.iter().all(|record| record.grant.is_some()));
    assert_eq!(ids(granted), [6, 2].map(request_id));
}

#[test]
fn seeing_an_application_again_leaves_its_standing() {
    let made = Made::used();
    made.vault.record_request(&request(4, RequestStatus::Refused), &WHO).unwrap();
    let blocked = made.vault.applications().unwrap().into_iter().find(|app| app.id == application(4).id);
    assert_eq!(blocked.unwrap().standing, Standing::Blocked);
}

#[test]
fn history_is_forgotten_after_ninety_days_unless_its_key_still_works() {
    const DAY: i64 = 24 * 60 * 60;
    let made = Made::new();
    for n in [1, 2, 3] {
        let mut grant = grant(n);
        if let GrantedKey::New(new) = &mut grant.key {
            new.key.expires = (n == 3).then_some(Timestamp(NOW.0 + DAY));
        }
        made.open.grant(&grant, &WHO).unwrap();
    }
    made.vault.record_request(&request(4, RequestStatus::Refused), &WHO).unwrap();
    made.vault.end_key(&key_id(2), Ending::Revoked, NOW, &WHO).unwrap();
    let left = |days: i64| {
        made.open.audit(Timestamp(NOW.0 + days * DAY)).unwrap();
        let records = made.vault.requests(u32::MAX).unwrap();
        records.into_iter().map(|record| record.request.id).collect::<Vec<_>>()
    };
    assert_eq!(left(89), [4, 3, 2, 1].map(request_id));
    assert_eq!(left(91), [request_id(1)]);
}
