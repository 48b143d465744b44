//! What people call the users and applications of the table, and how these names are sorted.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use domain::{StoreId, UserId};

use super::row::Shared;
use crate::{keys::application_name, people::People, register::Register};

/// The names as they are now, in lower case, by the numbers of [`Shared`].
#[derive(Debug, Default)]
pub(super) struct Names {
    people: Arc<People>,
    owners: Sorted,
    applications: Sorted,
}

/// Names, and which place each has among them, from 1.
#[derive(Debug, Default)]
struct Sorted {
    names: Vec<String>,
    ranks: Vec<u64>,
}

/// Which names are others than before, of those that were there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Renamed {
    pub(super) owners: bool,
    pub(super) applications: bool,
}

impl Names {
    /// Reads the names anew.
    pub(super) fn refresh(&mut self, shared: &Shared, people: &Arc<People>, register: &Register) -> Renamed {
        let mut renamed = Renamed { owners: false, applications: false };
        let owners = shared.owners.all();
        if !Arc::ptr_eq(people, &self.people) || owners.len() != self.owners.names.len() {
            let email = |id: &UserId| people.user(id).map(|user| user.email.as_str().to_lowercase());
            renamed.owners = self.owners.replace(owners.iter().map(|id| email(id).unwrap_or_default()));
            self.people = Arc::clone(people);
        }
        let applications = shared.applications.all().iter();
        let names = applications
            .map(|id| register.by_id(id).map(application_name).unwrap_or_default().to_lowercase());
        renamed.applications = self.applications.replace(names);
        renamed
    }

    /// Where a user is among all by address.
    pub(super) fn owner_rank(&self, owner: usize) -> u64 {
        self.owners.rank(owner)
    }

    /// Where an application is among all by name.
    pub(super) fn application_rank(&self, application: usize) -> u64 {
        self.applications.rank(application)
    }

    /// Which users have the text in their address.
    pub(super) fn owners_with(&self, has: impl Fn(&str) -> bool) -> Vec<bool> {
        self.owners.names.iter().map(|name| has(name)).collect()
    }

    /// Which applications have the text in their name.
    pub(super) fn applications_with(&self, has: impl Fn(&str) -> bool) -> Vec<bool> {
        self.applications.names.iter().map(|name| has(name)).collect()
    }

    /// The stores that have the text in their name.
    pub(super) fn stores_with(&self, has: impl Fn(&str) -> bool) -> HashSet<&StoreId> {
        self.people.stores.iter().filter(|store| has(&store.name.to_lowercase())).map(|it| &it.id).collect()
    }
}

impl Sorted {
    /// Takes over these names; whether one that was there is another one now.
    fn replace(&mut self, names: impl Iterator<Item = String>) -> bool {
        let names: Vec<String> = names.collect();
        if names == self.names {
            return false;
        }
        let renamed = !names.starts_with(&self.names);
        let mut sorted: Vec<&str> = names.iter().map(String::as_str).collect();
        sorted.sort_unstable();
        sorted.dedup();
        let ranks: HashMap<&str, u64> = sorted.into_iter().zip(1..).collect();
        self.ranks = names.iter().map(|name| ranks.get(name.as_str()).copied().unwrap_or_default()).collect();
        self.names = names;
        renamed
    }

    fn rank(&self, place: usize) -> u64 {
        self.ranks.get(place).copied().unwrap_or(u64::MAX)
    }
}
