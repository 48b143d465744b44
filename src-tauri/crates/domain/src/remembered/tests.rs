use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::permission::samples::{any_set, set};
use crate::{Ending, KeyEnd, OwnAddress};

const NOW: Timestamp = Timestamp(1_000_000_000);
const VIEW: &str = "permissions=btcpay.store.canviewinvoices";
const THERE: &str = "redirect=http://127.0.0.1:9000/key/abc";

fn request(query: &str) -> AuthorizeRequest {
    AuthorizeRequest::parse(query, &OwnAddress { port: 21_420 }).unwrap()
}

fn program(exe: &str) -> Program {
    let exe = Some(exe.to_owned());
    Program { pid: 1, exe, script: None, uid: 1000, user: None, started: None, parent: None, terminal: None }
}

fn till() -> Program {
    program("/opt/till/till")
}

fn listening(program: Program) -> Receiver {
    Receiver {
        origin: "http://127.0.0.1:9000".to_owned(),
        listener: Some(Listener::Own { program: Some(program) }),
    }
}

fn key() -> ApiKey {
    ApiKey {
        id: "akid_1".parse().unwrap(),
        owner: "ana".parse().unwrap(),
        issuer: Issuer::Local,
        label: String::new(),
        permissions: set(&["btcpay.store.canviewinvoices"]),
        application: None,
        created: NOW,
        expires: None,
        last_used: None,
        ended: None,
    }
}

/// What was said when `query` was approved for the till.
fn remembered(query: &str) -> Remembered {
    let request = request(query);
    Remembered {
        request: RequestId::from_random([1; 16]),
        application: "app_1".parse().unwrap(),
        key: key().id,
        owner: key().owner,
        permissions: key().permissions,
        asked: Asks::of(&request),
        program: till().identity().unwrap(),
        receiver: request.redirect().map(|_| listening(till())),
        since: NOW,
        uses: 0,
        last_used: None,
    }
}

struct Asked {
    request: AuthorizeRequest,
    mode: Mode,
    program: Option<Program>,
    receiver: Option<Receiver>,
}

/// The till asks.
fn asks(query: &str) -> Asked {
    let request = request(query);
    let receiver = request.redirect().map(|_| listening(till()));
    Asked { request, mode: Mode::Program, program: Some(till()), receiver }
}

impl Asked {
    fn repeat(&self) -> Repeat<'_> {
        Repeat {
            request: &self.request,
            mode: self.mode,
            program: self.program.as_ref(),
            receiver: self.receiver.as_ref(),
        }
    }

    fn is_answered(&self, by: &Remembered) -> bool {
        by.answers(&self.repeat(), &key(), NOW)
    }
}

fn with_redirect() -> String {
    format!("{VIEW}&{THERE}%3Fsecret%3D1")
}

#[test]
fn the_same_again_is_answered_whatever_the_redirects_query_and_with_no_redirect_at_all() {
    let (said, here) = (remembered(&with_redirect()), remembered(VIEW));
    assert!(asks(&with_redirect()).is_answered(&said));
    assert!(asks(&format!("{VIEW}&{THERE}%3Fsecret%3D2")).is_answered(&said));
    assert!(asks(VIEW).is_answered(&here));
    assert!(!asks(VIEW).is_answered(&said) && !asks(&with_redirect()).is_answered(&here));
}

#[test]
fn whatever_else_is_asked_is_asked_about() {
    let said = remembered(&with_redirect());
    for query in [
        format!("{VIEW}&permissions=btcpay.store.cancreateinvoice&{THERE}"),
        format!("permissions=btcpay.store.canviewreports&{THERE}"),
        format!("{VIEW}&{THERE}&strict=false"),
        format!("{VIEW}&{THERE}&selectiveStores=true"),
        format!("{VIEW}&{THERE}/more"),
        format!("{VIEW}&permissions=btcpay.store.cannot&{THERE}"),
        format!("{VIEW}&redirect=http://127.0.0.1:9001/key/abc"),
        format!("{VIEW}&redirect=http://localhost:9000/key/abc"),
        format!("{VIEW}&redirect=https://127.0.0.1:9000/key/abc"),
    ] {
        assert!(!asks(&query).is_answered(&said), "{query}");
    }
}

#[test]
fn another_program_or_receiver_is_asked_about() {
    let said = remembered(&with_redirect());
    let same = || asks(&with_redirect());
    let restarted = Program { pid: 99, ..till() };
    assert!(
        Asked { program: Some(restarted.clone()), receiver: Some(listening(restarted)), ..same() }
            .is_answered(&said)
    );
    for other in [Some(program("/tmp/till")), Some(Program { exe: None, ..till() }), None] {
        assert!(!Asked { program: other, ..same() }.is_answered(&said));
    }
    let there = |listener| Some(Receiver { listener: Some(listener), ..listening(till()) });
    let stranger = Listener::OtherUser { uid: 7, user: None, program: Some(till()) };
    for receiver in [
        None,
        Some(listening(program("/tmp/till"))),
        there(Listener::Nobody),
        there(Listener::Unknown),
        there(Listener::Own { program: None }),
        there(stranger),
        Some(Receiver { listener: None, ..listening(till()) }),
    ] {
        assert!(!Asked { receiver: receiver.clone(), ..same() }.is_answered(&said), "{receiver:?}");
    }
    assert!(!Asked { mode: Mode::Browser, ..same() }.is_answered(&said));
}

