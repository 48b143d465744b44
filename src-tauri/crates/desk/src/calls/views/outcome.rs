//! What became of something, where no row of a table says it.

use serde::{Deserialize, Serialize};

use super::StoreView;

views! {
    /// A store that somebody was taken out of.
    StoreLeftView {
        /// As it is now; absent when it ended with its last member.
        store: Option<StoreView>,
    }
    /// A log that was written into a file.
    LogExportedView {
        /// The file.
        path: String,
        /// How many entries are in it.
        entries: u64,
    }
    /// Where files for people go.
    FoldersView {
        /// The folder that a file for the user is put into unless another is named; absent where none is known.
        exports: Option<String>,
    }
}
