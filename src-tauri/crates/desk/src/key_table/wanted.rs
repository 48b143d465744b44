//! Which rows are wanted: arguments that were read and found good, and whether a row is what they say.

use std::{collections::HashSet, ops::Range, time::Duration};

use domain::{
    ApplicationId, BadPermission, Issuer, KeyId, Permission, StoreId, Timestamp, UserId, catalogue,
};
use memchr::memmem::Finder;

use super::{
    names::Names,
    row::{Row, Shared, is_marked},
};
use crate::{
    CallError,
    calls::{KeyFilter, KeyOrder, KeyState},
    people::People,
    register::Register,
};

/// The longest time a key can be asked to have been idle, in days: a hundred years.
const LONGEST_IDLE: u32 = 36_500;

/// A question to the table.
#[derive(Debug)]
pub(super) struct Wanted {
    /// What a row has to mention, in lower case; all do when it is empty.
    pub(super) text: String,
    pub(super) like: Like,
    pub(super) order: KeyOrder,
    pub(super) part: Range<usize>,
}

/// What a row has to be like.
#[derive(Debug, Default)]
pub(super) struct Like {
    owner: Option<UserId>,
    application: Option<ApplicationId>,
    issuer: Option<Issuer>,
    state: Option<KeyState>,
    can: Option<Permission>,
    idle: Option<Duration>,
    never_used: bool,
    pub(super) never_collected: bool,
}

impl Wanted {
    /// All rows that mention the text, newest first.
    pub(super) fn all(search: Option<&str>) -> Self {
        let text = search.unwrap_or_default().trim().to_lowercase();
        Self { text, like: Like::default(), order: KeyOrder::NEWEST, part: 0..usize::MAX }
    }
}

impl Like {
    pub(super) fn owned_by(owner: Option<UserId>) -> Self {
        Self { owner, ..Self::default() }
    }

    /// # Errors
    /// What of the filter names nothing that there is, or no number of days.
    pub(super) fn read(filter: KeyFilter, people: &People, register: &Register) -> Result<Self, CallError> {
        let owner = filter.user.as_deref().map(|user| people.named(user, "user")).transpose()?;
        if filter.application.as_ref().is_some_and(|id| register.by_id(id).is_none()) {
            return Err(CallError::not_found("there is no such application").of("application"));
        }
        if filter.unused_for.is_some_and(|days| !(1..=LONGEST_IDLE).contains(&days)) {
            return Err(CallError::invalid("unusedFor", "unusedFor is a number of days from 1 to 36500"));
        }
        let day = Duration::from_secs(24 * 60 * 60);
        Ok(Self {
            owner: owner.map(|user| user.id.clone()),
            application: filter.application,
            issuer: filter.issuer,
            state: filter.state,
            can: filter.permission.as_deref().map(ability).transpose()?,
            idle: filter.unused_for.map(|days| day.saturating_mul(days)),
            never_used: filter.never_used,
            never_collected: filter.never_collected,
        })
    }
}

/// What a key is to be able to do. A policy that the catalogue lacks is one that a plugin may have brought.
fn ability(text: &str) -> Result<Permission, CallError> {
    let bad =
        |why: BadPermission| CallError::invalid("permission", format!("{text:?} is not a permission: {why}"));
    Permission::parse(text).map_err(bad)
}

/// A question put to what rows share, so that each row is quickly looked at.
pub(super) struct Sieve<'a> {
    like: &'a Like,
    mention: Option<Mention>,
    /// Nobody has what is asked for.
    nothing: bool,
    owner: Option<usize>,
    application: Option<usize>,
    can: Option<Vec<bool>>,
    uncollected: &'a HashSet<KeyId>,
    idle_since: Option<Timestamp>,
    now: Timestamp,
}

/// A text, and what of that which rows share has it.
struct Mention {
    text: Finder<'static>,
    owners: Vec<bool>,
    applications: Vec<bool>,
    permissions: Vec<bool>,
}

impl<'a> Sieve<'a> {
    pub(super) fn new(
        wanted: &'a Wanted,
        (shared, names): (&Shared, &Names),
        uncollected: &'a HashSet<KeyId>,
        now: Timestamp,
    ) -> Self {
        let like = &wanted.like;
        let owner = like.owner.as_ref().map(|id| shared.owners.place(id));
        let application = like.application.as_ref().map(|id| shared.applications.place(id));
        Self {
            mention: (!wanted.text.is_empty()).then(|| Mention::new(&wanted.text, shared, names)),
            nothing: owner == Some(None) || application == Some(None),
            owner: owner.flatten(),
            application: application.flatten(),
            can: like.can.as_ref().map(|can| shared.permissions.ask(|held| allows(held, can))),
            idle_since: like.idle.map(|idle| now.minus(idle)),
            like,
            uncollected,
            now,
        }
    }

    pub(super) fn lets_through(&self, row: &Row) -> bool {
        !self.nothing
            && self.owner.is_none_or(|owner| row.owner == owner)
            && self.application.is_none_or(|application| row.application == Some(application))
            && self.like.issuer.as_ref().is_none_or(|issuer| row.issuer == *issuer)
            && self.like.state.is_none_or(|state| row.state(self.now) == state)
            && (!self.like.never_used || row.last_used.is_none())
            && self.idle_since.is_none_or(|since| row.last_used.unwrap_or(row.created) <= since)
            && self.can.as_deref().is_none_or(|marked| row.holds_any(marked))
            && self.mention.as_ref().is_none_or(|mention| mention.is_in(row))
            && (!self.like.never_collected || self.uncollected.contains(&row.id))
    }
}

impl Mention {
    fn new(text: &str, shared: &Shared, names: &Names) -> Self {
        let finder = Finder::new(text).into_owned();
        let has = |column: &str| finder.find(column.as_bytes()).is_some();
        let stores = names.stores_with(has);
        Self {
            owners: names.owners_with(has),
            applications: names.applications_with(has),
            permissions: shared.permissions.ask(|held| mentions(held, has, &stores)),
            text: finder,
        }
    }

    fn is_in(&self, row: &Row) -> bool {
        is_marked(&self.owners, row.owner)
            || row.application.is_some_and(|place| is_marked(&self.applications, place))
            || row.holds_any(&self.permissions)
            || self.text.find(row.text().as_bytes()).is_some()
            || self.is_issuer(&row.issuer)
    }

    /// Keys of this Fieldgate are no server's, and most are of this Fieldgate.
    fn is_issuer(&self, issuer: &Issuer) -> bool {
        match issuer {
            Issuer::Local => false,
            Issuer::Server(id) => self.text.find(id.as_str().to_lowercase().as_bytes()).is_some(),
        }
    }
}

/// Whether a permission has the text: as it is written, as it is called, or in the name of its store.
fn mentions(held: &Permission, has: impl Fn(&str) -> bool, stores: &HashSet<&StoreId>) -> bool {
    has(&held.to_string().to_lowercase())
        || catalogue::entry(held.policy()).is_some_and(|entry| has(&entry.title.to_lowercase()))
        || held.scope().is_some_and(|store| stores.contains(store))
}

/// Whether who holds this is able to do that: with a scope there, without one anywhere.
fn allows(held: &Permission, wanted: &Permission) -> bool {
    if wanted.scope().is_some() {
        return held.covers(wanted);
    }
    held.policy() == wanted.policy() || catalogue::includes(held.policy(), wanted.policy())
}
