//! What is written is what is read, also by the next process.

use domain::{Ending, Membership, Role, Served};

use super::*;

#[test]
fn the_first_start_leaves_an_admin_who_can_sign_in_and_one_sealed_entry() {
    let dir = TempDir::new().unwrap();
    let lock = home_in(&dir).lock().unwrap();
    let first = first_admin(email("Ana@shop.example"), Some(Password::new(PASSWORD.into())), NOW).unwrap();
    create(&lock, &phrase("12345678"), &first, NOW, KdfCost::FLOOR).unwrap();
    let vault = Vault::open(&lock).unwrap();
    assert_eq!(vault.users().unwrap(), std::slice::from_ref(&first.user));
    assert!(first.user.is_admin && first.user.has_password);
    let sign_in =
        |password: &str| vault.check_password(Some(&first.user.id), &Password::new(password.into())).unwrap();
    assert!(sign_in(PASSWORD));
    assert!(!sign_in("another"));
    let verdict = vault.unlock(&phrase("12345678")).unwrap().verify_log().unwrap();
    assert_eq!((verdict.entries, verdict.not_yet_sealed, verdict.faults.len()), (1, 0, 0));
}

#[test]
fn a_short_passphrase_or_a_second_first_start_makes_nothing() {
    let dir = TempDir::new().unwrap();
    let lock = home_in(&dir).lock().unwrap();
    let make = |passphrase| create(&lock, &phrase(passphrase), &admin(), NOW, KdfCost::FLOOR);
    assert!(matches!(make("1234567"), Err(CreateError::PassphraseTooShort)));
    assert!(!lock.home().db().exists());
    assert!(matches!(Vault::open(&lock), Err(FileError::Absent(_))));
    make("éééééééé").unwrap();
    assert!(matches!(make(PASSPHRASE), Err(CreateError::File(FileError::Exists(_)))));
}

#[test]
fn a_wrong_passphrase_opens_nothing() {
    let made = Made::new();
    for wrong in ["", "correct horse batterY", "correct horse battery "] {
        assert!(matches!(made.vault.unlock(&phrase(wrong)), Err(KeyringError::WrongPassphrase)), "{wrong:?}");
    }
}

#[test]
fn users_stores_and_memberships_read_back() {
    let made = Made::new().reopened(|_| ());
    assert_eq!(made.vault.users().unwrap(), [admin().user, user(ANN, "ann@shop.example", false).user]);
    assert_eq!(made.vault.stores().unwrap(), [store("shop")]);
    let owner = Membership { store: "shop".parse().unwrap(), user: ANN.parse().unwrap(), role: Role::Owner };
    assert_eq!(made.vault.memberships().unwrap(), [owner]);
}

#[test]
fn nobody_and_somebody_without_a_password_cannot_sign_in() {
    let made = Made::new();
    let (ann, gone) = (ANN.parse().unwrap(), "gone".parse().unwrap());
    for user in [Some(&ann), Some(&gone), None] {
        for password in ["", PASSWORD] {
            let right = made.vault.check_password(user, &Password::new(password.into())).unwrap();
            assert!(!right, "{user:?} {password}");
        }
    }
}

#[test]
fn a_key_reads_back_with_its_hash_and_its_token() {
    let made = Made::new();
    made.open.create_key(&key(1), &WHO).unwrap();
    let made = made.reopened(|_| ());
    let stored = made.vault.keys().unwrap();
    assert_eq!(stored.len(), 1);
    assert_eq!(stored[0].key, key(1).key);
    assert!(stored[0].hash.is(&secret(1).hash()));
    assert_eq!(made.open.reveal(&key_id(1)).unwrap().expose(), secret(1).expose());
    assert!(matches!(made.open.reveal(&key_id(9)), Err(KeyringError::NotFound("key"))));
}