#[test]
fn it_stands_for_thirty_days_and_not_before_it_was_said() {
    let (said, asked) = (remembered(VIEW), asks(VIEW));
    let at = |seconds: i64| said.answers(&asked.repeat(), &key(), Timestamp(NOW.0 + seconds));
    assert!(at(0) && at(30 * 86_400 - 1));
    assert!(!at(30 * 86_400) && !at(-1));
}

#[test]
fn a_key_that_has_ended_or_is_not_as_it_was_is_not_handed_over() {
    let (said, asked) = (remembered(VIEW), asks(VIEW));
    let with = |key: ApiKey| said.answers(&asked.repeat(), &key, NOW);
    assert!(with(key()));
    let ended = Some(KeyEnd { how: Ending::Revoked, at: NOW });
    assert!(!with(ApiKey { ended, ..key() }));
    assert!(!with(ApiKey { expires: Some(NOW), ..key() }));
    assert!(!with(ApiKey { permissions: set(&[]), ..key() }), "it was reduced");
    assert!(!with(ApiKey { owner: "ben".parse().unwrap(), ..key() }));
    assert!(!with(ApiKey { id: "akid_2".parse().unwrap(), ..key() }));
}

#[test]
fn browsers_interpreters_and_what_cannot_be_recognised_are_never_remembered() {
    let said = |exe: &str| {
        Asked { program: Some(program(exe)), ..asks(VIEW) }.repeat().may_be_remembered(&key().permissions)
    };
    assert!(said("/opt/till/till").is_ok() && said("/usr/bin/pythonista").is_ok());
    for browser in [
        "/usr/lib/firefox/firefox-esr",
        "/usr/bin/chromium",
        "C:\\Apps\\msedge.exe",
        "/opt/google-chrome-beta",
    ] {
        assert_eq!(said(browser), Err(NotRemembered::Browser), "{browser}");
    }
    for interpreter in
        ["/usr/bin/python3.11", "/bin/sh", "/usr/bin/node", "/usr/bin/curl", "/bin/Bash", "/x/php8.2"]
    {
        assert_eq!(said(interpreter), Err(NotRemembered::Interpreter), "{interpreter}");
    }
    assert_eq!(said("/"), Err(NotRemembered::Unrecognised));
    let scripted = Program { script: Some("/x.py".to_owned()), ..till() };
    let asked = Asked { program: Some(scripted), ..asks(VIEW) };
    assert_eq!(asked.repeat().may_be_remembered(&key().permissions), Err(NotRemembered::Interpreter));
    let page = Asked { mode: Mode::Browser, ..asks(VIEW) };
    assert_eq!(page.repeat().may_be_remembered(&key().permissions), Err(NotRemembered::Browser));
}

#[test]
fn a_receiver_that_runs_others_scripts_or_a_network_in_clear_is_never_remembered() {
    let may = |asked: Asked| asked.repeat().may_be_remembered(&key().permissions).is_ok();
    assert!(may(asks(&with_redirect())));
    assert!(!may(Asked { receiver: Some(listening(program("/usr/bin/python3"))), ..asks(&with_redirect()) }));
    let away = |url: &str| Asked {
        receiver: Some(Receiver { origin: String::new(), listener: None }),
        ..asks(&format!("{VIEW}&redirect={url}"))
    };
    assert!(may(away("https://shop.example/key")));
    assert!(!may(away("http://shop.example/key")) && !may(away("http://127.0.0.1:9000/key")));
}

proptest! {
    #[test]
    fn what_reaches_further_than_selling_is_never_remembered(granted in any_set()) {
        let asked = asks(VIEW);
        prop_assert_eq!(asked.repeat().may_be_remembered(&granted).is_ok(), granted.tier() <= Tier::Sell);
    }

    #[test]
    fn nothing_is_answered_that_might_not_be_remembered_anew(
        exe in select(vec!["/opt/till/till", "/usr/bin/python3", "/usr/bin/firefox", "/tmp/x"]),
        mode in select(vec![Mode::Browser, Mode::Program]),
        query in select(vec![VIEW.to_owned(), with_redirect(), "permissions=unrestricted".to_owned()]),
        seconds in -10_i64..4_000_000,
    ) {
        let mut said = remembered(&query);
        said.program = program(exe).identity().unwrap();
        let asked = Asked { mode, program: Some(program(exe)), ..asks(&query) };
        let now = Timestamp(NOW.0 + seconds);
        if said.answers(&asked.repeat(), &key(), now) {
            prop_assert!(asked.repeat().may_be_remembered(&key().permissions).is_ok());
            prop_assert!(said.stands(now) && mode == Mode::Program && exe != "/usr/bin/python3");
        }
    }
}
