//! Keys in place of others: when the old ones stop, and what is said of it.

use std::time::Duration;

use domain::{KeyId, KeySecret, ProgramIdentity, StopOld, Timestamp};

use super::*;
use crate::{
    Code,
    calls::{
        Expiry, HandOver, KeyEdit, KeyReplace, KeyRevoke, KeyRotate, KeyShow, KeyState, KeyView, Log,
        Outlook, ReceiptView, Receipts, Replaceable, RequestShow, RotatedView,
    },
    testing::{ADMIN, FixedClock},
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const SHOP: &str =
    "applicationIdentifier=shop&redirect=http://127.0.0.1:8080/cb&permissions=btcpay.store.canviewinvoices";

impl TestDesk {
    fn id_of_token(&self, token: &KeySecret) -> KeyId {
        self.desk.index().recognise(token).unwrap().id.clone()
    }

    /// A key with its token.
    async fn made(&self) -> (KeyId, KeySecret) {
        let token = self.token(ADMIN, &["unrestricted"]).await;
        (self.id_of_token(&token), token)
    }

    async fn rotate(&self, id: &KeyId, old: StopOld) -> RotatedView {
        self.call(KeyRotate { id: id.clone(), old, expires: None }).await.unwrap()
    }

    /// One request at the gate: the first with a key is noted before its answer.
    async fn use_key(&self, token: &KeySecret) -> Result<(), crate::SignInError> {
        let caller = self.desk.sign_in_with_key(token).await?;
        if caller.is_first_use() {
            let by = ProgramIdentity { exe: "/usr/sbin/php-fpm".to_owned(), script: None };
            self.desk.note_first_use(&caller, Some(by)).await;
        }
        Ok(())
    }

    async fn key(&self, id: &KeyId) -> KeyView {
        self.call(KeyShow { id: id.clone(), reveal: false }).await.unwrap().key
    }

    async fn outlook(&self, id: &KeyId) -> Outlook {
        self.key(id).await.replaced.unwrap().outlook
    }

    /// The same store after a restart, locked.
    fn restarted(&self) -> Self {
        Self::over(Arc::clone(&self.keyring)).unwrap()
    }

    async fn receipts(&self, wanted: Receipts) -> Vec<ReceiptView> {
        self.call(wanted).await.unwrap()
    }

    /// A key granted to the shop, with its token.
    async fn granted(&self, permissions: &str) -> (KeyId, KeySecret) {
        let ticket = self.browse(&format!("{SHOP}{permissions}")).await;
        let new = Approve { matching: Some(Matching::New), ..approval(&ticket) };
        let key = self.call(new).await.unwrap().grant.key;
        (key.clone(), self.token_of(&key).await)
    }

    async fn token_of(&self, id: &KeyId) -> KeySecret {
        let shown = self.call(KeyShow { id: id.clone(), reveal: true }).await.unwrap();
        KeySecret::presented(shown.api_key.unwrap().expose())
    }
}

fn secret(rotated: &RotatedView) -> KeySecret {
    KeySecret::presented(rotated.api_key.expose())
}

fn any() -> Receipts {
    Receipts { id: None, key: None, application: None, user: None, unfinished: false }
}

fn these(ids: &[KeyId], old: StopOld, hand_over: HandOver) -> KeyReplace {
    KeyReplace { ids: ids.to_vec(), application: None, user: None, old, hand_over }
}

#[tokio::test]
async fn a_rotated_key_has_the_rest_of_the_old_one_and_a_token_of_its_own() {
    let built = TestDesk::unlocked().await.unwrap();
    let (old, _) = built.granted("").await;
    let end = FixedClock::START.plus(DAY * 9);
    let edit = KeyEdit {
        id: old.clone(),
        label: Some("Till".to_owned()),
        permissions: None,
        expires: Some(Expiry::At(end)),
    };
    let before = built.call(edit).await.unwrap();
    let rotated = built.rotate(&old, StopOld::FirstUse).await;
    let new = built.key(&rotated.id).await;
    assert_ne!(new.id, old);
    let rest = |key: &KeyView| {
        (key.label.clone(), key.user.clone(), key.permissions.clone(), key.application.clone(), key.expires)
    };
    assert_eq!(rest(&new), rest(&before));
    assert_eq!(built.id_of_token(&secret(&rotated)), rotated.id);
    let never = KeyRotate { id: rotated.id, old: StopOld::Now, expires: Some(Expiry::Never) };
    assert_eq!(built.call(never).await.unwrap().expires, None, "longer only when asked");
}

#[tokio::test]
async fn the_old_key_works_until_the_new_one_is_first_used_and_never_again() {
    let built = TestDesk::unlocked().await.unwrap();
    let (old, token) = built.made().await;
    let rotated = built.rotate(&old, StopOld::FirstUse).await;
    built.use_key(&token).await.unwrap();
    assert_eq!(built.outlook(&old).await, Outlook::WaitsForUse);
    built.use_key(&secret(&rotated)).await.unwrap();
    built.use_key(&token).await.unwrap_err();
    built.use_key(&secret(&rotated)).await.unwrap();
    let gone = built.key(&old).await;
    assert_eq!((gone.state, gone.replaced.unwrap().outlook), (KeyState::Revoked, Outlook::Stopped));
    let first = built.key(&rotated.id).await.first_used.unwrap();
    assert_eq!((first.at, first.by.unwrap().exe), (FixedClock::START, "/usr/sbin/php-fpm".to_owned()));
    let log = built.call(Log { before: None, limit: 2 }).await.unwrap();
    assert_eq!((log[0].action, log[0].subject.as_str()), (domain::Action::KeyRevoked, old.as_str()));
    assert_eq!(log[0].actor, domain::Actor::Fieldgate);
    assert_eq!(built.call(crate::calls::LogVerify {}).await.unwrap().not_yet_sealed, 0);
}

#[tokio::test]
async fn the_old_key_is_refused_the_moment_the_new_one_is_let_in_written_or_not() {
    let built = TestDesk::unlocked().await.unwrap();
    let (old, token) = built.made().await;
    let rotated = built.rotate(&old, StopOld::FirstUse).await;
    built.keyring.set_full(true);
    built.use_key(&secret(&rotated)).await.unwrap();
    built.use_key(&token).await.unwrap_err();
    built.desk.write_counts().await;
    let crashed = built.restarted();
    crashed.use_key(&token).await.unwrap();
    crashed.keyring.set_full(false);
    crashed.use_key(&secret(&rotated)).await.unwrap();
    crashed.use_key(&token).await.unwrap_err();
    built.desk.sweep().await;
    assert_eq!(built.key(&old).await.state, KeyState::Revoked);
    crashed.restarted().use_key(&token).await.unwrap_err();
}

#[tokio::test]
async fn a_locked_desk_stops_the_old_key_as_well_also_after_a_restart() {
    let built = TestDesk::unlocked().await.unwrap();
    let (old, token) = built.made().await;
    let rotated = built.rotate(&old, StopOld::FirstUse).await;
    let locked = built.restarted();
    locked.use_key(&token).await.unwrap();
    locked.use_key(&secret(&rotated)).await.unwrap();
    locked.use_key(&token).await.unwrap_err();
    let again = locked.restarted();
    again.use_key(&token).await.unwrap_err();
    again.unlock().await.unwrap();
    again.use_key(&token).await.unwrap_err();
    assert_eq!(again.key(&rotated.id).await.first_used.unwrap().at, FixedClock::START);
}

#[tokio::test]
async fn an_old_key_whose_end_was_not_written_before_a_crash_is_refused_from_the_start_on() {
    let built = TestDesk::unlocked().await.unwrap();
    let (old, token) = built.made().await;
    let rotated = built.rotate(&old, StopOld::FirstUse).await;
    // That the new one was presented is written, and nothing else.
    let used =
        crate::ports::KeyUse { key: rotated.id, last: Timestamp(7), granted: domain::Usage::default() };
    crate::ports::Keyring::record_use(&*built.keyring, &[used]).unwrap();
    let after = built.restarted();
    after.use_key(&token).await.unwrap_err();
    after.desk.sweep().await;
    let stored = crate::ports::Keyring::keys(&*built.keyring).unwrap();
    assert!(stored.iter().any(|it| it.key.id == old && it.key.ended.is_some()), "and now it is written");
}

#[tokio::test]
async fn an_old_key_that_stops_now_is_refused_at_once() {
    let built = TestDesk::unlocked().await.unwrap();
    let (old, token) = built.made().await;
    let rotated = built.rotate(&old, StopOld::Now).await;
    built.use_key(&token).await.unwrap_err();
    built.use_key(&secret(&rotated)).await.unwrap();
    assert_eq!(rotated.receipt.keys[0].stopped, Some(FixedClock::START));
    built.restarted().use_key(&token).await.unwrap_err();
}

#[tokio::test]
async fn an_old_key_that_has_a_day_ends_with_it_or_before_by_itself() {
    let built = TestDesk::unlocked().await.unwrap();
    let (old, token) = built.made().await;
    let (short, _) = built.made().await;
    let soon = FixedClock::START.plus(Duration::from_secs(60));
    let ends = |id: &KeyId| KeyEdit {
        id: id.clone(),
        label: None,
        permissions: None,
        expires: Some(Expiry::At(soon)),
    };
    built.call(ends(&short)).await.unwrap();
    let rotated = built.rotate(&old, StopOld::InADay).await;
    built.rotate(&short, StopOld::InADay).await;
    assert_eq!(rotated.expires, None, "the new one has the old one's own end");
    assert_eq!(built.key(&old).await.expires, Some(FixedClock::START.plus(DAY)));
    assert_eq!(built.key(&short).await.expires, Some(soon));
    built.use_key(&secret(&rotated)).await.unwrap();
    built.clock.pass(DAY - Duration::from_secs(1));
    built.use_key(&token).await.unwrap();
    assert_eq!(built.outlook(&old).await, Outlook::InADay);
    built.clock.pass(Duration::from_secs(1));
    built.use_key(&token).await.unwrap_err();
    assert_eq!(built.key(&old).await.state, KeyState::Expired);
}

#[tokio::test]
async fn a_new_key_that_ends_unused_leaves_the_old_one_and_says_so() {
    for revoked in [true, false] {
        let built = TestDesk::unlocked().await.unwrap();
        let (old, token) = built.made().await;
        let end = FixedClock::START.plus(Duration::from_secs(60));
        let rotate = KeyRotate { id: old.clone(), old: StopOld::FirstUse, expires: Some(Expiry::At(end)) };
        let rotated = built.call(rotate).await.unwrap();
        if revoked {
            built.call(KeyRevoke { id: rotated.id.clone() }).await.unwrap();
        } else {
            built.clock.pass(Duration::from_secs(60));
        }
        built.use_key(&secret(&rotated)).await.unwrap_err();
        built.use_key(&token).await.unwrap();
        assert_eq!(built.outlook(&old).await, Outlook::Stays, "revoked: {revoked}");
        let again = built.rotate(&old, StopOld::FirstUse).await;
        built.use_key(&secret(&again)).await.unwrap();
        built.use_key(&token).await.unwrap_err();
    }
}

#[tokio::test]
async fn a_key_that_is_replaced_already_is_not_replaced_again_but_its_successor_is() {
    let built = TestDesk::unlocked().await.unwrap();
    let (first, first_token) = built.made().await;
    let second = built.rotate(&first, StopOld::FirstUse).await;
    let again = KeyRotate { id: first.clone(), old: StopOld::Now, expires: None };
    let refused = built.call(again).await.unwrap_err();
    assert_eq!((refused.code, refused.field.as_deref()), (Code::Invalid, Some("id")));
    assert!(refused.message.contains(second.id.as_str()), "{refused}");
    let third = built.rotate(&second.id, StopOld::FirstUse).await;
    assert_eq!(built.key(&first).await.replaced.unwrap().by, Some(third.id.clone()));
    built.use_key(&secret(&third)).await.unwrap();
    for token in [first_token, secret(&second)] {
        built.use_key(&token).await.unwrap_err();
    }
    built.use_key(&secret(&third)).await.unwrap();
}

#[tokio::test]
async fn what_cannot_be_replaced_is_named_and_the_rest_is_replaced_in_one_step() {
    let built = TestDesk::unlocked().await.unwrap();
    let (one, one_token) = built.made().await;
    let (two, _) = built.made().await;
    let (gone, _) = built.made().await;
    built.call(KeyRevoke { id: gone.clone() }).await.unwrap();
    let unknown: KeyId = "akid_none".parse().unwrap();
    let ids = [one.clone(), gone.clone(), two.clone(), one.clone(), unknown.clone()];
    let plan = Replaceable { ids: ids.to_vec(), application: None, user: None };
    let plan = built.call(plan).await.unwrap();
    let problems: Vec<Option<&str>> = plan.iter().map(|it| it.problem.as_deref()).collect();
    assert_eq!(problems, [None, Some("this key has ended"), None], "it is told before");
    let receipt = built.call(these(&ids, StopOld::Now, HandOver::Copy)).await.unwrap();
    let olds: Vec<&KeyId> = receipt.keys.iter().map(|key| &key.old.id).collect();
    assert_eq!(olds, [&one, &two]);
    assert!(receipt.keys.iter().all(|key| key.api_key.is_some() && key.stopped.is_some()));
    let failed: Vec<(&KeyId, &str)> = receipt.failed.iter().map(|it| (&it.id, it.why.as_str())).collect();
    assert_eq!(failed, [(&gone, "this key has ended"), (&unknown, "there is no such key")]);
    built.use_key(&one_token).await.unwrap_err();
    let later = built.receipts(Receipts { id: Some(receipt.id.clone()), ..any() }).await;
    assert!(later[0].keys.iter().all(|key| key.api_key.is_none()), "a token is shown once");
    let nothing = built.call(these(&[gone], StopOld::Now, HandOver::Copy)).await.unwrap_err();
    assert_eq!(nothing.message, "no key was replaced: this key has ended");
    assert_eq!(built.receipts(any()).await.len(), 1);
}

#[tokio::test]
async fn on_a_full_disk_no_key_is_replaced() {
    let built = TestDesk::unlocked().await.unwrap();
    let (one, token) = built.made().await;
    built.keyring.set_full(true);
    let full = built.call(these(std::slice::from_ref(&one), StopOld::Now, HandOver::Copy)).await.unwrap_err();
    assert_eq!(full.code, Code::DiskFull);
    built.use_key(&token).await.unwrap();
    assert_eq!(built.key(&one).await.replaced, None);
    assert_eq!(built.receipts(any()).await, []);
}

#[tokio::test]
async fn an_application_that_is_to_ask_again_keeps_its_key_until_the_one_it_is_granted_next_is_used() {
    let built = TestDesk::unlocked().await.unwrap();
    let (old, token) = built.granted("").await;
    let application = built.desk.index().get(&old).unwrap().application.clone();
    let replace = KeyReplace {
        ids: vec![],
        application: application.clone(),
        user: None,
        old: StopOld::FirstUse,
        hand_over: HandOver::AskAgain,
    };
    let receipt = built.call(replace).await.unwrap();
    assert_eq!((receipt.keys.len(), receipt.keys[0].new.as_ref()), (1, None));
    assert_eq!(built.outlook(&old).await, Outlook::WaitsForKey);
    let ticket = built.browse(SHOP).await;
    let existing = built.call(existing(&ticket)).await.unwrap_err();
    assert_eq!(existing.field.as_deref(), Some("existing"), "it is on its way out");
    built.user("ana@shop.example", false).await;
    let for_ana = Approve { user: Some("ana@shop.example".to_owned()), ..approval(&ticket) };
    let hers = built.call(for_ana).await.unwrap().grant.key;
    built.use_key(&built.token_of(&hers).await).await.unwrap();
    built.use_key(&token).await.unwrap();
    let (new, new_token) = built.granted("").await;
    assert_eq!(built.outlook(&old).await, Outlook::WaitsForUse);
    built.use_key(&token).await.unwrap();
    let after = built.restarted();
    after.use_key(&new_token).await.unwrap();
    after.use_key(&token).await.unwrap_err();
    after.unlock().await.unwrap();
    let found = after.receipts(Receipts { application, ..any() }).await;
    assert_eq!(found.len(), 1, "the grant belongs to the same receipt");
    assert_eq!(found[0].keys[0].new.as_ref().map(|key| &key.id), Some(&new));
    assert_eq!(after.receipts(Receipts { unfinished: true, ..any() }).await, []);
}

#[tokio::test]
async fn a_key_for_another_store_replaces_none_that_waits() {
    let built = TestDesk::unlocked().await.unwrap();
    let (bakery, bar) = (built.store("Bakery", ADMIN).await, built.store("Bar", ADMIN).await);
    let for_store = async |store: &StoreId| {
        let ticket = built.browse(&format!("{SHOP}&selectiveStores=true")).await;
        let stores = vec![store.clone()];
        let new = Approve { stores, matching: Some(Matching::New), ..approval(&ticket) };
        built.call(new).await.unwrap().grant.key
    };
    let (one, other) = (for_store(&bakery).await, for_store(&bar).await);
    built.call(these(&[one.clone(), other.clone()], StopOld::FirstUse, HandOver::AskAgain)).await.unwrap();
    for_store(&bar).await;
    assert_eq!(built.outlook(&one).await, Outlook::WaitsForKey);
    assert_eq!(built.outlook(&other).await, Outlook::WaitsForUse);
}

#[tokio::test]
async fn a_key_of_no_application_cannot_ask_again() {
    let built = TestDesk::unlocked().await.unwrap();
    let (old, _) = built.made().await;
    let refused = built.call(these(&[old], StopOld::Now, HandOver::AskAgain)).await.unwrap_err();
    assert!(refused.message.contains("no application"), "{refused}");
}

#[tokio::test]
async fn keys_are_replaced_by_list_or_application_or_user_and_never_by_none_of_them() {
    let built = TestDesk::unlocked().await.unwrap();
    let ana = built.user("ana@shop.example", false).await;
    let hers = built.token("ana@shop.example", &[]).await;
    let (mine, _) = built.made().await;
    let of_user = |ids: Vec<KeyId>, user: Option<&str>| KeyReplace {
        ids,
        application: None,
        user: user.map(str::to_owned),
        old: StopOld::InADay,
        hand_over: HandOver::Copy,
    };
    let receipt = built.call(of_user(vec![], Some("ana@shop.example"))).await.unwrap();
    let olds: Vec<KeyId> = receipt.keys.iter().map(|key| key.old.id.clone()).collect();
    assert_eq!(olds, [built.id_of_token(&hers)]);
    for bad in [of_user(vec![], None), of_user(vec![mine], Some("ana@shop.example"))] {
        assert_eq!(built.call(bad).await.unwrap_err().field.as_deref(), Some("ids"));
    }
    let of_ana = Receipts { user: Some(ana.id.to_string()), unfinished: true, ..any() };
    assert_eq!(built.receipts(of_ana).await.len(), 1);
    assert_eq!(built.receipts(Receipts { user: Some(ADMIN.to_owned()), ..any() }).await, []);
}

#[tokio::test]
async fn an_approval_stops_the_keys_it_names_when_the_new_one_is_first_used() {
    let built = TestDesk::unlocked().await.unwrap();
    let (old, token) = built.granted("").await;
    let (kept, kept_token) = built.granted("").await;
    let ticket = built.browse(SHOP).await;
    let sheet = RequestShow { id: ticket.id.clone(), user: None, stores: vec![], permissions: None };
    let holds: Vec<KeyId> = built.call(sheet).await.unwrap().holds.into_iter().map(|key| key.id).collect();
    assert_eq!(holds.len(), 2);
    let stop = |id: &KeyId, matching| Approve {
        stop_old: vec![id.clone()],
        matching: Some(matching),
        ..approval(&ticket)
    };
    let (foreign, _) = built.made().await;
    for bad in [stop(&foreign, Matching::New), stop(&old, Matching::Existing)] {
        assert_eq!(built.call(bad).await.unwrap_err().field.as_deref(), Some("stop_old"));
    }
    let new = built.call(stop(&old, Matching::New)).await.unwrap().grant.key;
    built.use_key(&token).await.unwrap();
    built.use_key(&built.token_of(&new).await).await.unwrap();
    built.use_key(&token).await.unwrap_err();
    built.use_key(&kept_token).await.unwrap();
    assert_eq!(built.key(&kept).await.replaced, None);
    let grant = built.view(&ticket).await.grant.unwrap();
    assert_eq!(grant.first_used.map(|first| first.at), Some(FixedClock::START));
}

#[tokio::test]
async fn a_request_says_when_its_key_went_out_and_when_that_was_first_used() {
    let built = TestDesk::unlocked().await.unwrap();
    let ticket = built.browse(SHOP).await;
    let key = built.approve(&ticket).await.unwrap().grant.key;
    let proof = async || {
        let grant = built.view(&ticket).await.grant.unwrap();
        (grant.delivered, grant.first_used.map(|first| first.at))
    };
    assert_eq!(proof().await, (None, None));
    built.clock.pass(Duration::from_secs(5));
    built.desk.collect(&ticket.id, &ticket.collect).await.unwrap();
    let out = FixedClock::START.plus(Duration::from_secs(5));
    assert_eq!(proof().await, (Some(out), None));
    let detail = built.call(KeyShow { id: key.clone(), reveal: false }).await.unwrap();
    assert_eq!((detail.handed_over, detail.key.first_used), (Some(out), None));
    built.clock.pass(Duration::from_secs(5));
    built.use_key(&built.token_of(&key).await).await.unwrap();
    assert_eq!(proof().await, (Some(out), Some(FixedClock::START.plus(Duration::from_secs(10)))));
}

#[tokio::test]
async fn the_first_use_stays_the_first_over_later_ones_and_restarts() {
    let built = TestDesk::unlocked().await.unwrap();
    let (id, token) = built.made().await;
    assert!(built.desk.sign_in_with_key(&token).await.unwrap().is_first_use());
    assert!(!built.desk.sign_in_with_key(&token).await.unwrap().is_first_use());
    // Nobody said by whom: it is written with the next counts all the same.
    built.desk.write_counts().await;
    let after = built.restarted();
    after.clock.pass(DAY);
    assert!(!after.desk.sign_in_with_key(&token).await.unwrap().is_first_use());
    after.unlock().await.unwrap();
    assert_eq!(after.key(&id).await.first_used.unwrap().at, FixedClock::START);
}

#[tokio::test]
async fn an_old_key_in_a_row_that_somebody_else_has_written_is_not_accepted() {
    let built = TestDesk::unlocked().await.unwrap();
    let (old, token) = built.made().await;
    built.rotate(&old, StopOld::FirstUse).await;
    built.keyring.tamper(crate::ports::Damage::Key(old.clone()));
    let after = built.restarted();
    after.unlock().await.unwrap();
    after.use_key(&token).await.unwrap_err();
    assert_eq!(after.key(&old).await.state, KeyState::Damaged);
}
