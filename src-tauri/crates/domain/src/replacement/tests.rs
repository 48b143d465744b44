use proptest::prelude::*;

use super::*;

fn key(n: u8) -> KeyId {
    KeyId::from_random([n; 8])
}

fn row(old: u8, new: u8, stop: StopOld) -> Replacement {
    Replacement {
        id: ReplacementId::from_random([old; 8]),
        old: key(old),
        new: (new > 0).then(|| key(new)),
        stop,
        at: Timestamp(1_000),
        own_end: None,
    }
}

fn stopped(rows: &[Replacement], used: u8) -> Vec<KeyId> {
    rows.iter().cloned().collect::<Replacements>().stopped_by(&key(used)).into_iter().collect()
}

#[test]
fn the_first_use_of_a_key_stops_what_waits_for_it_and_nothing_else() {
    let rows = [row(1, 2, StopOld::FirstUse), row(3, 2, StopOld::InADay), row(4, 5, StopOld::FirstUse)];
    assert_eq!(stopped(&rows, 2), [key(1)]);
    assert_eq!(stopped(&rows, 5), [key(4)]);
    assert_eq!(stopped(&rows, 1), []);
}

#[test]
fn a_successor_that_was_itself_replaced_passes_the_first_use_on() {
    for second in [StopOld::FirstUse, StopOld::Now, StopOld::InADay] {
        let rows = [row(1, 2, StopOld::FirstUse), row(2, 3, second)];
        assert!(stopped(&rows, 3).contains(&key(1)), "{second:?}");
        assert_eq!(stopped(&rows, 3).contains(&key(2)), second == StopOld::FirstUse, "{second:?}");
    }
    let first_in_a_day = [row(1, 2, StopOld::InADay), row(2, 3, StopOld::FirstUse)];
    assert_eq!(stopped(&first_in_a_day, 3), [key(2)], "its day is its own");
}

#[test]
fn a_key_waits_for_a_grant_until_its_successor_is_there() {
    let mut all: Replacements = [row(1, 0, StopOld::FirstUse)].into_iter().collect();
    assert_eq!(all.waiting().count(), 1);
    assert_eq!(all.successor_of(&key(1)), None);
    all.add(row(1, 2, StopOld::FirstUse));
    assert_eq!(all.waiting().count(), 0);
    all.add(row(2, 3, StopOld::Now));
    assert_eq!(all.successor_of(&key(1)), Some(&key(3)));
    assert_eq!(all.last_of(&key(1)).and_then(|row| row.new.clone()), Some(key(2)));
}

#[test]
fn an_old_keys_day_ends_no_later_than_the_key_itself_and_is_no_measure_for_the_new_one() {
    let day = 24 * 60 * 60;
    for (own, ends) in [(None, 1_000 + day), (Some(5_000), 5_000), (Some(1_000_000), 1_000 + day)] {
        let (own, ends) = (own.map(Timestamp), Some(Timestamp(ends)));
        let in_a_day = Replacement { own_end: own, ..row(1, 2, StopOld::InADay) };
        assert_eq!(in_a_day.end_of_old(own), ends);
        let again = Replacement { at: Timestamp(2_000), ..in_a_day.clone() };
        assert_eq!(again.end_of_old(ends), ends, "asking again gives it no other day");
        let all: Replacements = [in_a_day.clone(), again].into_iter().collect();
        assert_eq!(all.own_end(&key(1), ends), own);
        assert_eq!(all.own_end(&key(1), Some(Timestamp(7))), Some(Timestamp(7)), "edited since");
        for stop in [StopOld::Now, StopOld::FirstUse] {
            let other = Replacement { stop, ..in_a_day.clone() };
            assert_eq!(other.end_of_old(own), own);
            assert_eq!([other].into_iter().collect::<Replacements>().own_end(&key(1), ends), ends);
        }
    }
}

#[test]
fn a_key_for_one_store_does_not_stand_in_for_that_of_another() {
    let set = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect::<PermissionSet>();
    let view = |store: &str| format!("btcpay.store.canviewinvoices{store}");
    let (everywhere, bakery, bar) = (set(&[&view("")]), set(&[&view(":bakery")]), set(&[&view(":bar")]));
    let both = set(&[&view(":bakery"), &view(":bar")]);
    for (new, old, stands) in [
        (&bakery, &bakery, true),
        (&bakery, &bar, false),
        (&bakery, &both, false),
        (&both, &bar, true),
        (&everywhere, &both, true),
        (&bakery, &everywhere, true),
    ] {
        assert_eq!(stands_in_for(new, old), stands, "{new:?} for {old:?}");
    }
}

proptest! {
    #[test]
    fn whatever_rows_somebody_has_written_every_line_ends_and_no_key_stops_itself(
        rows in prop::collection::vec((1..6_u8, 0..6_u8, 0..3_u8), 0..12),
    ) {
        let stops = [StopOld::Now, StopOld::FirstUse, StopOld::InADay];
        let all: Replacements =
            rows.into_iter().map(|(old, new, stop)| row(old, new, stops[usize::from(stop)])).collect();
        for n in 1..6 {
            prop_assert!(!all.stopped_by(&key(n)).contains(&key(n)));
            prop_assert_ne!(all.successor_of(&key(n)), Some(&key(n)));
        }
    }
}
