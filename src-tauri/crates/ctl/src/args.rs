//! What can be typed.

use std::path::PathBuf;

use clap::{Args as Group, Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::Shell;
use domain::{ApplicationId, Email, Issuer, KeyId, RequestId, Role, StoreId};

use crate::expiry::Expiry;

#[cfg(test)]
#[path = "args_tests.rs"]
mod tests;

/// Greenfield API keys on your own computer: see who asks for one, approve or refuse, list and revoke.
#[derive(Debug, Parser)]
#[command(name = "fieldgatectl", version, after_help = AFTER)]
pub(crate) struct Args {
    /// The folder everything of one Fieldgate lives in [env: FIELDGATE_HOME] [default: ~/.local/share/fieldgate]
    #[arg(long, global = true, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) home: Option<PathBuf>,
    /// Print JSON: one document on stdout; errors as {"code","message"} on stderr
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const AFTER: &str = "\
The passphrase is read from the file that FIELDGATE_PASSPHRASE_FILE names, or else asked for on the terminal.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a new vault, with its first admin
    Init(Init),
    /// Run the gate, without a window
    Serve(Serve),
    /// End the Fieldgate that runs
    Stop,
    /// Say what runs
    Status,
    /// Lock the vault: keys keep working, none is minted
    Lock,
    /// List who asks for a key, and who asked
    Requests {
        /// Go on: one line for each request that is new or changed
        #[arg(long)]
        watch: bool,
    },
    /// Give an application its key
    Approve(Approve),
    /// Refuse an application its key
    Refuse {
        /// Which request
        id: RequestId,
        /// Also refuse this application from now on
        #[arg(long)]
        block: bool,
    },
    /// Hand a granted key over once more
    Deliver {
        /// The request it was granted to
        id: RequestId,
        /// Also to another program than was approved, if that listens there now
        #[arg(long)]
        new_receiver: bool,
    },
    /// API keys
    #[command(subcommand)]
    Key(Key),
    /// Users, whom keys belong to
    #[command(subcommand)]
    User(User),
    /// Stores
    #[command(subcommand)]
    Store(Store),
    /// Applications that asked for a key
    #[command(subcommand)]
    App(App),
    /// What happened, as it was recorded
    Log {
        /// Compare the log with its chain and its seals
        #[arg(long)]
        verify: bool,
        /// Write the whole log into a new file, one JSON entry a line
        #[arg(long, value_name = "F", value_hint = ValueHint::FilePath, conflicts_with = "verify")]
        export: Option<PathBuf>,
    },
    /// Print completions for a shell
    Completions {
        /// Which shell
        shell: Shell,
    },
}

#[derive(Debug, Group)]
pub(crate) struct Init {
    /// The first admin's e-mail
    #[arg(long, value_name = "EMAIL", value_parser = Email::parse)]
    pub(crate) admin: Email,
    /// The admin's password, only for apps that sign in with e-mail and password
    #[arg(long, value_name = "F", value_hint = ValueHint::FilePath)]
    pub(crate) password_file: Option<PathBuf>,
}

#[derive(Debug, Group)]
pub(crate) struct Serve {
    /// Where the gate listens, on this computer only; 0 means any free port
    #[arg(long, env = "FIELDGATE_PORT", value_name = "N", default_value_t = 21420)]
    pub(crate) port: u16,
}

#[derive(Debug, Group)]
pub(crate) struct Approve {
    /// Which request
    pub(crate) id: RequestId,
    /// Whose the key shall be, by e-mail or id [default: the first admin]
    #[arg(long, value_name = "U")]
    pub(crate) user: Option<String>,
    /// Who mints it [default: local]
    #[arg(long, value_name = "I", value_parser = issuer)]
    pub(crate) issuer: Option<Issuer>,
    /// A store the key is for, when the application lets you choose; may be repeated
    #[arg(long = "store", value_name = "S")]
    pub(crate) stores: Vec<StoreId>,
    /// What the key may do instead of what was asked; may be repeated and names the whole grant
    #[arg(long = "permission", value_name = "P")]
    pub(crate) permissions: Vec<String>,
    /// Your name for the key [default: the application's]
    #[arg(long, value_name = "L")]
    pub(crate) label: Option<String>,
    /// When the key ends: 30s, 5m, 1h, 1d, 1y, never, or 2030-01-31T12:00:00Z [default: never]
    #[arg(long, value_name = "D")]
    pub(crate) expires: Option<Expiry>,
    /// The number that the application shows
    #[arg(long, value_name = "NN", value_parser = clap::value_parser!(u8).range(10..=99))]
    pub(crate) number: Option<u8>,
    /// It shows no number: you started it yourself
    #[arg(long, conflicts_with = "number")]
    pub(crate) no_number: bool,
    /// Hand over the key it has already
    #[arg(long)]
    pub(crate) existing: bool,
    /// Make a new key, also if it has one already
    #[arg(long, conflicts_with = "existing")]
    pub(crate) new: bool,
    /// A key the application has that stops when the new one is first used; may be repeated
    #[arg(long = "stop-old", value_name = "ID", conflicts_with = "existing")]
    pub(crate) stop_old: Vec<KeyId>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Key {
    /// List keys
    List {
        /// Only this user's, by e-mail or id
        #[arg(long, value_name = "U")]
        user: Option<String>,
        /// Only what has this text in label, user, application, permissions or id
        #[arg(long, value_name = "T")]
        search: Option<String>,
    },
    /// Make a key by hand
    Create(KeyCreate),
    /// Show a key
    Show {
        /// Which key
        id: KeyId,
        /// Also its secret
        #[arg(long)]
        reveal: bool,
    },
    /// Stop a key for good
    Revoke {
        /// Which key
        id: KeyId,
    },
    /// Make a key that takes the place of another
    Rotate {
        /// Which key
        id: KeyId,
        /// When the old one stops
        #[arg(long, value_enum, value_name = "WHEN", default_value_t = Old::FirstUse)]
        old: Old,
        /// When the new key ends: 30s, 5m, 1h, 1d, 1y, never, or 2030-01-31T12:00:00Z [default: as the old one]
        #[arg(long, value_name = "D")]
        expires: Option<Expiry>,
    },
}

/// When a key that is replaced stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Old {
    /// At once
    Now,
    /// When the new one is first used
    FirstUse,
    /// In 24 hours
    InADay,
}

#[derive(Debug, Group)]
pub(crate) struct KeyCreate {
    /// Whose, by e-mail or id
    #[arg(long, value_name = "U")]
    pub(crate) user: String,
    /// Who mints it [default: local]
    #[arg(long, value_name = "I", value_parser = issuer)]
    pub(crate) issuer: Option<Issuer>,
    /// Your name for the key
    #[arg(long, value_name = "L", default_value = "", hide_default_value = true)]
    pub(crate) label: String,
    /// What it may do; may be repeated
    #[arg(long = "permission", value_name = "P")]
    pub(crate) permissions: Vec<String>,
    /// When it ends: 30s, 5m, 1h, 1d, 1y, never, or 2030-01-31T12:00:00Z [default: never]
    #[arg(long, value_name = "D")]
    pub(crate) expires: Option<Expiry>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum User {
    /// List users
    List,
    /// Add a user
    Create {
        /// Their e-mail
        #[arg(value_parser = Email::parse)]
        email: Email,
        /// Server permissions work for this user
        #[arg(long)]
        admin: bool,
        /// Their password, only for apps that sign in with e-mail and password
        #[arg(long, value_name = "F", value_hint = ValueHint::FilePath)]
        password_file: Option<PathBuf>,
    },
    /// Refuse a user's keys and password from now on
    Disable {
        /// Whose, by e-mail or id
        user: String,
    },
    /// Accept a disabled user's keys and password again
    Enable {
        /// Whose, by e-mail or id
        user: String,
    },
    /// Give a user another password, only for apps that sign in with e-mail and password
    Password {
        /// Whose, by e-mail or id
        user: String,
        /// The new password [default: asked for on the terminal]
        #[arg(long, value_name = "F", value_hint = ValueHint::FilePath)]
        password_file: Option<PathBuf>,
        /// Take the password away instead: keys keep working
        #[arg(long, conflicts_with = "password_file")]
        remove: bool,
    },
    /// Delete a user with all its keys; a store of which it is the last member ends
    Delete {
        /// Whose e-mail, in full
        #[arg(value_parser = Email::parse)]
        email: Email,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Store {
    /// List stores
    List,
    /// Add a store
    Create {
        /// Its name, 1 to 50 characters
        name: String,
        /// Who owns it, by e-mail or id
        #[arg(long, value_name = "EMAIL")]
        owner: String,
    },
    /// Give a store another name
    Rename {
        /// Which store
        id: StoreId,
        /// Its name from now on, 1 to 50 characters
        name: String,
    },
    /// Give a user a role in a store: a new member, or another role
    Member {
        /// Which store
        id: StoreId,
        /// Who, by e-mail or id
        user: String,
        /// As what: owner, manager, employee or guest
        #[arg(long, value_name = "ROLE", value_parser = role)]
        role: Role,
    },
    /// Take a member out of a store; it ends with its last member
    Remove {
        /// Which store
        id: StoreId,
        /// Who, by e-mail or id
        user: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum App {
    /// List applications
    List,
    /// Mark one as known: it is named by what you know it as, and may need no number
    Known {
        /// Which application
        id: ApplicationId,
    },
    /// Refuse what it asks from now on; its keys keep working
    Block {
        /// Which application
        id: ApplicationId,
    },
    /// Write something down about one, for yourself
    Note {
        /// Which application
        id: ApplicationId,
        /// The note; an empty one takes it away
        text: String,
    },
    /// Show one with its note, programs, keys and requests
    Show {
        /// Which application
        id: ApplicationId,
    },
    /// Take back what was said of it: neither known nor blocked
    Forget {
        /// Which application
        id: ApplicationId,
    },
}

fn issuer(text: &str) -> Result<Issuer, domain::BadId> {
    Issuer::try_from(text.to_owned())
}

fn role(text: &str) -> Result<Role, String> {
    let is = |role: &Role| format!("{role:?}").eq_ignore_ascii_case(text);
    Role::ALL.into_iter().find(is).ok_or_else(|| "it is owner, manager, employee or guest".to_owned())
}
