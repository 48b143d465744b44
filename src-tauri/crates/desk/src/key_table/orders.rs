//! The rows in the orders that somebody has asked for. Each is sorted once and then kept: a row that changes is taken
//! out and put where it belongs by now.

use std::{borrow::Cow, cmp::Ordering, collections::HashMap};

use domain::Timestamp;

use super::{
    names::Names,
    row::{Row, is_marked},
};
use crate::calls::{KeyColumn, KeyOrder, KeyState};

/// Above this many changes sorting anew is as fast as putting each in its place.
const MANY: usize = 300;

/// Rows by slot; one that is gone is none.
pub(super) type Rows = [Option<Row>];

#[derive(Debug, Default)]
pub(super) struct Orders {
    /// All rows, newest first: the order of those that are the same in another one.
    newest: Vec<usize>,
    others: HashMap<KeyOrder, Vec<usize>>,
}

impl Orders {
    /// Forgets the orders by a column.
    pub(super) fn forget(&mut self, column: KeyColumn) {
        self.others.retain(|order, _| order.column != column);
    }

    /// Takes over that the rows in these slots are new, changed or gone.
    pub(super) fn change(&mut self, slots: &[usize], rows: &Rows, names: &Names) {
        if slots.is_empty() {
            return;
        }
        if slots.len() > MANY {
            self.others.clear();
            self.newest = (0..rows.len()).filter(|slot| row(rows, *slot).is_some()).collect();
            self.newest.sort_unstable_by(|a, b| by_age(rows, *a, *b));
            return;
        }
        let changed = marks(slots, rows.len());
        move_rows(&mut self.newest, slots, &changed, rows, by_age);
        for (order, sorted) in &mut self.others {
            move_rows(sorted, slots, &changed, rows, |rows, a, b| compare(*order, names, rows, a, b));
        }
    }

    /// Takes over that the rows in these slots were used.
    pub(super) fn used(&mut self, slots: &[usize], rows: &Rows, names: &Names) {
        if slots.len() > MANY {
            return self.forget(KeyColumn::LastUsed);
        }
        let changed = marks(slots, rows.len());
        for (order, sorted) in &mut self.others {
            if order.column == KeyColumn::LastUsed {
                move_rows(sorted, slots, &changed, rows, |rows, a, b| compare(*order, names, rows, a, b));
            }
        }
    }

    /// All rows in an order that was prepared, or that needs no preparing.
    pub(super) fn sorted(&self, order: KeyOrder, rows: &Rows, now: Timestamp) -> Cow<'_, [usize]> {
        match (order.column, order.descending) {
            (KeyColumn::Created, true) => Cow::Borrowed(&self.newest),
            (KeyColumn::Created, false) => self.newest.iter().rev().copied().collect(),
            (KeyColumn::State, descending) => self.by_state(descending, rows, now).into(),
            _ => self.others.get(&order).map(Vec::as_slice).unwrap_or_default().into(),
        }
    }

    /// Sorts by a column, unless that was done before.
    pub(super) fn prepare(&mut self, order: KeyOrder, rows: &Rows, names: &Names) {
        if matches!(order.column, KeyColumn::Created | KeyColumn::State) || self.others.contains_key(&order) {
            return;
        }
        let weigh = |(age, slot): (usize, &usize)| {
            let row = row(rows, *slot)?;
            Some((weight(order, names, row), age, *slot))
        };
        let mut weighed: Vec<_> = self.newest.iter().enumerate().filter_map(weigh).collect();
        weighed.sort_unstable_by(|a, b| {
            a.0.cmp(&b.0).then_with(|| by_text(order, rows, a.2, b.2)).then(a.1.cmp(&b.1))
        });
        self.others.insert(order, weighed.into_iter().map(|(.., slot)| slot).collect());
    }

    /// Time alone changes states, so that order is made when it is asked for.
    fn by_state(&self, descending: bool, rows: &Rows, now: Timestamp) -> Vec<usize> {
        let mut states = [KeyState::Live, KeyState::Damaged, KeyState::Expired, KeyState::Revoked];
        if descending {
            states.reverse();
        }
        let mut parts = states.map(|state| (state, Vec::new()));
        for slot in &self.newest {
            let Some(state) = row(rows, *slot).map(|row| row.state(now)) else { continue };
            if let Some((_, part)) = parts.iter_mut().find(|(of, _)| *of == state) {
                part.push(*slot);
            }
        }
        parts.into_iter().flat_map(|(_, part)| part).collect()
    }
}

pub(super) fn row(rows: &Rows, slot: usize) -> Option<&Row> {
    rows.get(slot).and_then(Option::as_ref)
}

fn marks(slots: &[usize], count: usize) -> Vec<bool> {
    let mut marks = vec![false; count];
    for slot in slots {
        if let Some(mark) = marks.get_mut(*slot) {
            *mark = true;
        }
    }
    marks
}

fn move_rows(
    sorted: &mut Vec<usize>,
    slots: &[usize],
    changed: &[bool],
    rows: &Rows,
    compare: impl Fn(&Rows, usize, usize) -> Ordering,
) {
    sorted.retain(|slot| !is_marked(changed, *slot));
    for &slot in slots {
        if row(rows, slot).is_some() {
            let place = sorted.partition_point(|other| compare(rows, *other, slot).is_lt());
            sorted.insert(place, slot);
        }
    }
}

fn compare(order: KeyOrder, names: &Names, rows: &Rows, a: usize, b: usize) -> Ordering {
    let weight = |slot| row(rows, slot).map(|row| weight(order, names, row));
    weight(a).cmp(&weight(b)).then_with(|| by_text(order, rows, a, b)).then_with(|| by_age(rows, a, b))
}

fn by_age(rows: &Rows, a: usize, b: usize) -> Ordering {
    match (row(rows, a), row(rows, b)) {
        (Some(a), Some(b)) => b.created.cmp(&a.created).then_with(|| a.id.cmp(&b.id)),
        (a, b) => a.is_none().cmp(&b.is_none()),
    }
}

/// Labels in full, where their weights are the same.
fn by_text(order: KeyOrder, rows: &Rows, a: usize, b: usize) -> Ordering {
    if order.column != KeyColumn::Label {
        return Ordering::Equal;
    }
    let label = |slot| row(rows, slot).map(Row::label);
    let upwards = label(a).cmp(&label(b));
    if order.descending { upwards.reverse() } else { upwards }
}

/// What a row weighs in an order: the lighter comes first. Of a label these are its first bytes.
fn weight(order: KeyOrder, names: &Names, row: &Row) -> u64 {
    let upwards = match order.column {
        KeyColumn::Label => Some(row.label()).filter(|label| !label.is_empty()).map(head),
        KeyColumn::User => Some(names.owner_rank(row.owner)),
        KeyColumn::Application => row.application.map(|place| names.application_rank(place)),
        KeyColumn::LastUsed => Some(row.last_used.map_or(0, of_time)),
        KeyColumn::Expires => Some(row.expires.map_or(u64::MAX, of_time)),
        KeyColumn::Created | KeyColumn::State => Some(0),
    };
    match upwards {
        None => u64::MAX,
        Some(weight) if order.descending => !weight,
        Some(weight) => weight,
    }
}

fn head(text: &str) -> u64 {
    let mut bytes = [0; 8];
    bytes.iter_mut().zip(text.bytes()).for_each(|(to, from)| *to = from);
    u64::from_be_bytes(bytes)
}

/// Times before 1970 are none that a key has; they count as 1970.
fn of_time(at: Timestamp) -> u64 {
    u64::try_from(at.0).unwrap_or(0)
}
