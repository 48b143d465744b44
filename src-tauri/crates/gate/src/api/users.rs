//! The endpoints about users.

use domain::{Email, Policy, User, UserId};
use serde::Serialize;

use super::{
    body::Body,
    error::{Invalid, Refused},
    guesser::Sender,
    sign_in, user_wish,
};
use crate::{
    answer,
    gate::Gate,
    http::{Request, Response},
};

/// `ApplicationUserData`. Nobody's address is confirmed and nobody is approved here, so all are; there are neither
/// invitations nor quotas.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UserData<'a> {
    id: &'a UserId,
    email: &'a Email,
    name: Option<&'a str>,
    image_url: Option<&'a str>,
    email_confirmed: bool,
    requires_email_confirmation: bool,
    approved: bool,
    requires_approval: bool,
    roles: &'static [&'static str],
    invitation_url: Option<&'a str>,
    /// Unix seconds.
    created: i64,
    disabled: bool,
    store_quota: Option<u32>,
}

impl<'a> From<&'a User> for UserData<'a> {
    fn from(user: &'a User) -> Self {
        Self {
            id: &user.id,
            email: &user.email,
            name: user.name.as_deref(),
            image_url: user.image_url.as_deref(),
            email_confirmed: true,
            requires_email_confirmation: false,
            approved: true,
            requires_approval: false,
            roles: if user.is_admin { &["ServerAdmin"] } else { &[] },
            invitation_url: None,
            created: user.created.0,
            disabled: user.disabled,
            store_quota: None,
        }
    }
}

impl Gate {
    pub(super) async fn current_user(&self, request: &Request) -> Result<Response, Refused> {
        let caller = sign_in::with_any(self, request).await?;
        Ok(answer::json(200, &UserData::from(&self.desk.own_profile(&caller)?)))
    }

    pub(super) async fn change_current_user(&self, request: &Request) -> Result<Response, Refused> {
        let caller = sign_in::with_any(self, request).await?;
        self.desk.demand(&caller, Policy::MODIFY_PROFILE)?;
        let wish = user_wish::changed(&request.body)?;
        // The current password is checked: that is a login.
        let _turn = match wish.new_password {
            Some(_) => Some(self.logins.try_acquire().map_err(|_| Refused::TooManyLogins)?),
            None => None,
        };
        let changed = self.desk.change_profile(&caller, wish, &Sender::of(request, self)).await?;
        Ok(answer::json(200, &UserData::from(&changed)))
    }

    pub(super) async fn delete_current_user(&self, request: &Request) -> Result<Response, Refused> {
        let caller = sign_in::with_any(self, request).await?;
        self.desk.delete_own_user(&caller).await?;
        Ok(Response::new(200))
    }

    pub(super) async fn users(&self, request: &Request) -> Result<Response, Refused> {
        let caller = sign_in::with_any(self, request).await?;
        let users = self.desk.all_users(&caller)?;
        Ok(answer::json(200, &users.iter().map(UserData::from).collect::<Vec<_>>()))
    }

    /// BTCPay Server makes its first user for anybody; here that one is made at first start, and no later one without
    /// credentials.
    pub(super) async fn create_user(&self, request: &Request) -> Result<Response, Refused> {
        let caller = sign_in::with_any(self, request).await?;
        let made = self.desk.make_user(&caller, user_wish::new(&request.body)?).await?;
        Ok(answer::json(201, &UserData::from(&made)))
    }

    pub(super) async fn user(&self, request: &Request, user: &str) -> Result<Response, Refused> {
        let caller = sign_in::with_any(self, request).await?;
        Ok(answer::json(200, &UserData::from(&self.desk.one_user(&caller, user)?)))
    }

    pub(super) async fn delete_user(&self, request: &Request, user: &str) -> Result<Response, Refused> {
        let caller = sign_in::with_any(self, request).await?;
        self.desk.delete_any_user(&caller, user).await?;
        Ok(Response::new(200))
    }

    pub(super) async fn lock_user(&self, request: &Request, user: &str) -> Result<Response, Refused> {
        let caller = sign_in::with_any(self, request).await?;
        self.desk.demand(&caller, Policy::MODIFY_SERVER_SETTINGS)?;
        let locked = Body::read(&request.body)?.flag("locked")?;
        // Taking nothing for a no would enable whoever a typing error was to disable.
        let locked = locked.ok_or_else(|| Invalid::new("Locked", "Say whether the user is to be locked."))?;
        self.desk.lock_user(&caller, user, locked).await?;
        Ok(Response::new(200))
    }

    pub(super) async fn approve_user(&self, request: &Request, user: &str) -> Result<Response, Refused> {
        let caller = sign_in::with_any(self, request).await?;
        self.desk.approve_user(&caller, user)?;
        Ok(Response::new(200))
    }
}
