//! The whole of it, on real files.

mod accounts;
mod atomic;
mod home;
mod locked;
mod log;
mod register;
mod remembered;
mod replacing;
mod round_trips;
mod secrets;
mod stores;
mod tampering;
mod usage;

use std::sync::Arc;

use desk::ports::{EndedRequest, GrantedKey, Keyring, KeyringError, NewGrant, NewKey, NewUser, OpenKeyring};
use domain::{
    Actor, ApiKey, Application, ApplicationIdentity, CollectSecret, Criterion, Delivery, Email, Issuer,
    KeyId, KeySecret, Listener, Mode, Parent, Passphrase, Password, PermissionSet, Program, Receiver,
    RequestId, RequestStatus, Sealed, SentBy, Standing, Store, StoreDraft, StoreId, StoreSettings, Timestamp,
    User, UserId,
};
use rusqlite::Connection;
use rusqlite::types::Value;
use tempfile::TempDir;

use super::*;

const PASSPHRASE: &str = "correct horse battery";
const PASSWORD: &str = "pa55-canary-word";
const QUERY: &str = "permissions=a&redirect=http%3A%2F%2F127.0.0.1%3A9000%2Fcb%3Fsecret%3Dquery-canary";
const NOW: Timestamp = Timestamp(1_800_000_000);
const ADMIN: &str = "00000000-0000-4000-8000-000000000001";
const ANN: &str = "00000000-0000-4000-8000-000000000002";
const WHO: Actor = Actor::CommandLine;

/// A home with a store in it, open.
struct Made {
    dir: TempDir,
    vault: Vault,
    open: Arc<dyn OpenKeyring>,
}

impl Made {
    /// The admin, and Ann, who has no password and owns the store `shop`.
    fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let lock = home_in(&dir).lock().unwrap();
        create(&lock, &phrase(PASSPHRASE), &admin(), NOW, KdfCost::FLOOR).unwrap();
        drop(lock);
        let made = Self::opened(dir);
        made.open.create_user(&user(ANN, "ann@shop.example", false), &WHO).unwrap();
        made.open.create_store(&store("shop"), &ANN.parse().unwrap(), &WHO).unwrap();
        made
    }

    /// The same with a granted request, a refused one, and a blocked application.
    fn used() -> Self {
        let made = Self::new();
        made.open.create_key(&key(1), &WHO).unwrap();
        made.open.grant(&grant(2), &WHO).unwrap();
        made.vault.record_request(&request(3, RequestStatus::Refused), &WHO).unwrap();
        made.open.set_standing(&application(4), Standing::Blocked, NOW, &WHO).unwrap();
        made
    }

    fn opened(dir: TempDir) -> Self {
        let vault = Vault::open(&home_in(&dir).lock().unwrap()).unwrap();
        let open = vault.unlock(&phrase(PASSPHRASE)).unwrap();
        Self { dir, vault, open }
    }

    /// Closes it, lets `meanwhile` at the files, and opens it again.
    fn reopened(self, meanwhile: impl FnOnce(&Connection)) -> Self {
        let Self { dir, vault, open } = self;
        drop((open, vault));
        meanwhile(&by_hand(&dir));
        Self::opened(dir)
    }

    fn tampered(self, sql: &str) -> Self {
        self.reopened(|conn| conn.execute_batch(sql).unwrap())
    }

    /// Everything in the file.
    fn dump(&self) -> String {
        let conn = by_hand(&self.dir);
        let mut tables =
            conn.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").unwrap();
        let tables: Vec<String> =
            tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        let mut text = String::new();
        for table in tables {
            let mut query = conn.prepare(&format!("SELECT * FROM {table}")).unwrap();
            let width = query.column_count();
            let mut rows = query.query([]).unwrap();
            while let Some(row) = rows.next().unwrap() {
                let row: Vec<Value> = (0..width).map(|at| row.get(at).unwrap()).collect();
                text += &format!("{table} {row:?}\n");
            }
        }
        text
    }
}

fn home_in(dir: &TempDir) -> Home {
    Home::prepare(&dir.path().join("home")).unwrap()
}

/// Opens the file as somebody else's tool would.
fn by_hand(dir: &TempDir) -> Connection {
    Connection::open(home_in(dir).db()).unwrap()
}

fn phrase(text: &str) -> Passphrase {
    Passphrase::new(text.to_owned())
}

fn email(text: &str) -> Email {
    Email::parse(text).unwrap()
}

fn permissions(list: &[&str]) -> PermissionSet {
    list.iter().map(|text| text.parse().unwrap()).collect()
}

fn user(id: &str, address: &str, is_admin: bool) -> NewUser {
    let user = User {
        id: id.parse().unwrap(),
        email: email(address),
        name: None,
        image_url: None,
        is_admin,
        disabled: false,
        has_password: false,
        issuer: Issuer::Local,
        created: NOW,
    };
    NewUser { user, password: None }
}

