//! Users and the register of applications.

use std::{collections::HashMap, sync::Arc};

use domain::{ApplicationId, Email, Issuer, User, UserId};

use crate::{
    CallError, Caller, Code, Desk,
    calls::{AppList, AppView, Revealed, UserCreate, UserList, UserView},
    ports::NewUser,
    random,
};

impl Desk {
    pub(crate) async fn user_list(
        self: &Arc<Self>,
        _: &Caller,
        _: UserList,
    ) -> Result<Vec<UserView>, CallError> {
        let people = self.people();
        let mut live: HashMap<UserId, u32> = HashMap::new();
        let now = self.clock.now();
        for key in self.index().all().filter(|key| key.is_live(now)) {
            *live.entry(key.owner.clone()).or_default() += 1;
        }
        Ok(people
            .users
            .iter()
            .map(|user| user_view(user, live.get(&user.id).copied().unwrap_or(0)))
            .collect())
    }

    pub(crate) async fn user_create(
        self: &Arc<Self>,
        caller: &Caller,
        args: UserCreate,
    ) -> Result<UserView, CallError> {
        let email =
            Email::parse(&args.email).map_err(|error| CallError::invalid("email", error.to_string()))?;
        let password = args.password.as_ref().map(Revealed::chosen_password).transpose()?;
        let user = User {
            id: new_user_id()?,
            email,
            name: None,
            is_admin: args.admin,
            disabled: false,
            has_password: password.is_some(),
            issuer: Issuer::Local,
            created: self.clock.now(),
        };
        let (new, actor) = (NewUser { user: user.clone(), password }, self.actor(caller));
        let writer = self.writer().await;
        writer.write_open(caller, move |open| open.create_user(&new, &actor)).await?;
        self.reload_people().await?;
        self.announce();
        Ok(user_view(&user, 0))
    }

    pub(crate) async fn app_list(
        self: &Arc<Self>,
        _: &Caller,
        _: AppList,
    ) -> Result<Vec<AppView>, CallError> {
        let mut live: HashMap<ApplicationId, u32> = HashMap::new();
        let now = self.clock.now();
        for key in self.index().all().filter(|key| key.is_live(now)) {
            if let Some(application) = &key.application {
                *live.entry(application.clone()).or_default() += 1;
            }
        }
        let mut views: Vec<AppView> = self
            .register()
            .all()
            .map(|app| AppView {
                id: app.id.to_string(),
                identity: app.identity.clone(),
                names: app.names.clone(),
                standing: app.standing,
                keys: live.get(&app.id).copied().unwrap_or(0),
                first_seen: app.first_seen,
                last_seen: app.last_seen,
            })
            .collect();
        views.sort_by(|a, b| b.last_seen.cmp(&a.last_seen).then_with(|| a.id.cmp(&b.id)));
        Ok(views)
    }
}

/// A GUID, as BTCPay Server's users have.
fn new_user_id() -> Result<UserId, CallError> {
    let guid = uuid::Builder::from_random_bytes(random()?).into_uuid();
    well_formed(guid.to_string().parse())
}

pub(crate) fn well_formed<T>(id: Result<T, domain::BadId>) -> Result<T, CallError> {
    id.map_err(|error| CallError::new(Code::Failed, error.to_string()))
}

fn user_view(user: &User, keys: u32) -> UserView {
    UserView {
        id: user.id.clone(),
        email: user.email.to_string(),
        admin: user.is_admin,
        disabled: user.disabled,
        has_password: user.has_password,
        created: user.created,
        keys,
    }
}
