//! The register of applications: what asked, and what the admin thinks of it.

use std::{collections::HashMap, sync::Arc};

use domain::{Application, ApplicationId};

use crate::{
    CallError, Caller, Desk,
    calls::{AppJudge, AppList, AppView},
};

impl Desk {
    pub(crate) async fn app_list(
        self: &Arc<Self>,
        _: &Caller,
        _: AppList,
    ) -> Result<Vec<AppView>, CallError> {
        let live = self.live_keys();
        let mut views: Vec<AppView> = self.register().all().map(|app| app_view(app, &live)).collect();
        views.sort_by(|a, b| b.last_seen.cmp(&a.last_seen).then_with(|| a.id.cmp(&b.id)));
        Ok(views)
    }

    /// Marks an application as known, as blocked, or as neither. Its keys stay as they are: what it may ask changes, not
    /// what it has.
    pub(crate) async fn app_judge(
        self: &Arc<Self>,
        caller: &Caller,
        args: AppJudge,
    ) -> Result<AppView, CallError> {
        let writer = self.writer().await;
        let found = self.register().by_id(&args.id).cloned();
        let mut application =
            found.ok_or_else(|| CallError::not_found("there is no such application").of("id"))?;
        if application.standing != args.standing {
            let (row, actor, now) = (application.clone(), self.actor(caller), self.clock.now());
            writer
                .write_open(caller, move |open| open.set_standing(&row, args.standing, now, &actor))
                .await?;
            application.standing = args.standing;
            self.register_mut().keep(application.clone());
            self.announce();
        }
        Ok(app_view(&application, &self.live_keys()))
    }

    /// How many live keys each application holds.
    fn live_keys(&self) -> HashMap<ApplicationId, u32> {
        let now = self.clock.now();
        let mut live = HashMap::new();
        for key in self.index().all().filter(|key| key.is_live(now)) {
            if let Some(application) = &key.application {
                *live.entry(application.clone()).or_default() += 1;
            }
        }
        live
    }
}

fn app_view(app: &Application, live: &HashMap<ApplicationId, u32>) -> AppView {
    AppView {
        id: app.id.to_string(),
        identity: app.identity.clone(),
        names: app.names.clone(),
        standing: app.standing,
        keys: live.get(&app.id).copied().unwrap_or(0),
        first_seen: app.first_seen,
        last_seen: app.last_seen,
    }
}
