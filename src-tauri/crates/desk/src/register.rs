//! The register of applications, in memory.

use std::collections::HashMap;

use domain::{Application, ApplicationId, ApplicationIdentity, ClaimedText, Standing, Timestamp};

use crate::{CallError, random};

/// How many of the names an application gave itself are kept.
const NAMES_KEPT: usize = 8;

/// Everything that ever asked and was answered.
#[derive(Debug, Default)]
pub(crate) struct Register {
    known: HashMap<ApplicationIdentity, Application>,
    by_id: HashMap<ApplicationId, ApplicationIdentity>,
}

impl Register {
    pub(crate) fn load(applications: Vec<Application>) -> Self {
        let mut register = Self::default();
        for application in applications {
            register.keep(application);
        }
        register
    }

    pub(crate) fn standing(&self, identity: &ApplicationIdentity) -> Standing {
        self.known.get(identity).map(|app| app.standing).unwrap_or_default()
    }

    pub(crate) fn by_id(&self, id: &ApplicationId) -> Option<&Application> {
        self.known.get(self.by_id.get(id)?)
    }

    pub(crate) fn id_of(&self, identity: &ApplicationIdentity) -> Option<ApplicationId> {
        self.known.get(identity).map(|app| app.id.clone())
    }

    /// Entries with the same identifier at other origins.
    pub(crate) fn elsewhere(&self, identity: &ApplicationIdentity) -> Vec<&Application> {
        let ApplicationIdentity::Identifier { identifier, .. } = identity else { return Vec::new() };
        let same = |app: &&Application| match &app.identity {
            ApplicationIdentity::Identifier { identifier: own, .. } => {
                own == identifier && app.identity != *identity
            }
            ApplicationIdentity::Origin { .. }
            | ApplicationIdentity::Program { .. }
            | ApplicationIdentity::Unknown => false,
        };
        self.known.values().filter(same).collect()
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Application> {
        self.known.values()
    }

    /// The entry as it is after this asking: refreshed, or a new one that nobody has written down yet.
    pub(crate) fn sighted(
        &self,
        identity: &ApplicationIdentity,
        name: Option<&ClaimedText>,
        at: Timestamp,
    ) -> Result<Application, CallError> {
        let mut app = match self.known.get(identity) {
            Some(app) => app.clone(),
            None => Application {
                id: ApplicationId::from_random(random()?),
                identity: identity.clone(),
                names: Vec::new(),
                standing: Standing::New,
                note: None,
                first_seen: at,
                last_seen: at,
            },
        };
        app.last_seen = app.last_seen.max(at);
        if let Some(name) = name {
            app.names.retain(|known| known != name.as_str());
            app.names.insert(0, name.as_str().to_owned());
            app.names.truncate(NAMES_KEPT);
        }
        Ok(app)
    }

    /// Takes over what was just written down.
    pub(crate) fn keep(&mut self, application: Application) {
        self.by_id.insert(application.id.clone(), application.identity.clone());
        self.known.insert(application.identity.clone(), application);
    }

    /// Makes an entry count as New and say nothing: its standing and note were written by somebody else.
    pub(crate) fn distrust(&mut self, id: &ApplicationId) {
        let identity = self.by_id.get(id);
        if let Some(app) = identity.and_then(|identity| self.known.get_mut(identity)) {
            app.standing = Standing::New;
            app.note = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_names_are_kept_and_only_so_many() {
        let mut register = Register::default();
        for n in 0..12 {
            for name in [format!("name {n}"), "again".to_owned()] {
                let (name, at) = (ClaimedText::new(&name), Timestamp(n));
                let seen = register.sighted(&ApplicationIdentity::Unknown, name.as_ref(), at).unwrap();
                register.keep(seen);
            }
        }
        let application = register.all().next().unwrap();
        let latest = (5..12).rev().map(|n| format!("name {n}"));
        assert_eq!(application.names, std::iter::once("again".to_owned()).chain(latest).collect::<Vec<_>>());
        assert_eq!((application.first_seen, application.last_seen), (Timestamp(0), Timestamp(11)));
        assert_eq!(register.by_id(&application.id), Some(application));
    }
}
