//! Users over the API: oneself, and others.

use domain::{Account, Email, HeldOff, Password, PasswordTooShort, Policy, User};

use super::{
    ApiError, Peer, Principal, error_as,
    guessing::{Attempt, Unproved},
};
use crate::{CallError, Caller, Code, Desk, UserWish, ports::UserChange, writing::Writer};

/// What a user changes of itself (Greenfield, `Users_UpdateCurrentUser`). What is absent stays.
#[derive(Debug, Clone, Default)]
pub struct ProfileWish {
    /// Another address.
    pub email: Option<Email>,
    /// Another display name; blank for none.
    pub name: Option<String>,
    /// Another picture; blank for none.
    pub image_url: Option<String>,
    /// The password so far, which a new one takes.
    pub current_password: Option<Password>,
    /// Another password.
    pub new_password: Option<Password>,
}

impl Desk {
    /// The caller itself (Greenfield `Users_GetCurrentUser`).
    ///
    /// # Errors
    /// [`ApiError::MissingPermission`].
    pub fn own_profile(&self, caller: &Principal) -> Result<User, ApiError> {
        self.demand(caller, Policy::VIEW_PROFILE)?;
        Ok(caller.user.clone())
    }

    /// Everybody, oldest first (Greenfield `Users_GetUsers`).
    ///
    /// # Errors
    /// [`ApiError::MissingPermission`].
    pub fn all_users(&self, caller: &Principal) -> Result<Vec<User>, ApiError> {
        self.demand(caller, Policy::VIEW_USERS)?;
        Ok(self.people().users.clone())
    }

    /// One user (Greenfield `Users_GetUser`).
    ///
    /// # Errors
    /// [`ApiError`].
    pub fn one_user(&self, caller: &Principal, id_or_email: &str) -> Result<User, ApiError> {
        self.demand(caller, Policy::VIEW_USERS)?;
        self.somebody(id_or_email)
    }

    /// Makes a user (Greenfield `Users_CreateUser`). An admin is made by an unrestricted admin alone; everybody else
    /// may make two users a minute.
    ///
    /// # Errors
    /// [`ApiError`], in the order of BTCPay Server.
    pub async fn make_user(&self, caller: &Principal, wish: UserWish) -> Result<User, ApiError> {
        let (writer, caller) = self.turn_of(caller).await?;
        let full = caller.user.is_admin && caller.is_unrestricted();
        if wish.admin {
            if !full {
                return Err(ApiError::MissingPermission(Policy::UNRESTRICTED));
            }
            self.demand(&caller, Policy::UNRESTRICTED)?;
        }
        self.demand(&caller, Policy::CREATE_USER)?;
        if let Some(password) = &wish.password {
            password.may_be_chosen().map_err(|error| too_short("Password", error))?;
        }
        writer.opening(&Caller::DESK)?;
        if !full {
            let turn = self.newcomers.take(self.clock.moment());
            turn.map_err(|retry_after| ApiError::TooMany { retry_after })?;
        }
        let (name, image_url) = (wish.name.and_then(unless_blank), wish.image_url.and_then(unless_blank));
        let wish = UserWish { name, image_url, ..wish };
        self.add_user(&writer, &Caller::DESK, wish, caller.actor()).await.map_err(taken)
    }

    /// Changes the caller itself (Greenfield `Users_UpdateCurrentUser`). A new password takes the current one,
    /// whatever else the caller may do: it would open everything that the user can do. A wrong one counts like one at
    /// signing in, for the user and for the program at `peer`.
    ///
    /// # Errors
    /// [`ApiError`]; nothing is changed then.
    pub async fn change_profile(
        &self,
        caller: &Principal,
        wish: ProfileWish,
        peer: &dyn Peer,
    ) -> Result<User, ApiError> {
        self.demand(caller, Policy::MODIFY_PROFILE)?;
        self.openings.of(&Caller::DESK)?;
        let current = wish.current_password.clone().unwrap_or_else(|| Password::new(String::new()));
        if let Some(new) = &wish.new_password {
            let attempt = Attempt::new(Account::Of(caller.user.id.clone()), peer);
            self.prove_password(attempt, current.clone()).await.map_err(not_current)?;
            new.may_be_chosen().map_err(|error| too_short("NewPassword", error))?;
        }
        let (writer, caller) = self.turn_of(caller).await?;
        self.demand(&caller, Policy::MODIFY_PROFILE)?;
        writer.opening(&Caller::DESK)?;
        // Another one may have been set since it was proved. From here on nobody sets any.
        if wish.new_password.is_some() && !self.check_password(Some(&caller.user.id), current).await? {
            return Err(not_current(Unproved::Wrong));
        }
        let done =
            self.change_user(&writer, &Caller::DESK, &caller.user.id, changes(wish), caller.actor()).await;
        done.map_err(taken)
    }

