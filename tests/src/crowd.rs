//! Many callers at once, each with the same day's work: what is read, made, ended, and refused.

use anyhow::{Context, Result, ensure};
use serde_json::json;

use crate::{ADMIN, Answer, Asker, Caller, Home, MERCHANT, World};

/// How many callers there are.
pub const CALLERS: usize = 200;
/// How many keys they share.
const KEYS: usize = 8;

/// What their keys list.
const PERMISSIONS: [&str; 3] = ["unrestricted", VIEW_STORES, VIEW_PROFILE];
const VIEW_STORES: &str = "btcpay.store.canviewstoresettings";
const VIEW_PROFILE: &str = "btcpay.user.canviewprofile";

/// One call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Errand {
    /// Ask what the key is.
    Current,
    /// List the stores.
    Stores,
    /// Ask who the user is.
    Profile,
    /// Ask about the server.
    Server,
    /// List all users, which is for admins.
    OthersUsers,
    /// Look at a store of somebody else.
    OthersStore,
    /// Make a key.
    Mint,
    /// End the key that was made.
    Revoke,
    /// Use the key that was ended.
    UseEnded,
}

/// What a caller does, over and over.
pub const DAY: [Errand; 16] = {
    use Errand::{Current, Mint, OthersStore, OthersUsers, Profile, Revoke, Server, Stores, UseEnded};
    [
        Current,
        Stores,
        Profile,
        Server,
        OthersUsers,
        Current,
        Mint,
        Stores,
        Profile,
        OthersStore,
        Server,
        Revoke,
        UseEnded,
        Current,
        Stores,
        Profile,
    ]
};

/// The keys that a crowd shares, and whose they are not.
#[derive(Debug)]
pub struct Crowd {
    keys: Vec<SharedKey>,
    others_store: String,
}

#[derive(Debug)]
struct SharedKey {
    id: String,
    token: String,
}

/// One of the crowd.
#[derive(Debug)]
pub struct Worker {
    asker: Asker,
    me: Caller,
    key: String,
    store: String,
    others_store: String,
    minted: String,
}

impl Crowd {
    /// Makes what they need: keys of the merchant, and a store of the admin.
    ///
    /// # Errors
    /// When a command fails.
    pub async fn of(home: &Home) -> Result<Self> {
        let others_store = home.add_store("Not theirs", ADMIN).await?;
        let mut keys = Vec::new();
        for _ in 0..KEYS {
            let mut args = vec!["key", "create", "--user", MERCHANT];
            args.extend(PERMISSIONS.iter().flat_map(|permission| ["--permission", *permission]));
            let made = home.ok(&args).await?;
            let text =
                |field: &str| Ok::<_, anyhow::Error>(made[field].as_str().context("a key")?.to_owned());
            keys.push(SharedKey { id: text("id")?, token: text("apiKey")? });
        }
        Ok(Self { keys, others_store })
    }

    /// Everybody.
    pub fn workers<'a>(&'a self, world: &'a World) -> impl Iterator<Item = Worker> + 'a {
        self.keys.iter().cycle().take(CALLERS).map(|key| Worker {
            asker: world.asker.clone(),
            me: Caller::with_key(&world.asker, &key.token),
            key: key.token.clone(),
            store: world.home.store.clone(),
            others_store: self.others_store.clone(),
            minted: String::new(),
        })
    }

    /// Demands that every key counts exactly what its callers were granted in so many days.
    ///
    /// # Errors
    /// When one does not.
    pub async fn check_counts(&self, home: &Home, days: usize) -> Result<()> {
        for key in &self.keys {
            let shown = home.ok(&["key", "show", &key.id]).await?;
            let usage = shown["usage"].as_array().context("usage")?;
            ensure!(usage.len() == PERMISSIONS.len(), "{shown}");
            for used in usage {
                let permission = used["permission"].as_str().unwrap_or_default();
                let errands = DAY.iter().filter(|errand| errand.counts_for() == Some(permission)).count();
                let granted = errands * days * CALLERS / KEYS;
                ensure!(used["count"] == granted, "{granted} calls were granted: {used}");
            }
        }
        Ok(())
    }
}

impl Errand {
    /// Whether it changes what is in the file.
    #[must_use]
    pub fn writes(self) -> bool {
        matches!(self, Self::Mint | Self::Revoke)
    }

    /// For which permission of the key it counts: the narrowest that covers what it took.
    fn counts_for(self) -> Option<&'static str> {
        match self {
            Self::Stores => Some(VIEW_STORES),
            Self::Profile => Some(VIEW_PROFILE),
            Self::Mint | Self::Revoke => Some("unrestricted"),
            Self::Current | Self::Server | Self::OthersUsers | Self::OthersStore | Self::UseEnded => None,
        }
    }
}

impl Worker {
    /// Makes one call.
    ///
    /// # Errors
    /// When it is not answered as it has to be.
    pub async fn run(&mut self, errand: Errand) -> Result<()> {
        let answer = self.answer(errand).await?;
        let is_right = match errand {
            Errand::Current => answer.status == 200 && answer.json()?["apiKey"] == self.key.as_str(),
            Errand::Stores => answer.status == 200 && ids(&answer)? == [json!(self.store)],
            Errand::Profile => answer.status == 200 && answer.json()?["email"] == MERCHANT,
            Errand::Server => answer.status == 200 && answer.json()?["fullySynched"] == true,
            Errand::OthersUsers => answer.missing()? == "btcpay.server.canviewusers",
            Errand::OthersStore => answer.missing()? == VIEW_STORES,
            Errand::Mint => {
                self.minted = answer.json()?["apiKey"].as_str().unwrap_or_default().to_owned();
                answer.status == 200 && self.minted.len() == 40
            }
            Errand::Revoke => answer.status == 200 && answer.body.is_empty(),
            // A key that has ended is one that nobody knows: after sixty of those their program has to wait.
            Errand::UseEnded => {
                let refusal = answer.refusal()?;
                refusal == (401, "unauthenticated".to_owned())
                    || refusal == (429, "too-many-requests".to_owned())
            }
        };
        ensure!(is_right, "{errand:?} was answered with {}: {}", answer.status, answer.body);
        Ok(())
    }

    async fn answer(&self, errand: Errand) -> Result<Answer> {
        match errand {
            Errand::Current => self.me.get("/api-keys/current").await,
            Errand::Stores => self.me.get("/stores").await,
            Errand::Profile => self.me.get("/users/me").await,
            Errand::Server => self.me.get("/server/info").await,
            Errand::OthersUsers => self.me.get("/users").await,
            Errand::OthersStore => self.me.get(&format!("/stores/{}", self.others_store)).await,
            Errand::Mint => self.me.post("/api-keys", &json!({"permissions": [VIEW_STORES]})).await,
            Errand::Revoke => self.me.delete(&format!("/api-keys/{}", self.minted)).await,
            Errand::UseEnded => self.asker.current(&self.minted).await,
        }
    }
}

fn ids(answer: &Answer) -> Result<Vec<serde_json::Value>> {
    let all = answer.json()?;
    Ok(all.as_array().into_iter().flatten().map(|one| one["id"].clone()).collect())
}
