//! What the log holds of a key, and taking the log along.

use domain::KeyId;
use serde::{Deserialize, Serialize};

args! {
    /// The newest log entries about a key, and about the requests it was granted to.
    KeyHistory {
        /// Which key.
        id: KeyId,
    }
    /// Write the whole log into a new file, one entry a line.
    LogExport {
        /// The file, absolute; it is not there yet.
        path: String,
    }
    /// Where files for people go.
    Folders {}
}