#[test]
fn a_grant_reads_back_as_history_key_and_application() {
    let made = Made::new();
    for n in 1..=4 {
        made.open.grant(&grant(n), &WHO).unwrap();
    }
    let made = made.reopened(|_| ());
    let records = made.vault.requests(u32::MAX).unwrap();
    let ids: Vec<RequestId> = records.iter().map(|record| record.request.id.clone()).collect();
    assert_eq!(ids, [4, 3, 2, 1].map(request_id), "newest first");
    for (n, record) in (1..=4).rev().zip(&records) {
        assert_eq!(record.request, grant(n).request);
        let found = record.grant.as_ref().unwrap();
        assert_eq!((&found.request, &found.key, found.existing), (&request_id(n), &key_id(n), false));
        assert_eq!((found.owner.as_str(), found.delivery), (ANN, Delivery::Never));
        assert_eq!(found.permissions, grant(n).permissions);
        assert_eq!(found.receiver, Some(receiver(n)));
        assert_eq!(made.vault.request(&request_id(n)).unwrap().as_ref(), Some(record));
        let (query, collect) = made.open.reveal_asking(&request_id(n)).unwrap();
        assert_eq!(query.expose(), QUERY);
        assert!(collect.is(&collect_secret(n).hash()));
    }
    assert_eq!(made.vault.requests(2).unwrap(), records[..2]);
    assert_eq!(made.vault.request(&request_id(9)).unwrap(), None);
    let keys = made.vault.keys().unwrap();
    assert_eq!(keys.iter().map(|key| key.key.application.clone()).filter(Option::is_some).count(), 4);
}

#[test]
fn whom_an_application_was_served_by_is_known_from_its_grants_alone() {
    let made = Made::used();
    let asked = request(2, RequestStatus::Approved);
    let served = Served { program: asked.program, sent_by: asked.sent_by, receiver: Some(receiver(2)) };
    assert_eq!(made.vault.served(&application(2).id).unwrap(), [served]);
    assert_eq!(made.vault.served(&application(3).id).unwrap(), [], "that one was refused");
}

#[test]
fn another_receiver_of_a_grant_is_kept_under_its_mac_and_told_in_the_log() {
    let made = Made::used();
    made.open.accept_receiver(&request_id(2), &receiver(9), NOW, &WHO).unwrap();
    let told = &made.vault.log(None, 1).unwrap()[0];
    assert_eq!(
        (told.action, told.subject.as_str()),
        (domain::Action::ReceiverAccepted, request_id(2).as_str())
    );
    assert!(
        told.detail.contains("/usr/bin/shop9") && told.detail.contains("/usr/bin/shop2"),
        "{}",
        told.detail
    );
    let made = made.reopened(|_| ());
    assert_eq!(made.open.audit(NOW).unwrap(), []);
    let received = made.vault.received().unwrap();
    let received: Vec<_> = received.into_iter().map(|it| (it.request, it.key, it.receiver)).collect();
    assert_eq!(received, [(request_id(2), key_id(2), receiver(9))]);
    let nobody = made.open.accept_receiver(&request_id(99), &receiver(9), NOW, &WHO);
    assert!(matches!(nobody, Err(KeyringError::NotFound(_))));
}

#[test]
fn an_existing_key_is_granted_again_while_it_lives() {
    let made = Made::used();
    let again = |n| NewGrant { key: GrantedKey::Existing(key_id(1)), delivery: Delivery::Shown, ..grant(n) };
    made.open.grant(&again(7), &WHO).unwrap();
    let record = made.vault.request(&request_id(7)).unwrap().unwrap();
    let found = record.grant.unwrap();
    assert_eq!((found.key, found.existing, found.delivery), (key_id(1), true, Delivery::Shown));
    assert_eq!(made.vault.keys().unwrap().len(), 2, "no key more");
    made.vault.end_key(&key_id(1), Ending::Revoked, NOW, &WHO).unwrap();
    let before = made.dump();
    assert!(matches!(made.open.grant(&again(8), &WHO), Err(KeyringError::NotFound(_))));
    assert_eq!(made.dump(), before);
}

