use super::*;

fn retry_after(result: Result<Vec<Effect>, Full>) -> Duration {
    result.expect_err("there was room").retry_after
}

#[test]
fn a_program_has_four_places_also_for_the_same_query_again() {
    let mut inbox = inbox_of((0..4).map(|n| asking(n).by("/bin/till")));
    assert!(inbox.submit(asking(4).by("/bin/till"), at(1), Attention::Seen).is_err());
    inbox.submit(asking(5).by("/bin/other"), at(1), Attention::Seen).unwrap();
}

#[test]
fn another_script_is_another_program() {
    let script = |n: u8, script: &str| {
        let mut asking = asking(n).by("/usr/bin/python3");
        asking.asker.program.as_mut().unwrap().script = Some(script.to_owned());
        asking
    };
    let mut inbox = inbox_of((0..4).map(|n| script(n, "a.py")));
    assert!(inbox.submit(script(4, "a.py"), at(1), Attention::Seen).is_err());
    inbox.submit(script(5, "b.py"), at(1), Attention::Seen).unwrap();
}

#[test]
fn programs_that_could_not_be_found_share_four_places() {
    let unknown = |n: u8| {
        let mut asking = asking(n);
        match n % 2 {
            0 => asking.asker.program = None,
            _ => asking.asker.program.as_mut().unwrap().exe = None,
        }
        asking
    };
    let mut inbox = inbox_of((0..4).map(unknown));
    assert!(inbox.submit(unknown(4), at(1), Attention::Seen).is_err());
    assert!(inbox.submit(unknown(5), at(1), Attention::Seen).is_err());
}

#[test]
fn the_last_eight_places_are_for_known_applications() {
    let mut inbox = inbox_of((0..24).map(asking));
    assert!(inbox.submit(asking(24), at(1), Attention::Seen).is_err());
    for n in 24..32 {
        inbox.submit(asking(n).known(), at(1), Attention::Seen).unwrap();
    }
    assert!(inbox.submit(asking(32).known(), at(1), Attention::Seen).is_err());
    assert_eq!(inbox.cards().len(), 32, "nobody is pushed out");
}

#[test]
fn known_applications_leave_newcomers_their_twenty_four_places() {
    let mut inbox = inbox_of((0..8).map(|n| asking(n).known()).chain((8..32).map(asking)));
    assert!(inbox.submit(asking(32), at(1), Attention::Seen).is_err());
}

#[test]
fn whoever_finds_no_room_learns_when_the_first_place_is_free() {
    let mut inbox = inbox_of((0..4).map(|n| asking(n).by("/bin/till").browser()));
    inbox.poll(&id(0), &own(0), at(30));
    let late = Moment(Duration::from_millis(39_500));
    let one_more = |inbox: &mut Inbox| inbox.submit(asking(9).by("/bin/till"), late, Attention::Seen);
    assert_eq!(retry_after(one_more(&mut inbox)), Duration::from_secs(1));
    for n in 0..4 {
        inbox.poll(&id(n), &own(n), late);
    }
    assert_eq!(retry_after(one_more(&mut inbox)), Duration::from_secs(40));
}

#[test]
fn a_place_is_free_as_soon_as_its_time_has_run_out() {
    let mut inbox = inbox_of((0..4).map(|n| asking(n).by("/bin/till").browser()));
    inbox.submit(asking(4).by("/bin/till"), at(40), Attention::Seen).unwrap();
    assert_eq!(ends(&inbox.tick(at(40))).len(), 4);
}

#[test]
fn an_asking_being_decided_keeps_its_place() {
    let mut inbox = inbox_of((0..4).map(|n| asked_with(n, &format!("applicationName={n}")).by("/bin/till")));
    let claim = inbox.claim(&id(0), at(1)).unwrap();
    assert!(inbox.submit(asking(4).by("/bin/till"), at(1), Attention::Seen).is_err());
    inbox.refuse(claim, at(2));
    inbox.submit(asking(4).by("/bin/till"), at(2), Attention::Seen).unwrap();
}

#[test]
fn an_id_in_use_takes_nobodys_place() {
    let mut inbox = inbox_of([asking(1)]);
    assert!(inbox.submit(asking(1).by("/bin/thief"), at(1), Attention::Seen).is_err());
    assert_eq!(inbox.asking(&id(1)).unwrap().asker.program, Some(program("/bin/app-1")));
}

#[test]
fn the_window_is_raised_once_until_the_human_acts() {
    let mut inbox = Inbox::default();
    let mut raises = 0;
    for n in 0..4 {
        raises += count(&inbox.submit(asking(n), at(0), Attention::Unseen).unwrap(), is_raise);
    }
    assert_eq!(raises, 1);
    inbox.acted();
    assert_eq!(count(&inbox.submit(asking(4), at(1), Attention::Unseen).unwrap(), is_raise), 1);
    assert_eq!(count(&inbox.submit(asking(5), at(1), Attention::Unseen).unwrap(), is_raise), 0);
    refuse(&mut inbox, 0, at(2));
    assert_eq!(count(&inbox.submit(asking(6), at(3), Attention::Unseen).unwrap(), is_raise), 1);
}

#[test]
fn of_the_ended_the_oldest_are_forgotten_beyond_256() {
    let mut inbox = Inbox::default();
    for n in 0..300_u16 {
        let mut next = asking(0);
        let [high, low] = n.to_be_bytes();
        let mut bytes = [0; 16];
        (bytes[0], bytes[1]) = (high, low);
        next.id = RequestId::from_random(bytes);
        let named = next.id.clone();
        let now = at(u64::from(n) / 10);
        inbox.submit(next, now, Attention::Seen).unwrap();
        let claim = inbox.claim(&named, now).unwrap();
        inbox.refuse(claim, now);
    }
    inbox.tick(at(30));
    assert_eq!(inbox.entries.len(), 256);
    assert!(inbox.asking(&id(0)).is_none());
}
