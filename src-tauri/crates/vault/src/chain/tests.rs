use rusqlite::TransactionBehavior;

use super::verify::{Fault, Verdict};
use super::*;

/// A log in memory with its keys.
struct Log {
    conn: Connection,
    keys: Keys,
}

impl Log {
    fn new() -> Self {
        let conn = Connection::open_in_memory().expect("memory");
        conn.execute_batch(include_str!("../migrations/0001_first.sql")).expect("tables");
        Self { conn, keys: Keys::generate().expect("random bytes") }
    }

    /// Twelve entries; checkpoints after the fourth and the tenth.
    fn written() -> Self {
        let mut log = Self::new();
        for (entries, seal) in [(4, true), (6, true), (2, false)] {
            log.add(entries);
            if seal {
                log.seal();
            }
        }
        log
    }

    fn add(&mut self, entries: usize) {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate).expect("a transaction");
        for _ in 0..entries {
            let subject = format!("akid_{}", head(&tx).expect("an end").seq + 1);
            let entry = Entry {
                at: Timestamp(1_700_000_000),
                actor: "command-line",
                action: "key-created",
                subject: &subject,
                detail: "",
            };
            append(&tx, &entry).expect("appended");
        }
        tx.commit().expect("committed");
    }

    fn seal(&mut self) {
        let tx = self.conn.transaction().expect("a transaction");
        checkpoint(&tx, &self.keys, Timestamp(1_700_000_001)).expect("sealed");
        tx.commit().expect("committed");
    }

    fn tamper(&self, sql: &str) {
        self.conn.execute_batch(sql).expect("tampering works");
    }

    /// Computes every hash from `from` on anew, as somebody would who knows how it is done.
    fn rehash(&self, from: i64) {
        let mut before = end_of(&self.conn, &format!("SELECT seq, hash FROM log WHERE seq = {}", from - 1))
            .expect("the entry before")
            .hash;
        let mut query = self.conn.prepare("SELECT * FROM log WHERE seq >= ?1 ORDER BY seq").expect("a query");
        let rows: Vec<(i64, i64, [String; 4])> = query
            .query_map([from], |r| Ok((r.get(0)?, r.get(1)?, [r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?])))
            .expect("rows")
            .flatten()
            .collect();
        for (seq, at, [actor, action, subject, detail]) in &rows {
            before = Entry { at: Timestamp(*at), actor, action, subject, detail }.hash(*seq, &before);
            self.conn
                .execute("UPDATE log SET hash = ?1 WHERE seq = ?2", params![before, seq])
                .expect("written");
        }
    }

    fn verdict(&self) -> Verdict {
        verify(&self.conn, &self.keys).expect("it reads")
    }

    fn told(&self) -> String {
        self.verdict().faults.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    }
}

fn told_after(sql: &str) -> String {
    let log = Log::written();
    log.tamper(sql);
    log.told()
}

const SWAP_ROWS: &str = "UPDATE log SET seq = -1 WHERE seq = ONE; UPDATE log SET seq = ONE WHERE seq = OTHER;
    UPDATE log SET seq = OTHER WHERE seq = -1;";

fn swap(one: i64, other: i64) -> String {
    SWAP_ROWS.replace("ONE", &one.to_string()).replace("OTHER", &other.to_string())
}

#[test]
fn an_untouched_log_is_intact_and_counts_what_is_not_yet_sealed() {
    let log = Log::written();
    assert_eq!(log.verdict(), Verdict { sealed: 10, unsealed: 2, faults: vec![] });
    assert_eq!(Log::new().verdict(), Verdict::default());
}

#[test]
fn an_edited_entry_is_named_whichever_of_its_columns_it_is() {
    for column in
        ["at = 0", "actor = 'x'", "action = 'x'", "subject = 'x'", "detail = 'x'", "hash = zeroblob(32)"]
    {
        for seq in 1..=12 {
            assert_eq!(
                told_after(&format!("UPDATE log SET {column} WHERE seq = {seq}")),
                format!("entry {seq} was edited"),
                "{column}"
            );
        }
    }
}

#[test]
fn a_hash_of_the_wrong_length_is_an_edit() {
    assert_eq!(told_after("UPDATE log SET hash = x'00' WHERE seq = 6"), "entry 6 was edited");
}

#[test]
fn two_edits_are_both_named() {
    assert_eq!(
        told_after(
            "UPDATE log SET detail = 'x' WHERE seq IN (2, 7); UPDATE log SET hash = zeroblob(32) WHERE seq = 8"
        ),
        "entry 2 was edited, entry 7 was edited, entry 8 was edited"
    );
}

#[test]
fn deleted_entries_are_named() {
    assert_eq!(told_after("DELETE FROM log WHERE seq = 6"), "entry 6 was deleted");
    assert_eq!(told_after("DELETE FROM log WHERE seq = 1"), "entry 1 was deleted");
    assert_eq!(
        told_after("DELETE FROM log WHERE seq BETWEEN 3 AND 6"),
        "entries 3 to 4 were deleted, entries 5 to 6 were deleted"
    );
    assert_eq!(told_after("DELETE FROM log WHERE seq = 11"), "entry 11 was deleted");
}

#[test]
fn deleting_and_closing_the_gap_does_not_hide_it() {
    let told =
        told_after("DELETE FROM log WHERE seq = 6; UPDATE log SET seq = seq - 1 WHERE seq BETWEEN 7 AND 10");
    assert!(told.contains("entry 10 was deleted") && told.contains("6"), "{told}");
}

