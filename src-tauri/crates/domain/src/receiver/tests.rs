use super::*;
use Listener::{Nobody, Unknown};

fn program(pid: u32, exe: &str) -> Option<Program> {
    Some(Program {
        pid,
        exe: Some(exe.to_owned()),
        script: None,
        uid: 1000,
        user: None,
        started: None,
        parent: None,
        terminal: None,
    })
}

fn own(exe: &str) -> Listener {
    Listener::Own { program: program(1, exe) }
}

fn root(exe: &str) -> Listener {
    Listener::Root { program: program(2, exe) }
}

fn other(uid: u32) -> Listener {
    Listener::OtherUser { uid, user: None, program: None }
}

fn at(origin: &str, listener: Listener) -> Receiver {
    Receiver { origin: origin.to_owned(), listener: Some(listener) }
}

const HERE: &str = "http://localhost:8080";

#[test]
fn a_restarted_program_is_still_the_receiver_and_any_other_is_not() {
    let approved = at(HERE, own("/a"));
    assert!(at(HERE, Listener::Own { program: program(99, "/a") }).is_still(&approved));
    for now in [own("/b"), Listener::Own { program: None }, root("/a"), other(7), Unknown, Nobody] {
        assert!(!at(HERE, now.clone()).is_still(&approved), "{now:?}");
    }
    assert!(!at("http://localhost:8081", own("/a")).is_still(&approved));
    assert!(
        !Receiver { listener: None, ..approved.clone() }.is_still(&approved),
        "it was here, and is elsewhere"
    );
}

#[test]
fn a_program_that_cannot_be_told_is_compared_by_its_user() {
    let unseen = || Listener::Root { program: None };
    assert!(at(HERE, unseen()).is_still(&at(HERE, unseen())));
    assert!(!at(HERE, unseen()).is_still(&at(HERE, root("/a"))));
    assert!(at(HERE, other(7)).is_still(&at(HERE, other(7))));
    assert!(!at(HERE, other(8)).is_still(&at(HERE, other(7))));
}

#[test]
fn nobody_and_one_who_is_not_known_are_never_still_the_same() {
    for listener in [Nobody, Unknown] {
        assert!(!at(HERE, listener.clone()).is_still(&at(HERE, listener)));
    }
}

#[test]
fn another_port_has_the_program_of_before_only_where_it_can_be_told_and_is_no_strangers() {
    let elsewhere = "http://localhost:9090";
    assert!(at(elsewhere, own("/a")).is_program_of(&at(HERE, own("/a"))));
    assert!(!at(elsewhere, own("/b")).is_program_of(&at(HERE, own("/a"))));
    let unseen = || Listener::Root { program: None };
    assert!(!at(elsewhere, unseen()).is_program_of(&at(HERE, unseen())));
    let theirs = || Listener::OtherUser { uid: 7, user: None, program: program(3, "/a") };
    assert!(!at(elsewhere, theirs()).is_program_of(&at(HERE, theirs())));
}

#[test]
fn only_another_users_or_an_unknown_listener_is_strange() {
    for (listener, strange) in
        [(own("/a"), false), (root("/a"), false), (Nobody, false), (Unknown, true), (other(7), true)]
    {
        assert_eq!(at(HERE, listener.clone()).is_strange(), strange, "{listener:?}");
    }
    assert!(!Receiver { origin: "https://shop.example".to_owned(), listener: None }.is_strange());
}

#[test]
fn of_several_addresses_the_gravest_listener_counts() {
    assert_eq!(Listener::gravest([]), Nobody);
    assert_eq!(Listener::gravest([Nobody, own("/a"), Nobody]), own("/a"));
    assert_eq!(Listener::gravest([own("/a"), own("/a")]), own("/a"));
    assert_eq!(Listener::gravest([own("/a"), other(7)]), other(7));
    assert_eq!(Listener::gravest([other(7), own("/a"), Unknown]), other(7));
    assert_eq!(Listener::gravest([own("/a"), Unknown]), Unknown);
}

#[test]
fn of_several_programs_none_is_named() {
    assert_eq!(Listener::gravest([own("/a"), own("/b")]), Listener::Own { program: None });
    assert_eq!(Listener::gravest([root("/a"), own("/a")]), Listener::Own { program: None });
}
