//! Users by hand.

use std::{collections::HashMap, sync::Arc};

use domain::{Email, User, UserId};

use crate::{
    CallError, Caller, Desk, UserWish,
    calls::{
        Done, Revealed, UserAdmin, UserCreate, UserDelete, UserDisable, UserList, UserPassword, UserView,
    },
    ports::UserChange,
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
        let wish = UserWish { email, name: None, image_url: None, password, admin: args.admin };
        let user = self.add_user(&self.writer().await, caller, wish, self.actor(caller)).await?;
        Ok(user_view(&user, 0))
    }

    pub(crate) async fn user_disable(
        self: &Arc<Self>,
        caller: &Caller,
        args: UserDisable,
    ) -> Result<UserView, CallError> {
        self.user_change(caller, &args.user, UserChange::Disabled(args.disabled)).await
    }

    pub(crate) async fn user_admin(
        self: &Arc<Self>,
        caller: &Caller,
        args: UserAdmin,
    ) -> Result<UserView, CallError> {
        self.user_change(caller, &args.user, UserChange::Admin(args.admin)).await
    }

    pub(crate) async fn user_password(
        self: &Arc<Self>,
        caller: &Caller,
        args: UserPassword,
    ) -> Result<UserView, CallError> {
        let password = args.password.as_ref().map(Revealed::chosen_password).transpose()?;
        self.user_change(caller, &args.user, UserChange::Password(password)).await
    }

    pub(crate) async fn user_delete(
        self: &Arc<Self>,
        caller: &Caller,
        args: UserDelete,
    ) -> Result<Done, CallError> {
        let writer = self.writer().await;
        let id = self.people().named(&args.user, "user")?.id.clone();
        self.delete_user(&writer, caller, &id, self.actor(caller)).await?;
        Ok(Done {})
    }

    async fn user_change(
        &self,
        caller: &Caller,
        user: &str,
        change: UserChange,
    ) -> Result<UserView, CallError> {
        let id = self.people().named(user, "user")?.id.clone();
        let user =
            self.change_user(&self.writer().await, caller, &id, vec![change], self.actor(caller)).await?;
        let now = self.clock.now();
        let live = self.index().all().filter(|key| key.owner == id && key.is_live(now)).count();
        Ok(user_view(&user, u32::try_from(live).unwrap_or(u32::MAX)))
    }
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
