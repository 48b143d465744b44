//! Keys in place of others: rotate one, replace many, and say how far that has come.

use std::sync::Arc;

use domain::{ApiKey, ApplicationId, Ending, KeyId, Replacement, ReplacementId, StopOld, Timestamp};

use crate::{
    CallError, Caller, Desk,
    calls::{
        Expiry, HandOver, KeyReplace, KeyRotate, NotReplacedView, Outlook, ReceiptView, Replaceable,
        ReplaceableView, ReplacedView, Revealed, RotatedView,
    },
    editing::fit_end,
    keys::{no_such_key, written},
    ports::{NewKey, ReplacedKey, StoredKey},
    random,
    writing::Writer,
};

/// The most keys that are replaced at once.
const MOST: usize = 1_000;

impl Desk {
    pub(crate) async fn key_rotate(
        self: &Arc<Self>,
        caller: &Caller,
        args: KeyRotate,
    ) -> Result<RotatedView, CallError> {
        let writer = self.writer().await;
        let old = self.index().get(&args.id).cloned().ok_or_else(no_such_key)?;
        self.check_replaceable(&old, HandOver::Copy).map_err(|error| error.of("id"))?;
        let row = self.new_row(new_id()?, &old, args.old);
        let ends = match args.expires {
            None => self.end_for_new(&old),
            Some(Expiry::Never) => None,
            Some(Expiry::At(end)) => Some(end),
        };
        fit_end(ends, self.clock.now())?;
        let replaced = self.with_new_key(row, &old, ends)?;
        self.keep_replaced(&writer, caller, vec![replaced.clone()]).await?;
        drop(writer);
        let new = replaced.new.ok_or_else(no_such_key)?;
        Ok(RotatedView {
            api_key: Revealed::new(new.secret.expose().to_owned()),
            receipt: self.receipt_view(&replaced.row.id).await?,
            permissions: written(&new.key.permissions),
            label: new.key.label,
            expires: new.key.expires,
            id: new.key.id,
        })
    }

    /// Replaces what can be replaced, in one step, and names the rest.
    pub(crate) async fn key_replace(
        self: &Arc<Self>,
        caller: &Caller,
        args: KeyReplace,
    ) -> Result<ReceiptView, CallError> {
        let writer = self.writer().await;
        let id = new_id()?;
        let (mut replaced, mut failed) = (Vec::new(), Vec::new());
        for named in self.keys_to_replace(&args.ids, args.application.as_ref(), args.user.as_deref())? {
            match self.replaced_key(&named, &id, &args) {
                Ok(key) => replaced.push(key),
                Err(error) => failed.push(self.not_replaced(named, error)),
            }
        }
        if let ([], [first, ..]) = (&replaced[..], &failed[..]) {
            return Err(CallError::invalid("ids", format!("no key was replaced: {}", first.why)));
        }
        self.keep_replaced(&writer, caller, replaced.clone()).await?;
        drop(writer);
        let mut receipt = self.receipt_view(&id).await?;
        for key in &mut receipt.keys {
            let new = replaced.iter().find(|it| it.row.old == key.old.id).and_then(|it| it.new.as_ref());
            key.api_key = new.map(|new| Revealed::new(new.secret.expose().to_owned()));
        }
        Ok(ReceiptView { failed, ..receipt })
    }

    pub(crate) async fn replaceable(
        self: &Arc<Self>,
        _: &Caller,
        args: Replaceable,
    ) -> Result<Vec<ReplaceableView>, CallError> {
        let named = self.keys_to_replace(&args.ids, args.application.as_ref(), args.user.as_deref())?;
        let (people, uncollected) = (self.people(), self.never_collected().await?);
        let view = |id: &KeyId| {
            let key = self.index().get(id).cloned()?;
            let problem = self.check_replaceable(&key, HandOver::Copy).err();
            let problem = problem.map(|error| error.message.into_owned());
            Some(ReplaceableView { key: self.key_view(&key, &people, &uncollected), problem })
        };
        Ok(named.iter().filter_map(view).collect())
    }

    /// The keys that a call names: those of a list whatever their state, else all that are live.
    fn keys_to_replace(
        &self,
        ids: &[KeyId],
        application: Option<&ApplicationId>,
        user: Option<&str>,
    ) -> Result<Vec<KeyId>, CallError> {
        let owner = match user {
            Some(user) => Some(self.people().named(user, "user")?.id.clone()),
            None => None,
        };
        let named = match (ids, application, &owner) {
            ([_, ..], None, None) => distinct(ids),
            ([], Some(application), None) => {
                self.live_keys_of("application", |key| key.application.as_ref() == Some(application))?
            }
            ([], None, Some(owner)) => self.live_keys_of("user", |key| key.owner == *owner)?,
            _ => {
                let one = "name keys, or an application, or a user: one of the three";
                return Err(CallError::invalid("ids", one));
            }
        };
        if named.len() > MOST {
            return Err(CallError::invalid("ids", format!("at most {MOST} keys are replaced at once")));
        }
        Ok(named)
    }

    fn live_keys_of(
        &self,
        whose: &'static str,
        wanted: impl Fn(&ApiKey) -> bool,
    ) -> Result<Vec<KeyId>, CallError> {
        let now = self.clock.now();
        let mut live: Vec<(Timestamp, KeyId)> = {
            let index = self.index();
            let live = index.all().filter(|key| key.is_live(now) && wanted(key));
            live.map(|key| (key.created, key.id.clone())).collect()
        };
        live.sort_unstable();
        if live.is_empty() {
            return Err(CallError::invalid(whose, format!("this {whose} has no key to replace")));
        }
        Ok(live.into_iter().map(|(_, id)| id).collect())
    }

