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