fn admin() -> NewUser {
    let mut new = user(ADMIN, "admin@shop.example", true);
    new.user.has_password = true;
    new.user.created = Timestamp(NOW.0 - 1);
    NewUser { password: Some(Password::new(PASSWORD.to_owned())), ..new }
}

fn store(id: &str) -> Store {
    Store {
        id: id.parse().unwrap(),
        name: "Shop".to_owned(),
        settings: StoreSettings::default(),
        issuer: Issuer::Local,
        created: NOW,
    }
}

fn shop() -> StoreId {
    "shop".parse().unwrap()
}

/// Another name, and something set.
fn draft() -> StoreDraft {
    let mut settings = StoreSettings { archived: true, ..StoreSettings::default() };
    settings.brand.website = Some("https://bakery.example/".to_owned());
    settings.invoicing.payment_tolerance = 0.5;
    settings.methods.payment_method_criteria.push(Criterion::default());
    settings.methods.payment_method_criteria[0].payment_method_id = "BTC-LN".to_owned();
    StoreDraft::new("Bakery", settings).unwrap()
}

fn key(n: u8) -> NewKey {
    let key = ApiKey {
        id: key_id(n),
        owner: ANN.parse().unwrap(),
        issuer: Issuer::Local,
        label: format!("key {n}"),
        permissions: permissions(&["btcpay.store.canviewinvoices:shop", "btcpay.user.canviewprofile"]),
        application: None,
        created: NOW,
        expires: Some(Timestamp(NOW.0 + 1000)),
        last_used: None,
        ended: None,
    };
    NewKey { key, secret: secret(n) }
}

fn key_id(n: u8) -> KeyId {
    KeyId::from_random([n; 8])
}

fn secret(n: u8) -> KeySecret {
    KeySecret::from_random(std::array::from_fn(|at| n ^ 0x5a ^ u8::try_from(at * 11).unwrap()))
}

fn collect_secret(n: u8) -> CollectSecret {
    CollectSecret::from_random(std::array::from_fn(|at| n ^ 0xc3 ^ u8::try_from(at * 13).unwrap()))
}

fn request_id(n: u8) -> RequestId {
    RequestId::from_random([n; 16])
}

fn application(n: u8) -> Application {
    let identity = match n % 4 {
        0 => ApplicationIdentity::Identifier {
            identifier: format!("shop-{n}"),
            origin: "http://127.0.0.1:9000".to_owned(),
        },
        1 => ApplicationIdentity::Origin { origin: format!("http://127.0.0.1:{n}") },
        2 => ApplicationIdentity::Program { program: program(n).identity().unwrap() },
        _ => ApplicationIdentity::Unknown,
    };
    Application {
        id: format!("app_{n}").parse().unwrap(),
        identity,
        names: vec![format!("Shop {n}"), "Older name".to_owned()],
        standing: Standing::New,
        note: None,
        first_seen: NOW,
        last_seen: NOW,
    }
}

fn program(n: u8) -> Program {
    Program {
        pid: 4711,
        exe: Some(format!("/usr/bin/shop{n}")),
        script: Some("till.py".to_owned()),
        uid: 1000,
        user: Some("ana".to_owned()),
        started: Some(NOW),
        parent: Some(Parent { pid: 1, exe: None }),
        terminal: Some("pts/3".to_owned()),
    }
}

/// Who is to receive a key that application `n` is granted.
fn receiver(n: u8) -> Receiver {
    let listener = Some(Listener::Own { program: Some(program(n)) });
    Receiver { origin: "http://127.0.0.1:9000".to_owned(), listener }
}

fn request(n: u8, status: RequestStatus) -> EndedRequest {
    EndedRequest {
        id: request_id(n),
        application: application(n),
        name: Some(format!("Shop {n}")),
        mode: Mode::Program,
        program: Some(program(n)),
        sent_by: Some(SentBy::Page { origin: "http://127.0.0.1:9000".to_owned() }),
        origin: Some("http://127.0.0.1:9000".to_owned()),
        permissions: permissions(&["btcpay.store.canviewinvoices"]),
        unknown: vec!["btcpay.store.cannot".to_owned()],
        strict: true,
        selective_stores: true,
        unencrypted: false,
        asked: Timestamp(NOW.0 - 60),
        ended: Timestamp(NOW.0 + i64::from(n)),
        status,
    }
}

fn grant(n: u8) -> NewGrant {
    let mut new = key(n);
    new.key.application = Some(application(n).id);
    NewGrant {
        request: request(n, RequestStatus::Approved),
        owner: ANN.parse().unwrap(),
        permissions: new.key.permissions.clone(),
        key: GrantedKey::New(new),
        query: Sealed::new(QUERY.to_owned()),
        collect: collect_secret(n).hash(),
        delivery: Delivery::Never,
        replaces: Vec::new(),
        receiver: Some(receiver(n)),
        remember: None,
        repeats: None,
    }
}
