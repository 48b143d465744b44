//! The words and the rules of Fieldgate: no I/O, no async runtime, no clock. `docs/language.md` lists the words.

mod access;
mod again;
mod application;
mod authorize;
pub mod catalogue;
mod changes;
mod consent;
mod email;
mod grant;
mod ids;
mod inbox;
mod keys;
mod log;
mod matching;
mod page;
mod people;
mod permission;
mod permission_set;
mod policy;
mod program;
mod receiver;
mod remembered;
mod secret;
mod served;
mod settings;
mod store;
mod throttle;
mod tier;
mod time;
mod usage;
pub mod yardstick;

pub use access::Rights;
pub use again::ComesAgain;
pub use application::{Application, ApplicationIdentity, Standing};
pub use authorize::{
    AuthorizeRequest, BadRedirect, ClaimedText, Fingerprint, OwnAddress, QueryError, Redirect,
};
pub use changes::{Changes, Extent, Terms};
pub use consent::{Choice, Consent, ConsentError};
pub use email::{BadEmail, Email};
pub use grant::{Delivery, Grant, Mode, RequestStatus};
pub use ids::{ApplicationId, BadId, Issuer, KeyId, RequestId, ServerId, StoreId, UserId};
pub use inbox::{
    Asker, Asking, AskingEnd, Attention, BadNumber, Card, CardEntry, Claim, Collected, Effect, Full,
    Handover, Inbox, NotCollected, NotGranted, NotPending, Number, NumberError, Polled, PostFailed, Route,
    TO_COLLECT_AGAIN,
};
pub use keys::{ApiKey, Ending, KeyEnd};
pub use log::{Action, Actor, LogEntry};
pub use matching::{Candidate, Match, find_existing};
pub use page::SentBy;
pub use people::{Membership, Role, User};
pub use permission::{BadPermission, Permission};
pub use permission_set::PermissionSet;
pub use policy::{BadPolicy, Policy, PolicyKind};
pub use program::{Parent, Program, ProgramIdentity};
pub use receiver::{Listener, Receiver};
pub use remembered::{Asks, NotRemembered, Remembered, Repeat};
pub use secret::{CollectSecret, KeyHash, KeySecret, Passphrase, Password, PasswordTooShort, Sealed};
pub use served::{Familiar, Served};
pub use settings::Settings;
pub use store::{
    Amount, Brand, BrokenRule, Criterion, Invoicing, Methods, NetworkFeeMode, Page, PaymentOptions, Receipt,
    SpeedPolicy, Store, StoreDraft, StoreSettings, Timing,
};
pub use throttle::{Account, Counted, Failed, Guesser, HeldOff, Throttle, Trace};
pub use tier::Tier;
pub use time::{Moment, Timestamp};
pub use usage::{Demand, Reach, Tally, Usage};
