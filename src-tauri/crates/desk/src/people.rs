//! Users, stores and who belongs to which, in memory.

use std::collections::{HashMap, HashSet};

use domain::{Email, Membership, Role, Store, StoreId, User, UserId};

use crate::{
    CallError,
    ports::{Damage, Keyring, KeyringError},
};

/// A picture of the users and stores. It is replaced as a whole after each change.
#[derive(Debug, Default)]
pub(crate) struct People {
    pub(crate) users: Vec<User>,
    pub(crate) stores: Vec<Store>,
    pub(crate) memberships: Vec<Membership>,
    /// Where each user is in `users`.
    places: HashMap<UserId, usize>,
}

impl People {
    pub(crate) fn load(keyring: &dyn Keyring) -> Result<Self, KeyringError> {
        let (users, stores, memberships) = (keyring.users()?, keyring.stores()?, keyring.memberships()?);
        let places = users.iter().enumerate().map(|(place, user)| (user.id.clone(), place)).collect();
        Ok(Self { users, stores, memberships, places })
    }

    /// Leaves out what somebody else has written into the file: a user so touched is disabled, a membership gone.
    pub(crate) fn without(mut self, damage: &[Damage]) -> Self {
        let damage: HashSet<&Damage> = damage.iter().collect();
        for user in &mut self.users {
            user.disabled |= damage.contains(&Damage::User(user.id.clone()));
        }
        self.memberships.retain(|m| !damage.contains(&Damage::Membership(m.store.clone(), m.user.clone())));
        self
    }

    pub(crate) fn user(&self, id: &UserId) -> Option<&User> {
        self.users.get(*self.places.get(id)?)
    }

    pub(crate) fn by_email(&self, email: &Email) -> Option<&User> {
        self.users.iter().find(|user| user.email == *email)
    }

    /// A user by e-mail (what has an `@`, in any letter case) or else by id, exactly.
    pub(crate) fn find(&self, id_or_email: &str) -> Option<&User> {
        match Email::parse(id_or_email) {
            Ok(email) => self.by_email(&email),
            Err(_) => self.users.iter().find(|user| user.id.as_str() == id_or_email),
        }
    }

    /// The same, for a call's argument.
    pub(crate) fn named(&self, id_or_email: &str, field: &'static str) -> Result<&User, CallError> {
        self.find(id_or_email).ok_or_else(|| CallError::not_found("there is no such user").of(field))
    }

    pub(crate) fn first_admin(&self) -> Option<&User> {
        self.users.iter().find(|user| user.is_admin && !user.disabled)
    }

    /// Whether this is the one admin who is not disabled.
    pub(crate) fn is_only_admin(&self, id: &UserId) -> bool {
        let mut admins = self.users.iter().filter(|user| user.is_admin && !user.disabled);
        admins.next().is_some_and(|user| user.id == *id) && admins.next().is_none()
    }

    pub(crate) fn store(&self, id: &StoreId) -> Option<&Store> {
        self.stores.iter().find(|store| store.id == *id)
    }

    /// The same, for a call's argument.
    pub(crate) fn known_store(&self, id: &StoreId) -> Result<&Store, CallError> {
        self.store(id).ok_or_else(|| CallError::not_found("there is no such store").of("store"))
    }

    /// What a user is in a store.
    pub(crate) fn role(&self, store: &StoreId, user: &UserId) -> Option<Role> {
        self.memberships.iter().find(|m| m.store == *store && m.user == *user).map(|m| m.role)
    }

    pub(crate) fn stores_of<'a>(&'a self, user: &'a UserId) -> impl Iterator<Item = &'a StoreId> {
        self.memberships.iter().filter(move |m| m.user == *user).map(|m| &m.store)
    }

    /// The user's store, if it is the only one.
    pub(crate) fn only_store_of<'a>(&'a self, user: &'a UserId) -> Option<&'a StoreId> {
        let mut stores = self.stores_of(user);
        stores.next().filter(|_| stores.next().is_none())
    }
}
