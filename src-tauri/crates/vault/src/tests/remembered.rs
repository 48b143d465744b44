//! Approvals that are repeated without asking.

use desk::ports::Damage;
use domain::{Action, Asks, ProgramIdentity, Remembered};

use super::*;

const ADDRESS: &str = "http://127.0.0.1:9000/address-canary";
const LIFE: i64 = 30 * 24 * 60 * 60;

/// Says of `grant(n)` that it is repeated without asking.
fn said(n: u8) -> Remembered {
    Remembered {
        request: request_id(n),
        application: application(n).id,
        key: key_id(n),
        owner: ANN.parse().unwrap(),
        permissions: key(n).key.permissions,
        asked: Asks {
            permissions: permissions(&["btcpay.store.canviewinvoices"]),
            strict: true,
            selective: true,
            address: Some(Sealed::new(ADDRESS.to_owned())),
        },
        program: ProgramIdentity { exe: "/usr/bin/till".to_owned(), script: None },
        receiver: None,
        since: NOW,
        uses: 0,
        last_used: None,
    }
}

fn saying(n: u8) -> NewGrant {
    NewGrant { remember: Some(said(n)), ..grant(n) }
}

fn repeating(n: u8, what: u8) -> NewGrant {
    NewGrant {
        key: GrantedKey::Existing(key_id(what)),
        repeats: Some(request_id(what)),
        request: EndedRequest { application: application(what), ..request(n, RequestStatus::Approved) },
        ..grant(n)
    }
}

fn remembering() -> Made {
    let made = Made::used();
    made.open.grant(&saying(5), &WHO).unwrap();
    made
}

fn ids(made: &Made) -> Vec<RequestId> {
    made.open.remembered().unwrap().into_iter().map(|said| said.request).collect()
}

#[test]
fn what_is_remembered_reads_back_as_it_was_said_with_its_uses() {
    let made = remembering().reopened(|_| ());
    made.open.grant(&repeating(7, 5), &Actor::Fieldgate).unwrap();
    assert_eq!(made.open.audit(NOW).unwrap(), []);
    let found = made.open.remembered().unwrap().remove(0);
    let used = Remembered { uses: 1, last_used: Some(Timestamp(NOW.0 + 7)), ..said(5) };
    assert_eq!(found.asked.address.as_ref().unwrap().expose(), ADDRESS);
    assert_eq!(format!("{found:?}"), format!("{used:?}"));
    let actions: Vec<Action> = made.vault.log(None, 2).unwrap().into_iter().map(|it| it.action).collect();
    assert_eq!(actions, [Action::RequestRepeated, Action::DecisionRemembered]);
}

#[test]
fn whatever_column_of_it_is_changed_it_is_named_left_out_and_repeats_nothing() {
    for set in [
        "application_id = 'app_2'",
        "key_id = (SELECT id FROM keys WHERE label = 'key 1')",
        &format!("owner = '{ADMIN}'"),
        "permissions = '[]'",
        "asked = '[]'",
        "strict_asked = 0",
        "selective = 0",
        "sealed_address = NULL",
        "program = '{\"exe\":\"/tmp/evil\",\"script\":null}'",
        "receiver = '{\"origin\":\"http://evil.example\",\"listener\":null}'",
        "since = since + 1",
        "mac = zeroblob(32)",
    ] {
        let made = remembering().tampered(&format!("UPDATE remembered SET {set}"));
        assert_eq!(made.open.audit(NOW).unwrap(), [Damage::Remembered(request_id(5))], "{set}");
        assert!(ids(&made).is_empty(), "{set}");
        let again = made.open.grant(&repeating(7, 5), &WHO);
        assert!(matches!(again, Err(KeyringError::Damaged(_))), "{set}: {again:?}");
        assert_eq!(made.vault.request(&request_id(7)).unwrap(), None, "nothing is half written");
        made.open.forget_remembered(&request_id(5), NOW, &WHO).unwrap();
        assert_eq!(made.open.audit(NOW).unwrap(), []);
    }
}

#[test]
fn one_added_by_hand_is_named_and_repeats_nothing() {
    let made = remembering().tampered(
        "INSERT INTO remembered SELECT 'evil', application_id, key_id, owner, permissions, asked, strict_asked, selective,
             sealed_address, program, receiver, since, uses, last_used, mac FROM remembered",
    );
    assert_eq!(made.open.audit(NOW).unwrap(), [Damage::Remembered("evil".parse().unwrap())]);
    assert_eq!(ids(&made), [request_id(5)]);
}

#[test]
fn an_address_moved_from_another_row_does_not_open_and_its_uses_may_change() {
    let made = remembering();
    made.open.grant(&saying(9), &WHO).unwrap();
    let made = made.tampered(
        "UPDATE remembered SET uses = 77;
         UPDATE remembered SET sealed_address = (SELECT sealed_address FROM remembered ORDER BY request_id LIMIT 1)",
    );
    assert_eq!(made.open.audit(NOW).unwrap(), []);
    assert_eq!(ids(&made), [request_id(5)]);
    assert_eq!(made.open.remembered().unwrap()[0].uses, 77);
}

#[test]
fn the_address_stands_nowhere_in_the_files_in_clear() {
    let made = remembering();
    let files = std::fs::read_dir(made.dir.path()).unwrap().map(|entry| entry.unwrap().path());
    let canary = b"address-canary";
    for file in files.filter(|path| path.is_file()) {
        let bytes = std::fs::read(&file).unwrap();
        assert!(!bytes.windows(canary.len()).any(|window| window == canary), "{}", file.display());
    }
}

#[test]
fn it_is_forgotten_when_said_so_after_thirty_days_with_its_user_and_when_a_key_is_remembered_anew() {
    let made = remembering();
    made.open.forget_remembered(&request_id(5), NOW, &WHO).unwrap();
    assert!(ids(&made).is_empty());
    assert_eq!(made.vault.log(None, 1).unwrap()[0].action, Action::DecisionForgotten);
    assert!(made.open.forget_remembered(&request_id(5), NOW, &WHO).is_err());

    let made = remembering();
    made.open.audit(Timestamp(NOW.0 + LIFE - 1)).unwrap();
    assert_eq!(ids(&made), [request_id(5)]);
    made.open.audit(Timestamp(NOW.0 + LIFE)).unwrap();
    assert!(ids(&made).is_empty());

    let made = remembering();
    let anew = Remembered { request: request_id(7), ..said(5) };
    made.open.grant(&NewGrant { remember: Some(anew), ..repeating(7, 5) }, &WHO).unwrap();
    assert_eq!(ids(&made), [request_id(7)]);
    made.open.delete_user(&ANN.parse().unwrap(), NOW, &WHO).unwrap();
    assert!(ids(&made).is_empty());
}

#[test]
fn an_application_that_is_not_known_any_more_is_forgotten_and_one_that_becomes_known_is_not() {
    for (standing, left) in [(Standing::Known, 1), (Standing::Blocked, 0), (Standing::New, 0)] {
        let made = remembering();
        made.open.set_standing(&application(5), standing, NOW, &WHO).unwrap();
        assert_eq!(ids(&made).len(), left, "{standing:?}");
    }
}