#[test]
fn swapped_entries_are_both_named() {
    for (one, other) in [(5, 6), (6, 9), (1, 2), (9, 10), (11, 12)] {
        let told = told_after(&swap(one, other));
        assert_eq!(told, format!("entries {one} and {other} were swapped"));
    }
}

#[test]
fn contents_swapped_beside_their_hashes_are_named_too() {
    assert_eq!(
        told_after(
            "UPDATE log SET subject = 'akid_7' WHERE seq = 5; UPDATE log SET subject = 'akid_5' WHERE seq = 7"
        ),
        "entries 5 and 7 were swapped"
    );
}

#[test]
fn three_entries_moved_round_are_each_named() {
    let told = told_after(&(swap(5, 7) + &swap(7, 9)));
    assert_eq!(told, "entry 5 belongs at 7, entry 7 belongs at 9, entry 9 belongs at 5");
}

#[test]
fn a_cut_before_the_last_checkpoint_is_named() {
    assert_eq!(told_after("DELETE FROM log WHERE seq > 8"), "entries 9 to 10 were deleted");
    assert_eq!(told_after("DELETE FROM log"), "entries 1 to 4 were deleted, entries 5 to 10 were deleted");
}

#[test]
fn a_cut_stays_visible_when_the_log_grows_on() {
    let mut log = Log::written();
    log.tamper("DELETE FROM log WHERE seq > 8");
    log.add(5);
    log.seal();
    assert_eq!(log.told(), "entries 9 to 10 were deleted");
}

#[test]
fn hashes_computed_anew_after_an_edit_do_not_hide_it() {
    let log = Log::written();
    log.tamper("UPDATE log SET subject = 'somebody else' WHERE seq = 6");
    log.rehash(6);
    assert_eq!(log.told(), "something in entries 5 to 10 was rewritten");
}

#[test]
fn entries_sealed_after_a_rewritten_span_are_not_accused() {
    let mut log = Log::written();
    log.seal();
    log.tamper("UPDATE log SET subject = 'somebody else' WHERE seq = 2");
    log.rehash(2);
    log.add(3);
    log.seal();
    assert_eq!(log.told(), "something in entries 1 to 4 was rewritten");
}

#[test]
fn an_entry_slipped_in_before_the_first_is_named() {
    assert_eq!(
        told_after("INSERT INTO log VALUES (0, 0, '', '', '', '', zeroblob(32))"),
        "entry 0 was added"
    );
}

#[test]
fn a_forged_or_missing_checkpoint_is_named() {
    assert_eq!(
        told_after("UPDATE log_checkpoints SET head = zeroblob(32) WHERE number = 1"),
        "checkpoint 1 was edited"
    );
    assert_eq!(told_after("UPDATE log_checkpoints SET seq = 9 WHERE number = 2"), "checkpoint 2 was edited");
    assert_eq!(told_after("UPDATE log_checkpoints SET at = 0 WHERE number = 2"), "checkpoint 2 was edited");
    assert_eq!(told_after("DELETE FROM log_checkpoints WHERE number = 1"), "checkpoint 1 was deleted");
}

#[test]
fn a_checkpoint_under_other_keys_vouches_for_nothing() {
    let mut log = Log::written();
    log.keys = Keys::generate().expect("random bytes");
    let verdict = log.verdict();
    assert_eq!((verdict.sealed, verdict.unsealed), (0, 12));
    assert_eq!(log.told(), "checkpoint 1 was edited, checkpoint 2 was edited");
}

#[test]
fn an_entry_is_undone_with_what_it_records() {
    let mut log = Log::written();
    let tx = log.conn.transaction().expect("a transaction");
    let entry = Entry { at: Timestamp(0), actor: "a", action: "b", subject: "", detail: "" };
    assert_eq!(append(&tx, &entry).expect("appended"), 13);
    tx.rollback().expect("rolled back");
    assert_eq!(log.verdict().unsealed, 2);
}

#[test]
fn a_log_without_numbers_left_says_so() {
    let mut log = Log::new();
    log.tamper("INSERT INTO log VALUES (9223372036854775807, 0, '', '', '', '', zeroblob(32))");
    let tx = log.conn.transaction().expect("a transaction");
    let entry = Entry { at: Timestamp(0), actor: "a", action: "b", subject: "", detail: "" };
    assert!(matches!(append(&tx, &entry), Err(ChainError::Full)));
}

#[test]
fn an_entry_whose_hash_is_none_stops_nobody_and_is_named() {
    for (seq, blamed) in [(12, "entry 12 was edited"), (i64::MAX, "entry 9223372036854775807 was edited")] {
        let mut log = Log::written();
        log.tamper(&format!("INSERT OR REPLACE INTO log VALUES ({seq}, 0, '', '', '', '', x'00')"));
        log.add(2);
        log.seal();
        let faults = verify(&log.conn, &log.keys).expect("read").faults;
        assert!(faults.iter().any(|fault| fault.to_string() == blamed), "{faults:?}");
        let among_ours = |fault: &&Fault| matches!(fault, Fault::Edited(seq) if (13..20).contains(seq));
        assert_eq!(faults.iter().find(among_ours), None, "what follows is not to blame");
    }
}