#[test]
fn a_delivery_is_written_and_a_failed_one_says_nothing_about_one_that_was_made() {
    let made = Made::used();
    let delivery = || made.vault.request(&request_id(2)).unwrap().unwrap().grant.unwrap().delivery;
    for (how, left, action) in [
        (Delivery::Failed, Delivery::Failed, domain::Action::DeliveryFailed),
        (Delivery::Withheld, Delivery::Withheld, domain::Action::DeliveryFailed),
        (Delivery::Collected, Delivery::Collected, domain::Action::KeyDelivered),
        (Delivery::Failed, Delivery::Collected, domain::Action::DeliveryFailed),
        (Delivery::Withheld, Delivery::Collected, domain::Action::DeliveryFailed),
        (Delivery::JsonPost, Delivery::JsonPost, domain::Action::KeyDelivered),
    ] {
        made.vault.record_delivery(&request_id(2), how, NOW).unwrap();
        assert_eq!(delivery(), left);
        assert_eq!(made.vault.never_collected().unwrap().contains(&key_id(2)), !left.is_out());
        let last = &made.vault.log(None, 1).unwrap()[0];
        assert_eq!((last.action, last.subject.as_str()), (action, key_id(2).as_str()));
    }
    assert_eq!(made.open.audit(NOW).unwrap(), [], "deliveries are under no MAC");
    let unknown = made.vault.record_delivery(&request_id(3), Delivery::Collected, NOW);
    assert!(matches!(unknown, Err(KeyringError::NotFound("grant"))));
}

#[test]
fn the_latest_use_of_a_key_is_kept_without_a_log_entry() {
    let made = Made::used();
    let entries = made.vault.log(None, 1).unwrap()[0].seq;
    let later = Timestamp(NOW.0 + 5);
    let used = |n, last| desk::ports::KeyUse { key: key_id(n), last, granted: domain::Usage::default() };
    made.vault.record_use(&[used(1, later), used(9, later)]).unwrap();
    made.vault.record_use(&[used(1, NOW)]).unwrap();
    let used = made.vault.keys().unwrap().into_iter().find(|key| key.key.id == key_id(1)).unwrap();
    assert_eq!(used.key.last_used, Some(later));
    assert_eq!(made.vault.log(None, 1).unwrap()[0].seq, entries);
    assert_eq!(made.open.audit(NOW).unwrap(), []);
}

#[test]
fn what_is_there_already_is_refused_by_its_name() {
    let made = Made::used();
    let before = made.dump();
    let duplicate = |done: Result<(), KeyringError>, what: &str| {
        assert!(matches!(done, Err(KeyringError::Duplicate(named)) if named == what), "{what}");
    };
    duplicate(made.open.create_user(&user("x", "ANN@shop.example", true), &WHO), "email");
    duplicate(made.open.create_store(&store("shop"), &ANN.parse().unwrap(), &WHO), "store");
    duplicate(made.open.create_key(&key(1), &WHO), "key");
    duplicate(made.vault.record_request(&request(2, RequestStatus::Refused), &WHO), "request");
    assert_eq!(made.dump(), before);

    made.open.create_user(&user("x", "ÄNN@shop.example", true), &WHO).unwrap();
    duplicate(made.open.create_user(&user("y", "änn@shop.example", true), &WHO), "email");
}

#[test]
fn nothing_is_made_for_a_user_who_is_not_there() {
    let made = Made::new();
    let nobody: UserId = "nobody".parse().unwrap();
    let before = made.dump();
    let absent =
        |done: Result<(), KeyringError>| assert!(matches!(done, Err(KeyringError::NotFound("user"))));
    absent(made.open.create_store(&store("other"), &nobody, &WHO));
    let mut key = key(1);
    key.key.owner = nobody.clone();
    absent(made.open.create_key(&key, &WHO));
    absent(made.open.grant(&NewGrant { owner: nobody, ..grant(1) }, &WHO));
    assert_eq!(made.dump(), before);
}

#[test]
fn an_id_of_a_store_differs_by_case() {
    let made = Made::new();
    made.open.create_store(&store("SHOP"), &ANN.parse().unwrap(), &WHO).unwrap();
    let ids: Vec<StoreId> = made.vault.stores().unwrap().into_iter().map(|store| store.id).collect();
    assert_eq!(ids.len(), 2);
}
