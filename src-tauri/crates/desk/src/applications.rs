//! The register of applications: what asked, and what the admin thinks of it.

use std::{cmp::Reverse, collections::HashMap, sync::Arc};

use domain::{ApiKey, Application, ApplicationId, Program, Standing};

use crate::{
    CallError, Caller, Desk,
    calls::{AppDetailView, AppJudge, AppList, AppNote, AppShow, AppView, RequestView, SeenProgram},
};

/// How many requests of an application are shown.
const HISTORY: u32 = 500;
/// The longest note, in characters.
const LONGEST_NOTE: usize = 2_000;

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
        let mut application = self.application(&args.id)?;
        if application.standing != args.standing {
            let (row, actor, now) = (application.clone(), self.actor(caller), self.clock.now());
            writer
                .write_open(caller, move |open| open.set_standing(&row, args.standing, now, &actor))
                .await?;
            application.standing = args.standing;
            if args.standing != Standing::Known {
                self.remembered().retain(|said| said.application != application.id);
            }
            self.register_mut().keep(application.clone());
            self.announce();
        }
        Ok(app_view(&application, &self.live_keys()))
    }

    /// One application with its note, programs, keys and requests.
    pub(crate) async fn app_show(
        self: &Arc<Self>,
        _: &Caller,
        args: AppShow,
    ) -> Result<AppDetailView, CallError> {
        let application = self.application(&args.id)?;
        let id = application.id.clone();
        let records = self.read(move |keyring| keyring.requests_of(&id, HISTORY)).await?;
        let people = self.people();
        let uncollected = self.never_collected().await?;
        let mut keys: Vec<ApiKey> =
            self.index().all().filter(|key| key.application.as_ref() == Some(&args.id)).cloned().collect();
        let now = self.clock.now();
        keys.sort_by_key(|key| (!key.is_live(now), Reverse(key.created)));
        let live = self.live_keys();
        let elsewhere: Vec<AppView> = {
            let register = self.register();
            register.elsewhere(&application.identity).into_iter().map(|app| app_view(app, &live)).collect()
        };
        let mut requests = self.pending_views().await?;
        requests.retain(|view| view.application == application.identity);
        requests.extend(records.iter().map(|record| self.ended_view(record)));
        Ok(AppDetailView {
            app: app_view(&application, &live),
            note: application.note.clone(),
            programs: programs_seen(&requests),
            elsewhere,
            keys: keys.iter().map(|key| self.key_view(key, &people, &uncollected)).collect(),
            requests,
        })
    }

    /// Writes down what the admin wants to remember of an application.
    pub(crate) async fn app_note(
        self: &Arc<Self>,
        caller: &Caller,
        args: AppNote,
    ) -> Result<AppDetailView, CallError> {
        let note = fit_note(&args.note)?;
        let writer = self.writer().await;
        let before = self.application(&args.id)?;
        if before.note != note {
            let noted = Application { note, ..before };
            let (row, actor, now) = (noted.clone(), self.actor(caller), self.clock.now());
            writer.write_open(caller, move |open| open.set_note(&row, now, &actor)).await?;
            self.register_mut().keep(noted);
            self.announce();
        }
        drop(writer);
        self.app_show(caller, AppShow { id: args.id }).await
    }

    fn application(&self, id: &ApplicationId) -> Result<Application, CallError> {
        let found = self.register().by_id(id).cloned();
        found.ok_or_else(|| CallError::not_found("there is no such application").of("id"))
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

/// The programs of these requests, which come latest first, each as it was seen last.
fn programs_seen(requests: &[RequestView]) -> Vec<SeenProgram> {
    let mut seen: Vec<SeenProgram> = Vec::new();
    for request in requests {
        let identity = request.program.as_ref().and_then(Program::identity);
        let served = request.grant.is_some();
        let same = |one: &&mut SeenProgram| {
            one.mode == request.mode && one.program.as_ref().and_then(Program::identity) == identity
        };
        match seen.iter_mut().find(same) {
            Some(known) => {
                known.served |= served;
                known.last = known.last.max(request.asked);
            }
            None => seen.push(SeenProgram {
                program: request.program.clone(),
                mode: request.mode,
                last: request.asked,
                served,
            }),
        }
    }
    seen.sort_by_key(|one| Reverse(one.last));
    seen
}

/// A note without blanks around it; none where nothing is left. Lines may break, and nothing else may hide.
fn fit_note(text: &str) -> Result<Option<String>, CallError> {
    let text = text.trim().replace("\r\n", "\n");
    if text.chars().count() > LONGEST_NOTE {
        return Err(CallError::invalid("note", "a note has at most 2,000 characters"));
    }
    if text.chars().any(|letter| letter.is_control() && letter != '\n' && letter != '\t') {
        return Err(CallError::invalid("note", "a note has no control characters but line breaks"));
    }
    Ok((!text.is_empty()).then_some(text))
}