    /// Deletes the caller itself (Greenfield `Users_DeleteCurrentUser`).
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn delete_own_user(&self, caller: &Principal) -> Result<(), ApiError> {
        let (writer, caller) = self.turn_of(caller).await?;
        self.demand(&caller, Policy::DELETE_USER)?;
        self.delete_as(&writer, &caller, &caller.user, Policy::DELETE_USER).await
    }

    /// Deletes any user (Greenfield `Users_DeleteUser`).
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn delete_any_user(&self, caller: &Principal, id_or_email: &str) -> Result<(), ApiError> {
        let (writer, caller) = self.turn_of(caller).await?;
        self.demand(&caller, Policy::MODIFY_SERVER_SETTINGS)?;
        let user = self.somebody(id_or_email)?;
        self.delete_as(&writer, &caller, &user, Policy::MODIFY_SERVER_SETTINGS).await
    }

    /// Disables a user, or enables it again (Greenfield `Users_ToggleUserLock`).
    ///
    /// # Errors
    /// [`ApiError`]; [`ApiError::InvalidState`] for the only admin who is not disabled.
    pub async fn lock_user(
        &self,
        caller: &Principal,
        id_or_email: &str,
        locked: bool,
    ) -> Result<(), ApiError> {
        let (writer, caller) = self.turn_of(caller).await?;
        self.demand(&caller, Policy::MODIFY_SERVER_SETTINGS)?;
        let user = self.somebody(id_or_email)?;
        let change = vec![UserChange::Disabled(locked)];
        let done = self.change_user(&writer, &Caller::DESK, &user.id, change, caller.actor()).await;
        let why = "This is the only admin who is not disabled, and cannot be disabled.";
        done.map(drop).map_err(|error| error_as(error, Code::OnlyAdmin, ApiError::InvalidState(why)))
    }

    /// Approves a user (Greenfield `Users_ToggleUserApproval`): nobody needs that here.
    ///
    /// # Errors
    /// Always; [`ApiError::InvalidState`] where everything else is right.
    pub fn approve_user(&self, caller: &Principal, id_or_email: &str) -> Result<(), ApiError> {
        self.demand(caller, Policy::MODIFY_SERVER_SETTINGS)?;
        self.somebody(id_or_email)?;
        Err(ApiError::InvalidState("Users need no approval here."))
    }

    fn somebody(&self, id_or_email: &str) -> Result<User, ApiError> {
        self.people().find(id_or_email).cloned().ok_or(ApiError::UserNotFound)
    }

    async fn delete_as(
        &self,
        writer: &Writer<'_>,
        caller: &Principal,
        user: &User,
        policy: Policy,
    ) -> Result<(), ApiError> {
        let done = self.delete_user(writer, &Caller::DESK, &user.id, caller.actor()).await;
        done.map_err(|error| error_as(error, Code::OnlyAdmin, ApiError::OnlyAdmin(policy)))
    }
}

fn changes(wish: ProfileWish) -> Vec<UserChange> {
    let changes = [
        wish.email.map(UserChange::Email),
        wish.name.map(|name| UserChange::Name(unless_blank(name))),
        wish.image_url.map(|url| UserChange::ImageUrl(unless_blank(url))),
        wish.new_password.map(|password| UserChange::Password(Some(password))),
    ];
    changes.into_iter().flatten().collect()
}

fn unless_blank(text: String) -> Option<String> {
    Some(text).filter(|text| !text.trim().is_empty())
}

fn not_current(unproved: Unproved) -> ApiError {
    match unproved {
        Unproved::HeldOff(HeldOff { retry_after }) => ApiError::TooManyPasswords { retry_after },
        Unproved::Wrong => {
            let message = "This is not the current password.".to_owned();
            ApiError::Invalid { field: "CurrentPassword", message }
        }
        Unproved::Failed(error) => error.into(),
    }
}

fn too_short(field: &'static str, PasswordTooShort: PasswordTooShort) -> ApiError {
    let message = format!("A password has at least {} characters.", Password::SHORTEST);
    ApiError::Invalid { field, message }
}

fn taken(error: CallError) -> ApiError {
    let message = "There is a user with this e-mail address already.".to_owned();
    error_as(error, Code::AlreadyExists, ApiError::Invalid { field: "Email", message })
}
