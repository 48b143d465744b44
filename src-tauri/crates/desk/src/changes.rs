//! What a request would change against the last grant of its application, and what it can be held against.

use std::collections::BTreeSet;

use domain::{
    Asking, Changes, Extent, Grant, Mode, PermissionSet, Policy, Program, Terms, Tier, UserId, catalogue,
    yardstick,
};

use crate::{
    CallError, Caller, Desk,
    calls::{ChangedPolicy, ChangesView, ExtentView, Yardstick, YardstickView},
    keys::known_permissions,
    people::People,
    ports::{Damage, EndedRequest},
};

/// What was granted before, as far as its record verifies.
pub(crate) struct Before {
    pub(crate) request: EndedRequest,
    pub(crate) grant: Grant,
}

impl Before {
    /// What `permissions` would change against this grant, if it was asked for by `asking`.
    pub(crate) fn changes(&self, asking: &Asking, permissions: &PermissionSet) -> Changes {
        let then = self.request.program.as_ref().and_then(Program::identity);
        let now = asking.asker.program.as_ref().and_then(Program::identity);
        Changes::between(
            Terms {
                permissions: &self.grant.permissions,
                origin: self.request.origin.as_deref(),
                program: then.as_ref(),
            },
            Terms {
                permissions,
                origin: asking.request.redirect().map(domain::Redirect::origin),
                program: now.as_ref(),
            },
        )
    }
}

impl Desk {
    /// The nearest plugin that everybody knows.
    #[expect(clippy::unused_async, reason = "every call is asynchronous")]
    pub(crate) async fn yardstick(
        &self,
        _: &Caller,
        args: Yardstick,
    ) -> Result<Option<YardstickView>, CallError> {
        Ok(yardstick_view(&known_permissions(&args.permissions)?))
    }

    /// What this application was granted, newest first. One of this identifier that wants its keys elsewhere is taken
    /// for it where this one never had any.
    pub(crate) async fn granted_before(&self, asking: &Asking) -> Result<Vec<Before>, CallError> {
        if is_any_page(asking) {
            return Ok(Vec::new());
        }
        let (own, kin) = {
            let register = self.register();
            let kin = register.elsewhere(&asking.identity).iter().map(|app| app.id.clone()).collect();
            (register.id_of(&asking.identity), kin)
        };
        let granted = self.grants_to(own.into_iter().collect()).await?;
        if granted.is_empty() { self.grants_to(kin).await } else { Ok(granted) }
    }

    async fn grants_to(&self, applications: Vec<domain::ApplicationId>) -> Result<Vec<Before>, CallError> {
        let damage: Vec<Damage> = self.damage().clone();
        let records = self.read(move |keyring| {
            let all = applications.iter().map(|application| keyring.granted(application));
            all.collect::<Result<Vec<_>, _>>()
        });
        let mut granted: Vec<Before> = records
            .await?
            .into_iter()
            .flatten()
            .filter_map(|record| Some(Before { grant: record.grant?, request: record.request }))
            .filter(|before| !damage.contains(&Damage::Grant(before.request.id.clone())))
            .collect();
        granted.sort_by_key(|before| std::cmp::Reverse(before.grant.granted));
        Ok(granted)
    }

    /// What granting `asked` to `user` would change against the last grant to the same user, or to anybody.
    pub(crate) async fn changes_for(
        &self,
        asking: &Asking,
        user: &UserId,
        asked: &PermissionSet,
        people: &People,
    ) -> Result<Option<ChangesView>, CallError> {
        let granted = self.granted_before(asking).await?;
        let to_user = granted.iter().find(|before| before.grant.owner == *user);
        let (Some(last), Some(first)) = (to_user.or(granted.first()), granted.last()) else {
            return Ok(None);
        };
        let changes = last.changes(asking, &in_the_stores_of_before(asking, asked, &last.grant));
        let owner = people.user(&last.grant.owner).filter(|owner| owner.id != *user);
        let held = &last.grant.permissions;
        let extent = |extent: &Extent| extent_view(extent, people);
        Ok(Some(ChangesView {
            since: first.grant.granted,
            last: last.grant.granted,
            other_user: owner.map(|owner| owner.email.to_string()),
            more: changes.more.iter().map(|policy| changed_policy(policy, held)).collect(),
            less: changes.less.iter().map(|policy| changed_policy(policy, asked)).collect(),
            wider: extent(&changes.wider),
            narrower: extent(&changes.narrower),
            exactly: changes.exactly,
            other_origin: last.request.origin.clone().filter(|_| changes.other_origin),
            other_program: changes.other_program,
            program_before: last.request.program.as_ref().and_then(Program::identity),
        }))
    }
}

/// Without a redirect the application is the program that asks. Where that is a browser it is whatever page the human had
/// open, and what was granted before was another's.
pub(crate) fn is_any_page(asking: &Asking) -> bool {
    asking.asker.mode == Mode::Browser && asking.request.redirect().is_none()
}

/// As long as the human has chosen no stores, those of before are taken for chosen.
fn in_the_stores_of_before(asking: &Asking, asked: &PermissionSet, before: &Grant) -> PermissionSet {
    if !asking.request.is_selective() || !asked.has_unscoped_store_policy() {
        return asked.clone();
    }
    let stores: Vec<_> = before.permissions.stores().into_iter().cloned().collect();
    asked.narrowed_to(&stores)
}

/// A policy that comes or goes, with what it includes and `rest` does not have.
fn changed_policy(policy: &Policy, rest: &PermissionSet) -> ChangedPolicy {
    let has: BTreeSet<&Policy> = rest.iter().map(domain::Permission::policy).collect();
    let included = catalogue::closure(policy).filter(|entry| {
        !has.iter().any(|held| {
            let below = catalogue::closure(held).any(|under| under.name == entry.name);
            below || held.as_str() == entry.name
        })
    });
    ChangedPolicy {
        policy: policy.to_string(),
        title: title(policy),
        tier: Tier::of(policy),
        includes: included.map(|entry| entry.title.to_owned()).collect(),
    }
}

fn title(policy: &Policy) -> String {
    catalogue::entry(policy).map_or_else(|| policy.to_string(), |entry| entry.title.to_owned())
}

fn extent_view(extent: &Extent, people: &People) -> ExtentView {
    let name = |id: &domain::StoreId| people.store(id).map_or_else(|| id.to_string(), |s| s.name.clone());
    ExtentView { everywhere: extent.everywhere, stores: extent.stores.iter().map(name).collect() }
}

/// The nearest plugin that everybody knows, for what is asked.
pub(crate) fn yardstick_view(permissions: &PermissionSet) -> Option<YardstickView> {
    let fit = yardstick::nearest(permissions)?;
    let titles = |policies: &BTreeSet<Policy>| policies.iter().map(title).collect();
    Some(YardstickView {
        name: fit.yardstick.name.to_owned(),
        more: titles(&fit.more),
        less: titles(&fit.less),
    })
}
