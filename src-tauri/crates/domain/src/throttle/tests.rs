use proptest::prelude::*;

use super::*;

const START: Moment = Moment(Duration::from_secs(1_000));

fn at(seconds: u64) -> Moment {
    START.plus(Duration::from_secs(seconds))
}

fn account(name: &str) -> Account {
    Account::Nobody(Email::parse(&format!("{name}@shop.example")).unwrap())
}

fn program(exe: &str) -> Guesser {
    Guesser::Program { uid: 1000, exe: exe.to_owned() }
}

fn wait(held: Result<(), HeldOff>) -> u64 {
    held.err().map_or(0, |held| held.retry_after.as_secs())
}

/// A wrong password, counted as the desk counts it.
fn fail(throttle: &mut Throttle, account: &Account, by: &Guesser, now: Moment) {
    if throttle.wrong_password(account, now) {
        throttle.wrong_password_by(by, now);
    }
}

#[test]
fn the_sixty_first_bad_key_in_a_minute_waits_until_the_first_is_a_minute_old() {
    let mut throttle = Throttle::default();
    let (curl, other) = (program("/usr/bin/curl"), program("/usr/bin/wget"));
    for second in 0..60 {
        throttle.bad_key(&curl, at(second / 2)).unwrap();
    }
    assert_eq!(wait(throttle.bad_key(&curl, at(30))), 30);
    assert_eq!(wait(throttle.bad_key(&curl, Moment(at(59).0 + Duration::from_millis(1)))), 1);
    throttle.bad_key(&other, at(30)).unwrap();
    throttle.bad_key(&curl, at(60)).unwrap();
    throttle.bad_key(&curl, at(60)).unwrap();
    assert_eq!(wait(throttle.bad_key(&curl, at(60))), 1, "two had left the minute");
}

#[test]
fn programs_of_two_users_and_what_is_not_known_count_apart() {
    let mut throttle = Throttle::default();
    let everybody = [
        program("/usr/bin/curl"),
        Guesser::Program { uid: 1001, exe: "/usr/bin/curl".to_owned() },
        Guesser::User { uid: 1000 },
        Guesser::User { uid: 1001 },
        Guesser::Unknown,
    ];
    for guesser in &everybody {
        for _ in 0..60 {
            throttle.bad_key(guesser, START).unwrap();
        }
        assert!(throttle.bad_key(guesser, START).is_err());
    }
}

#[test]
fn an_account_bears_five_wrong_passwords_and_then_waits_twice_as_long_each_time() {
    let mut throttle = Throttle::default();
    let (ana, mut now) = (account("ana"), START);
    for _ in 0..4 {
        fail(&mut throttle, &ana, &program("/a"), now);
        throttle.may_try(&ana, None, now).unwrap();
    }
    for seconds in [30, 60, 120, 240, 480, 900, 900, 900] {
        fail(&mut throttle, &ana, &program("/a"), now);
        assert_eq!(wait(throttle.may_try(&ana, None, now)), seconds);
        now = now.plus(Duration::from_secs(seconds - 1));
        assert_eq!(wait(throttle.may_try(&ana, None, now)), 1);
        now = now.plus(Duration::from_secs(1));
        throttle.may_try(&ana, None, now).unwrap();
    }
    throttle.may_try(&account("ben"), Some(&program("/a")), now).unwrap();
}

#[test]
fn letter_case_makes_no_other_account() {
    let mut throttle = Throttle::default();
    for name in ["ana", "Ana", "ANA", "aNa", "anA"] {
        fail(&mut throttle, &account(name), &Guesser::Unknown, START);
    }
    assert!(throttle.may_try(&account("ana"), None, START).is_err());
}

#[test]
fn each_user_counts_apart_and_from_addresses_that_nobody_has() {
    let mut throttle = Throttle::default();
    let of = |id: &str| Account::Of(id.parse().unwrap());
    for _ in 0..5 {
        fail(&mut throttle, &of("a"), &Guesser::Unknown, START);
    }
    assert_eq!(wait(throttle.may_try(&of("a"), None, START)), 30);
    throttle.may_try(&of("b"), None, START).unwrap();
    throttle.may_try(&account("a"), None, START).unwrap();
}

#[test]
fn a_right_password_clears_its_account_and_not_its_program() {
    let mut throttle = Throttle::default();
    let guesser = program("/a");
    for n in 0..4 {
        for _ in 0..5 {
            fail(&mut throttle, &account(&n.to_string()), &guesser, START);
        }
    }
    throttle.right_password(&account("0"));
    throttle.may_try(&account("0"), None, START).unwrap();
    assert_eq!(wait(throttle.may_try(&account("0"), Some(&guesser), START)), 30);
    assert!(throttle.holds_a_program(at(29)) && !throttle.holds_a_program(at(30)));
}

#[test]
fn a_till_with_an_old_password_holds_off_no_other_account_of_its_program() {
    let mut throttle = Throttle::default();
    let (php, mut now) = (program("/usr/sbin/php-fpm"), START);
    for _ in 0..200 {
        now = now.plus(Duration::from_secs(900));
        fail(&mut throttle, &account("old"), &php, now);
        throttle.may_try(&account("other"), Some(&php), now).unwrap();
    }
}

