//! What is wrong between two checkpoints.

use std::collections::BTreeSet;

use domain::Timestamp;
use rusqlite::Row;

use super::verify::Fault;
use super::{Entry, Hash, Head};
use crate::words::text;

/// How many misfitting entries are tried in each other's places; the cost grows with the cube.
const MOST_TRIED: usize = 48;
/// How many possible hashes of an entry are carried on to the next one.
const MOST_CARRIED: usize = 8;

/// What a span stands on.
pub(super) struct Base {
    pub(super) head: Head,
    /// The hash stored where the head is. Differs from the head's if somebody changed it; what stands after may
    /// follow from it all the same, and is then not to blame.
    pub(super) as_found: Hash,
}

impl Base {
    pub(super) const START: Self = Self { head: Head::START, as_found: Head::START.hash };

    /// The base of the next span: `end`, of which `lines` hold what was found.
    pub(super) fn after(lines: &[Line], end: Head) -> Self {
        let last = lines.last().filter(|line| line.seq == end.seq);
        Self { head: end, as_found: last.and_then(|line| line.stored).unwrap_or(end.hash) }
    }
}

/// An entry of the log as found.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) seq: i64,
    at: Timestamp,
    actor: String,
    action: String,
    subject: String,
    detail: String,
    /// Absent when what is stored is no hash at all.
    pub(super) stored: Option<Hash>,
}

impl Line {
    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            seq: row.get(0)?,
            at: Timestamp(row.get(1)?),
            actor: text(row, 2)?,
            action: text(row, 3)?,
            subject: text(row, 4)?,
            detail: text(row, 5)?,
            stored: row.get::<_, Vec<u8>>(6)?.try_into().ok(),
        })
    }

    /// The hash this content would have at `seq`, after `before`.
    pub(super) fn hash_at(&self, seq: i64, before: &Hash) -> Hash {
        let Self { at, actor, action, subject, detail, .. } = self;
        Entry { at: *at, actor, action, subject, detail }.hash(seq, before)
    }
}

/// Everything wrong with the entries after `base`; up to `end` where a checkpoint vouches for one.
pub(super) fn examine(base: &Base, mut lines: Vec<Line>, end: Option<&Head>) -> Vec<Fault> {
    let mut faults = gaps(base, &lines, end);
    if faults.is_empty() && end.is_some_and(|end| is_proven(base, &lines, end)) {
        return wrong_hashes(base, &lines);
    }
    faults.extend(put_back(base, &mut lines));
    faults.extend(misfits(base, &lines).into_iter().filter_map(|at| Some(Fault::Edited(lines.get(at)?.seq))));
    if faults.is_empty()
        && let Some(end) = end
    {
        faults.push(Fault::Rewritten(base.head.seq.saturating_add(1).min(end.seq), end.seq));
    }
    faults.sort_by_key(position);
    faults
}

fn gaps(base: &Base, lines: &[Line], end: Option<&Head>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut last = base.head.seq;
    for line in lines {
        if line.seq - last > 1 {
            faults.push(Fault::Deleted(last + 1, line.seq - 1));
        }
        last = line.seq;
    }
    if let Some(end) = end.filter(|end| end.seq > last) {
        faults.push(Fault::Deleted(last + 1, end.seq));
    }
    faults
}

/// Whether the content alone leads to the hash that the checkpoint vouches for.
fn is_proven(base: &Base, lines: &[Line], end: &Head) -> bool {
    [base.head.hash, base.as_found].iter().any(|start| {
        let reached = lines.iter().fold(*start, |before, line| line.hash_at(line.seq, &before));
        reached == end.hash
    })
}

/// The content is proven. A stored hash that follows neither from it nor from the hash stored before was changed.
fn wrong_hashes(base: &Base, lines: &[Line]) -> Vec<Fault> {
    let (mut proven, mut as_found) = (base.head.hash, base.as_found);
    let mut faults = Vec::new();
    for line in lines {
        proven = line.hash_at(line.seq, &proven);
        let follows = line.hash_at(line.seq, &as_found);
        if line.stored != Some(proven) && line.stored != Some(follows) {
            faults.push(Fault::Edited(line.seq));
        }
        as_found = line.stored.unwrap_or(proven);
    }
    faults
}

