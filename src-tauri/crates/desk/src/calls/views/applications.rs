//! One application with everything, and those that ask again for what they have.

use domain::{Mode, Program, RequestId, Timestamp};
use serde::{Deserialize, Serialize};

use super::{AppView, KeyView, RequestView};
use crate::CallError;

views! {
    /// One application with everything.
    AppDetailView {
        /// The row.
        app: AppView,
        /// What the admin has written down about it.
        note: Option<String>,
        /// The programs that asked for it in the last 90 days, the latest first.
        programs: Vec<SeenProgram>,
        /// Applications of the same identifier that want their keys sent elsewhere.
        elsewhere: Vec<AppView>,
        /// Its keys: live ones first, then the newest.
        keys: Vec<KeyView>,
        /// What it asked in the last 90 days: what waits, then what was answered, the latest first.
        requests: Vec<RequestView>,
    }
    /// A program that asked.
    SeenProgram {
        /// The program as it was last seen; absent when it could not be recognised.
        program: Option<Program>,
        /// Browser or program.
        mode: Mode,
        /// When it last asked.
        last: Timestamp,
        /// Whether it was ever granted a key.
        served: bool,
    }
    /// A request of a known application for exactly what it has.
    AgainView {
        /// The request.
        request: RequestView,
        /// The key that would be handed over again.
        key: KeyView,
        /// The stores that key is for, by name; none for one that is for all.
        stores: Vec<String>,
    }
    /// What became of one of several requests that were approved together.
    AgainOutcome {
        /// The request.
        id: RequestId,
        /// Why it was not approved.
        error: Option<CallError>,
    }
}