#[test]
fn failures_are_forgotten_a_day_after_the_last() {
    let mut throttle = Throttle::default();
    let (ana, day) = (account("ana"), 24 * 60 * 60);
    for _ in 0..4 {
        fail(&mut throttle, &ana, &Guesser::Unknown, START);
    }
    assert_eq!(throttle.take_news(at(day - 1)).unwrap().len(), 2);
    throttle.put_news_back();
    assert_eq!(throttle.take_news(at(day)).unwrap(), []);
    fail(&mut throttle, &ana, &Guesser::Unknown, at(day));
    throttle.may_try(&ana, None, at(day)).unwrap();
}

#[test]
fn who_makes_up_accounts_pushes_out_none_that_is_held_off() {
    let mut throttle = Throttle::default();
    for _ in 0..5 {
        throttle.wrong_password(&account("ana"), START);
    }
    for n in 0..3 * ACCOUNTS {
        throttle.wrong_password(&account(&format!("made-up-{n}")), at(1));
    }
    assert!(throttle.may_try(&account("ana"), None, at(2)).is_err());
    assert_eq!(throttle.accounts.places(), ACCOUNTS);
}

#[test]
fn who_is_held_off_stays_before_those_that_failed_more_often_and_wait_no_longer() {
    let mut throttle = Throttle::default();
    for n in 0..ACCOUNTS - 1 {
        for _ in 0..6 {
            throttle.wrong_password(&account(&format!("made-up-{n}")), START);
        }
    }
    for _ in 0..5 {
        throttle.wrong_password(&account("ana"), at(60));
    }
    throttle.wrong_password(&account("newcomer"), at(61));
    assert_eq!(wait(throttle.may_try(&account("ana"), None, at(61))), 29);
    assert_eq!(throttle.accounts.places(), ACCOUNTS);
}

#[test]
fn programs_that_come_and_go_push_out_none_that_is_held_off() {
    let mut throttle = Throttle::default();
    let busy = program("/usr/bin/busy");
    for _ in 0..60 {
        throttle.bad_key(&busy, START).unwrap();
    }
    for n in 0..3 * PROGRAMS {
        throttle.bad_key(&program(&format!("/tmp/{n}")), at(1)).unwrap();
    }
    assert!(throttle.bad_key(&busy, at(2)).is_err());
    assert_eq!(throttle.keys.places(), PROGRAMS);
}

#[test]
fn what_is_remembered_over_a_restart_holds_off_for_the_rest_of_the_time() {
    let mut throttle = Throttle::default();
    let ana = account("ana");
    assert_eq!(throttle.take_news(START), None);
    for _ in 0..5 {
        fail(&mut throttle, &ana, &program("/a"), START);
    }
    let kept = throttle.take_news(at(10)).unwrap();
    assert_eq!(throttle.take_news(at(10)), None, "once is enough");
    let mut after = Throttle::recalling(kept, Moment::default());
    assert_eq!(wait(after.may_try(&ana, None, Moment::default())), 20);
    assert_eq!(after.take_news(Moment::default()), None);
    fail(&mut after, &ana, &program("/a"), Moment(Duration::from_secs(20)));
    assert_eq!(wait(after.may_try(&ana, None, Moment(Duration::from_secs(20)))), 60);
    after.right_password(&ana);
    assert_eq!(after.take_news(Moment(Duration::from_secs(21))).unwrap().len(), 1, "the program's stay");
}

proptest! {
    #[test]
    fn no_minute_has_more_than_sixty_bad_keys(gaps in prop::collection::vec(0_u64..4_000, 1..400)) {
        let mut throttle = Throttle::default();
        let (mut now, mut counted) = (START, Vec::new());
        for gap in gaps {
            now = now.plus(Duration::from_millis(gap));
            match throttle.bad_key(&Guesser::Unknown, now) {
                Ok(()) => counted.push(now),
                Err(held) => {
                    let (wait, last) = (held.retry_after, counted[counted.len() - 60]);
                    prop_assert!(wait >= Duration::from_secs(1) && wait <= Duration::from_secs(60));
                    prop_assert!(now.plus(wait).since(last) >= Duration::from_secs(60));
                }
            }
        }
        for (first, beyond) in counted.iter().zip(counted.iter().skip(60)) {
            prop_assert!(beyond.since(*first) >= Duration::from_secs(60));
        }
    }

    #[test]
    fn whoever_waits_as_told_may_try_and_whoever_does_not_may_not(
        gaps in prop::collection::vec(0_u64..2_000, 1..60)
    ) {
        let mut throttle = Throttle::default();
        let (ana, by, mut now) = (account("ana"), program("/a"), START);
        let (mut tried, mut failures) = (0, 0);
        for gap in gaps {
            now = now.plus(Duration::from_secs(gap));
            let Err(held) = throttle.may_try(&ana, Some(&by), now) else {
                fail(&mut throttle, &ana, &by, now);
                (tried, failures) = (tried + 1, failures + 1);
                continue;
            };
            prop_assert!(failures >= 5, "held off after {failures}");
            prop_assert!(held.retry_after <= Duration::from_secs(900));
            throttle.may_try(&ana, Some(&by), now.plus(held.retry_after)).unwrap();
        }
        prop_assert!(tried > 0);
    }
}