/// Indices of the entries that do not fit what stands before them. Behind a gap nothing can be said of one.
fn misfits(base: &Base, lines: &[Line]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut before = Some(base.head.seq);
    // What the hash before may be: as stored or, should only the stored hash be wrong, as computed.
    let mut carried = vec![base.head.hash, base.as_found];
    for (at, line) in lines.iter().enumerate() {
        let behind_a_gap = before.and_then(|seq| seq.checked_add(1)) != Some(line.seq);
        let computed: Vec<Hash> = carried.iter().map(|hash| line.hash_at(line.seq, hash)).collect();
        let fits = line.stored.is_some_and(|stored| behind_a_gap || computed.contains(&stored));
        carried = line.stored.into_iter().collect();
        if !fits {
            found.push(at);
            carried.extend(computed);
            carried.truncate(MOST_CARRIED);
        }
        before = Some(line.seq);
    }
    found
}

/// Finds entries that fit another one's place, with or without the hash that stood beside them, and puts them there.
fn put_back(base: &Base, lines: &mut [Line]) -> Vec<Fault> {
    let mut odd = misfits(base, lines);
    odd.truncate(MOST_TRIED);
    let moves: Vec<Move> = odd.iter().filter_map(|&from| find_place(base, lines, &odd, from)).collect();

    let faults = moves.iter().filter_map(|step| step.fault(lines, &moves)).collect();
    let sources: BTreeSet<usize> = moves.iter().map(|step| step.from).collect();
    let targets: BTreeSet<usize> = moves.iter().map(|step| step.to).collect();
    if sources == targets {
        let found = lines.to_vec();
        moves.iter().for_each(|step| step.undo(&found, lines));
    }
    faults
}

/// An entry found at index `from` that belongs at index `to`.
struct Move {
    from: usize,
    to: usize,
    with_its_hash: bool,
}

fn find_place(base: &Base, lines: &[Line], odd: &[usize], from: usize) -> Option<Move> {
    let line = lines.get(from)?;
    let stored = |at: usize| lines.get(at).and_then(|line| line.stored);
    odd.iter().copied().filter(|&to| to != from).find_map(|to| {
        let target = lines.get(to)?;
        let neighbour = to.checked_sub(1).map_or(Some(base.head.hash), stored);
        odd.iter().filter_map(|&at| stored(at)).chain(neighbour).find_map(|before| {
            let hash = Some(line.hash_at(target.seq, &before));
            let with_its_hash = hash == line.stored;
            (with_its_hash || hash == target.stored).then_some(Move { from, to, with_its_hash })
        })
    })
}

impl Move {
    /// Two that changed places make one fault, told by the first of them.
    fn fault(&self, lines: &[Line], all: &[Self]) -> Option<Fault> {
        let (found, belongs) = (lines.get(self.from)?.seq, lines.get(self.to)?.seq);
        if !all.iter().any(|other| other.from == self.to && other.to == self.from) {
            return Some(Fault::Moved(found, belongs));
        }
        (found < belongs).then_some(Fault::Swapped(found, belongs))
    }

    fn undo(&self, found: &[Line], lines: &mut [Line]) {
        let (Some(line), Some(target)) = (found.get(self.from), found.get(self.to)) else { return };
        let stored = if self.with_its_hash { line.stored } else { target.stored };
        if let Some(place) = lines.get_mut(self.to) {
            *place = Line { seq: target.seq, stored, ..line.clone() };
        }
    }
}

fn position(fault: &Fault) -> i64 {
    match *fault {
        Fault::Edited(seq)
        | Fault::Deleted(seq, _)
        | Fault::Swapped(seq, _)
        | Fault::Moved(seq, _)
        | Fault::Rewritten(seq, _)
        | Fault::Added(seq)
        | Fault::CheckpointEdited(seq)
        | Fault::CheckpointDeleted(seq, _) => seq,
    }
}
