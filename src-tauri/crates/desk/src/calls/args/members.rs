//! Users that go, and who belongs to a store as what.

use domain::{Role, StoreId};
use serde::{Deserialize, Serialize};

args! {
    /// Delete a user with its keys. A store of which it is the last member ends.
    UserDelete {
        /// Who (id or e-mail).
        user: String,
    }
    /// Give a store another name.
    StoreRename {
        /// Which.
        store: StoreId,
        /// Its name from now on, 1 to 50 characters.
        name: String,
    }
    /// Give a user a role in a store: a new member, or another role for one that is there.
    StoreMemberSet {
        /// Which store.
        store: StoreId,
        /// Who (id or e-mail).
        user: String,
        /// As what.
        role: Role,
    }
    /// Take a member out of a store. The store ends with its last member.
    StoreMemberRemove {
        /// Which store.
        store: StoreId,
        /// Who (id or e-mail).
        user: String,
    }
}