    fn replaced_key(
        &self,
        id: &KeyId,
        receipt: &ReplacementId,
        args: &KeyReplace,
    ) -> Result<ReplacedKey, CallError> {
        let old = self.index().get(id).cloned().ok_or_else(no_such_key)?;
        self.check_replaceable(&old, args.hand_over)?;
        let row = self.new_row(receipt.clone(), &old, args.old);
        match args.hand_over {
            HandOver::AskAgain => Ok(ReplacedKey { row, new: None }),
            HandOver::Copy => self.with_new_key(row, &old, self.end_for_new(&old)),
        }
    }

    /// Says no for a key that has ended or that another takes the place of already.
    fn check_replaceable(&self, key: &ApiKey, hand_over: HandOver) -> Result<(), CallError> {
        let no = |why: String| Err(CallError::invalid("ids", why));
        if !key.is_live(self.clock.now()) {
            return no("this key has ended".to_owned());
        }
        if self.index().is_damaged(&key.id) {
            return no("this key was changed by somebody else: revoke it and make another".to_owned());
        }
        let taken = self.replaced_view(key).and_then(|replaced| replaced.by);
        if let Some(new) = taken.filter(|new| self.is_usable(new)) {
            return no(format!("{new} takes its place already: replace that one"));
        }
        if hand_over == HandOver::AskAgain && key.application.is_none() {
            return no("it belongs to no application that could ask again".to_owned());
        }
        Ok(())
    }

    pub(crate) fn new_row(&self, id: ReplacementId, old: &ApiKey, stop: StopOld) -> Replacement {
        let (at, own_end) = (self.clock.now(), self.end_for_new(old));
        Replacement { id, old: old.id.clone(), new: None, stop, at, own_end }
    }

    /// When the successor of a key ends, unless somebody says otherwise.
    fn end_for_new(&self, old: &ApiKey) -> Option<Timestamp> {
        self.succession().rows().own_end(&old.id, old.expires)
    }

    fn with_new_key(
        &self,
        row: Replacement,
        old: &ApiKey,
        ends: Option<Timestamp>,
    ) -> Result<ReplacedKey, CallError> {
        let NewKey { key, secret } =
            self.new_key(old.owner.clone(), old.label.clone(), old.permissions.clone(), ends)?;
        let key = ApiKey { application: old.application.clone(), ..key };
        let row = Replacement { new: Some(key.id.clone()), ..row };
        Ok(ReplacedKey { row, new: Some(NewKey { key, secret }) })
    }

    /// Writes the replacements down, then lets the keys go by them.
    async fn keep_replaced(
        &self,
        writer: &Writer<'_>,
        caller: &Caller,
        replaced: Vec<ReplacedKey>,
    ) -> Result<(), CallError> {
        let (rows, now, actor) = (replaced.clone(), self.clock.now(), self.actor(caller));
        writer.write_open(caller, move |open| open.replace_keys(&rows, now, &actor)).await?;
        for ReplacedKey { row, new } in replaced {
            if let Some(NewKey { key, secret }) = new {
                self.index_mut().insert(StoredKey { key, hash: secret.hash() });
            }
            self.follow(row);
        }
        self.announce();
        Ok(())
    }

    /// Takes over a replacement that is written.
    fn follow(&self, row: Replacement) {
        match row.stop {
            StopOld::Now => self.index_mut().end(&row.old, Ending::Revoked, row.at),
            StopOld::InADay => self.index_mut().cut(&row),
            StopOld::FirstUse => {}
        }
        self.succession_mut().add(row);
    }

    fn not_replaced(&self, id: KeyId, error: CallError) -> NotReplacedView {
        let label = self.index().get(&id).map(|key| key.label.clone()).unwrap_or_default();
        NotReplacedView { id, label, why: error.message.into_owned() }
    }

    /// What is said of a key that another takes the place of, or is to.
    pub(crate) fn replaced_view(&self, key: &ApiKey) -> Option<ReplacedView> {
        let (last, successor) = {
            let succession = self.succession();
            let last = succession.rows().last_of(&key.id)?.clone();
            (last, succession.rows().successor_of(&key.id).cloned())
        };
        let outlook = match (last.stop, &successor) {
            _ if !key.is_live(self.clock.now()) => Outlook::Stopped,
            (StopOld::InADay, _) => Outlook::InADay,
            (_, None) => Outlook::WaitsForKey,
            (_, Some(new)) if self.is_usable(new) => Outlook::WaitsForUse,
            (_, Some(_)) => Outlook::Stays,
        };
        Some(ReplacedView { receipt: last.id, by: successor, stop: last.stop, at: last.at, outlook })
    }

    fn is_usable(&self, id: &KeyId) -> bool {
        let (index, now) = (self.index(), self.clock.now());
        index.get(id).is_some_and(|key| index.is_usable(key, now))
    }

    /// Whether a key is on its way out: it is not handed over again.
    pub(crate) fn is_being_replaced(&self, key: &ApiKey) -> bool {
        match self.replaced_view(key).map(|replaced| replaced.outlook) {
            Some(Outlook::InADay | Outlook::WaitsForUse | Outlook::WaitsForKey) => true,
            Some(Outlook::Stopped | Outlook::Stays) | None => false,
        }
    }
}

fn distinct(ids: &[KeyId]) -> Vec<KeyId> {
    let mut seen = std::collections::HashSet::new();
    ids.iter().filter(|id| seen.insert(*id)).cloned().collect()
}

pub(crate) fn new_id() -> Result<ReplacementId, CallError> {
    Ok(ReplacementId::from_random(random()?))
}
