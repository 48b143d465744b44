//! What a request would change, and what it can be held against.

use domain::{ProgramIdentity, Tier, Timestamp};
use serde::{Deserialize, Serialize};

views! {
    /// What a request would change against the last grant of its application.
    ChangesView {
        /// When the application was granted a key first.
        since: Timestamp,
        /// When it was granted one last.
        last: Timestamp,
        /// The address of the user that one is for, where it would be another's now.
        other_user: Option<String>,
        /// What it could not do before in any store.
        more: Vec<ChangedPolicy>,
        /// What it could do before and could not any more.
        less: Vec<ChangedPolicy>,
        /// Where the rest would reach and did not before.
        wider: ExtentView,
        /// Where the rest would not reach any more.
        narrower: ExtentView,
        /// Whether it is the very same list.
        exactly: bool,
        /// Where the last key went, where this one would go to another address.
        other_origin: Option<String>,
        /// Whether another program asks than was served last.
        other_program: bool,
        /// The program that was served last, where it was recognised.
        program_before: Option<ProgramIdentity>,
    }
    /// A policy that comes or goes.
    ChangedPolicy {
        /// As the wire writes it.
        policy: String,
        /// In plain words.
        title: String,
        /// How far it reaches.
        tier: Tier,
        /// What comes or goes with it, by title.
        includes: Vec<String>,
    }
    /// Where something reaches.
    ExtentView {
        /// All stores, later ones too.
        everywhere: bool,
        /// These stores, by name.
        stores: Vec<String>,
    }
    /// A plugin that everybody knows and that asks for this, or nearly this.
    YardstickView {
        /// The plugin's name.
        name: String,
        /// What is asked more than it asks, by title.
        more: Vec<String>,
        /// What it asks more, by title.
        less: Vec<String>,
    }
}
