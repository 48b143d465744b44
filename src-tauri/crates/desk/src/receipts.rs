//! Receipts: what was replaced together, and how far that has come.

use std::{collections::HashMap, sync::Arc};

use domain::{ApiKey, KeyId, Replacement, ReplacementId};

use crate::{
    CallError, Caller, Desk,
    calls::{ReceiptView, Receipts, ReplacedKeyView},
};

/// The most receipts one call answers.
const MOST: usize = 200;

/// The rows of one receipt, in the order they were decided; one at least.
type Receipt = Vec<Replacement>;

impl Desk {
    pub(crate) async fn receipts(
        self: &Arc<Self>,
        _: &Caller,
        args: Receipts,
    ) -> Result<Vec<ReceiptView>, CallError> {
        let owner = match &args.user {
            Some(user) => Some(self.people().named(user, "user")?.id.clone()),
            None => None,
        };
        let now = self.clock.now();
        let is_wanted = |old: &ApiKey| {
            args.application.as_ref().is_none_or(|wanted| old.application.as_ref() == Some(wanted))
                && owner.as_ref().is_none_or(|wanted| old.owner == *wanted)
                && (!args.unfinished || old.is_live(now))
        };
        let names = |row: &Replacement| {
            args.id.as_ref().is_none_or(|wanted| row.id == *wanted)
                && args
                    .key
                    .as_ref()
                    .is_none_or(|wanted| row.old == *wanted || row.new.as_ref() == Some(wanted))
        };
        let all = self.by_receipt(&names);
        let wanted = all
            .into_iter()
            .filter(|rows| rows.iter().any(|row| self.old_key(row).is_some_and(|old| is_wanted(&old))));
        let wanted: Vec<Receipt> = wanted.take(MOST).collect();
        let mut views = Vec::with_capacity(wanted.len());
        for rows in wanted.iter().filter_map(|rows| rows.first()) {
            views.push(self.receipt_view(&rows.id).await?);
        }
        Ok(views)
    }

    /// How far the replacements of one receipt have come.
    pub(crate) async fn receipt_view(&self, id: &ReplacementId) -> Result<ReceiptView, CallError> {
        let rows = self.by_receipt(&|row| row.id == *id).pop();
        let first = rows.as_ref().and_then(|rows| rows.first());
        let (Some(rows), Some(first)) = (&rows, first) else {
            return Err(CallError::not_found("there is no such receipt").of("id"));
        };
        // A key that was granted later has a row of its own, which says more than the one before.
        let mut last: HashMap<&KeyId, &Replacement> = HashMap::new();
        let mut olds: Vec<&KeyId> = Vec::new();
        for row in rows {
            if last.insert(&row.old, row).is_none() {
                olds.push(&row.old);
            }
        }
        let (people, uncollected) = (self.people(), self.never_collected().await?);
        let view = |row: &Replacement| {
            let old = self.old_key(row)?;
            let new = row.new.as_ref().and_then(|id| self.index().get(id).cloned());
            Some(ReplacedKeyView {
                stopped: old.ended.map(|end| end.at),
                old: self.key_view(&old, &people, &uncollected),
                new: new.map(|new| self.key_view(&new, &people, &uncollected)),
                api_key: None,
            })
        };
        Ok(ReceiptView {
            id: id.clone(),
            at: first.at,
            stop: first.stop,
            keys: olds.into_iter().filter_map(|old| view(last.get(old)?)).collect(),
            failed: Vec::new(),
        })
    }

    /// The rows that fit, by receipt: the newest receipt first.
    fn by_receipt(&self, fits: &dyn Fn(&Replacement) -> bool) -> Vec<Receipt> {
        let succession = self.succession();
        let mut places: HashMap<&ReplacementId, usize> = HashMap::new();
        let mut receipts: Vec<Receipt> = Vec::new();
        for row in succession.rows().iter().filter(|row| fits(row)) {
            let place = *places.entry(&row.id).or_insert(receipts.len());
            match receipts.get_mut(place) {
                Some(rows) => rows.push(row.clone()),
                None => receipts.push(vec![row.clone()]),
            }
        }
        receipts.reverse();
        receipts
    }

    fn old_key(&self, row: &Replacement) -> Option<ApiKey> {
        self.index().get(&row.old).cloned()
    }
}
