//! The key table: searched, filtered, sorted and read a part at a time, over a hundred thousand keys.
//!
//! The index of keys is there to recognise a presented key at once, so nobody may hold it for long. What a table needs
//! is therefore kept apart, in [`KeyTable`]: one small row a key, in the orders that were asked for so far.

mod interned;
mod names;
mod orders;
mod row;
mod table;
mod wanted;

use std::sync::Arc;

use domain::KeyId;

pub(crate) use table::KeyTable;

use crate::{
    CallError, Caller, Desk,
    calls::{KeyFilter, KeyIds, KeyList, KeyOrder, KeyPage, KeyPageView, KeyView},
    desk::off_thread,
    key_table::wanted::{Like, Wanted},
};

/// The most rows one call answers.
const LONGEST_PAGE: u32 = 500;

impl Desk {
    pub(crate) async fn key_list(
        self: &Arc<Self>,
        _: &Caller,
        args: KeyList,
    ) -> Result<Vec<KeyView>, CallError> {
        let people = self.people();
        let owner = args.user.as_deref().map(|user| people.named(user, "user")).transpose()?;
        let like = Like::owned_by(owner.map(|user| user.id.clone()));
        let (_, rows) = self.key_views(Wanted { like, ..Wanted::all(args.search.as_deref()) }).await?;
        Ok(rows)
    }

    pub(crate) async fn key_page(
        self: &Arc<Self>,
        _: &Caller,
        args: KeyPage,
    ) -> Result<KeyPageView, CallError> {
        if !(1..=LONGEST_PAGE).contains(&args.limit) {
            return Err(CallError::invalid("limit", "limit is a number from 1 to 500"));
        }
        let question = (args.search, args.filter, args.order);
        let (total, rows) = self.key_views(self.wanted(question, args.offset, Some(args.limit))?).await?;
        Ok(KeyPageView { total: u32::try_from(total).unwrap_or(u32::MAX), rows })
    }

    pub(crate) async fn key_ids(self: &Arc<Self>, _: &Caller, args: KeyIds) -> Result<Vec<KeyId>, CallError> {
        let wanted = self.wanted((args.search, args.filter, args.order), args.offset, args.limit)?;
        let (desk, uncollected) = (Arc::clone(self), self.never_collected().await?);
        off_thread(move || Ok::<_, CallError>(desk.find_keys(&wanted, &uncollected).1)).await
    }

    fn wanted(
        &self,
        (search, filter, order): (Option<String>, Option<KeyFilter>, Option<KeyOrder>),
        offset: u32,
        limit: Option<u32>,
    ) -> Result<Wanted, CallError> {
        let first = offset as usize;
        let end = limit.map_or(usize::MAX, |limit| first.saturating_add(limit as usize));
        Ok(Wanted {
            like: Like::read(filter.unwrap_or_default(), &self.people(), &self.register())?,
            order: order.unwrap_or(KeyOrder::NEWEST),
            part: first..end,
            ..Wanted::all(search.as_deref())
        })
    }

    /// How many keys are wanted, and the wanted part of them as rows of the key table.
    async fn key_views(self: &Arc<Self>, wanted: Wanted) -> Result<(usize, Vec<KeyView>), CallError> {
        let (desk, uncollected) = (Arc::clone(self), self.never_collected().await?);
        let look = move || {
            let (total, ids) = desk.find_keys(&wanted, &uncollected);
            let people = desk.people();
            // One that went meanwhile is left out.
            let key = |id: &KeyId| desk.index().get(id).cloned();
            let views = ids.iter().filter_map(key).map(|key| desk.key_view(&key, &people, &uncollected));
            Ok::<_, CallError>((total, views.collect()))
        };
        off_thread(look).await
    }
}
