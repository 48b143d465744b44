//! Approvals that are repeated without asking.

use domain::{ProgramIdentity, Receiver, RequestId, Timestamp};
use serde::{Deserialize, Serialize};

use super::KeyView;

views! {
    /// What is approved again without asking.
    RememberedListView {
        /// What stands, newest first.
        rows: Vec<RememberedView>,
        /// What somebody else has written: it is not used, and can be forgotten.
        damaged: Vec<RequestId>,
    }
    /// An approval that is repeated without asking.
    RememberedView {
        /// The request whose approval it repeats.
        id: RequestId,
        /// The application's handle.
        application: String,
        /// What a person calls it. Its own words, where it gave itself a name.
        name: String,
        /// The key that is handed over again. Once it has ended, nothing is repeated.
        key: KeyView,
        /// What that key has to be able to do, exactly.
        permissions: Vec<String>,
        /// The program that has to ask.
        program: ProgramIdentity,
        /// Where the key goes, without the query; absent for a program that collects it itself.
        address: Option<String>,
        /// Who receives it there.
        receiver: Option<Receiver>,
        /// When it was said.
        since: Timestamp,
        /// When it is over.
        until: Timestamp,
        /// How often it was repeated.
        uses: u64,
        /// When it was repeated last.
        last_used: Option<Timestamp>,
    }
}
