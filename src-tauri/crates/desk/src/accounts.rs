//! Users that come, change and go: for the window, the command line and the API alike.

use domain::{Actor, Email, Issuer, Password, User, UserId};

use crate::{
    CallError, Caller, Code, Desk,
    ports::{NewUser, UserChange},
    random,
    writing::Writer,
};

/// A user as it is wished for.
#[derive(Debug, Clone)]
pub struct UserWish {
    /// Address.
    pub email: Email,
    /// Display name; over the API, blank for none.
    pub name: Option<String>,
    /// Where a picture is said to be; over the API, blank for none.
    pub image_url: Option<String>,
    /// Absent: Basic authentication is off for this user.
    pub password: Option<Password>,
    /// Whether server policies work for this user.
    pub admin: bool,
}

impl Desk {
    /// Adds a user, written down with the vault that `by` has open.
    ///
    /// # Errors
    /// `already-exists`, field `email`, when the address is taken.
    pub(crate) async fn add_user(
        &self,
        writer: &Writer<'_>,
        by: &Caller,
        wish: UserWish,
        actor: Actor,
    ) -> Result<User, CallError> {
        let user = User {
            id: new_user_id()?,
            email: wish.email,
            name: wish.name,
            image_url: wish.image_url,
            is_admin: wish.admin,
            disabled: false,
            has_password: wish.password.is_some(),
            issuer: Issuer::Local,
            created: self.clock.now(),
        };
        let new = NewUser { user: user.clone(), password: wish.password };
        writer.write_open(by, move |open| open.create_user(&new, &actor)).await.map_err(of_email)?;
        self.reload_people().await?;
        self.announce();
        Ok(user)
    }

    /// Makes these changes of a user, written down with the vault that `by` has open. What is so already is left as
    /// it is and not told.
    ///
    /// # Errors
    /// `only-admin` for what would leave no admin who is not disabled; `already-exists`, field `email`, when the
    /// address is taken; `not-found`, field `user`.
    pub(crate) async fn change_user(
        &self,
        writer: &Writer<'_>,
        by: &Caller,
        id: &UserId,
        mut changes: Vec<UserChange>,
        actor: Actor,
    ) -> Result<User, CallError> {
        // Under the turn to write: two changes at once must not take the last two admins away.
        let people = self.people();
        let user = people.user(id).ok_or_else(no_such_user)?;
        changes.retain(|change| !change.is_so(user));
        if people.is_only_admin(id) && changes.iter().any(UserChange::takes_admin) {
            return Err(only_admin());
        }
        if changes.is_empty() {
            // Who may not write learns so, also where there is nothing to write.
            return writer.opening(by).map(|_| user.clone());
        }
        let (row, now) = (id.clone(), self.clock.now());
        let done = writer.write_open(by, move |open| open.change_user(&row, &changes, now, &actor)).await;
        done.map_err(of_email)?;
        self.reload_people().await?;
        self.announce();
        self.people().user(id).cloned().ok_or_else(no_such_user)
    }

    /// Deletes a user, written down with the vault that `by` has open. Its keys are unknown from now on; a store of
    /// which it was the last member ends.
    ///
    /// # Errors
    /// `only-admin` for the one admin who is not disabled; `not-found`, field `user`.
    pub(crate) async fn delete_user(
        &self,
        writer: &Writer<'_>,
        by: &Caller,
        id: &UserId,
        actor: Actor,
    ) -> Result<(), CallError> {
        let people = self.people();
        people.user(id).ok_or_else(no_such_user)?;
        if people.is_only_admin(id) {
            return Err(only_admin());
        }
        let (row, now) = (id.clone(), self.clock.now());
        writer.write_open(by, move |open| open.delete_user(&row, now, &actor)).await?;
        self.index_mut().forget(id);
        self.reload_people().await?;
        self.announce();
        Ok(())
    }
}

fn only_admin() -> CallError {
    let message = "this is the only admin who is not disabled: without one nobody could manage users";
    CallError::new(Code::OnlyAdmin, message).of("user")
}

fn no_such_user() -> CallError {
    CallError::not_found("there is no such user").of("user")
}

/// Only an address can be there already.
fn of_email(error: CallError) -> CallError {
    if error.code != Code::AlreadyExists {
        return error;
    }
    CallError::new(Code::AlreadyExists, "there is a user with this e-mail address already").of("email")
}

/// A GUID, as BTCPay Server's users have.
fn new_user_id() -> Result<UserId, CallError> {
    let guid = uuid::Builder::from_random_bytes(random()?).into_uuid();
    let id = guid.to_string().parse();
    id.map_err(|error: domain::BadId| CallError::new(Code::Failed, error.to_string()))
}
