//! Who asks and who receives, beyond what a request says of itself.

use domain::{Familiar, Receiver};
use serde::{Deserialize, Serialize};

views! {
    /// Who was to receive the key of a request, and who would receive it now.
    ReceiverView {
        /// Who it was when that was decided; absent before, and of grants from before this was kept.
        approved: Option<Receiver>,
        /// Who it is now; absent without a redirect.
        now: Option<Receiver>,
        /// Whether it is still the same.
        same: bool,
    }
    /// Who asks, as of now.
    AskerView {
        /// Whether the program that asks still runs; absent where the system does not tell.
        runs: Option<bool>,
        /// What of it all was there at a grant of this application before; absent when there was none.
        familiar: Option<Familiar>,
    }
}
