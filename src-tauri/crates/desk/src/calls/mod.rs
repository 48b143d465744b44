//! The one list of calls. The window reaches them by one Tauri command, `fieldgatectl` by the control socket or,
//! where no Fieldgate runs, in its own process.

mod args;
#[cfg(feature = "bindings")]
mod bindings;
mod key_table;
mod revealed;
mod views;

use domain::KeyId;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

pub use args::*;
pub use key_table::*;
pub use revealed::Revealed;
pub use views::*;

use crate::{CallError, Caller, Code, Desk};

/// A call's request: which call it is, and what it answers.
pub trait Request: Into<Call> + Send + 'static {
    /// What the call answers.
    type Response: Serialize + DeserializeOwned + Send;
}

/// Who may make a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody who reaches the desk.
    Open,
    /// Only who has shown the passphrase.
    Unlocked,
}

macro_rules! calls {
    ($($access:ident $request:ident => $method:ident -> $response:ty;)*) => {
        /// Every call with its request, as it is framed: `{"call":"key_list","args":{…}}`.
        #[derive(Debug, Serialize, Deserialize)]
        #[serde(tag = "call", content = "args", rename_all = "snake_case")]
        pub enum Call {
            $(
                #[doc = concat!("[`", stringify!($request), "`], answered with [`", stringify!($response), "`].")]
                $request($request),
            )*
        }

        impl Call {
            /// The call's name.
            #[must_use]
            pub fn name(&self) -> &'static str {
                match self { $(Self::$request(_) => stringify!($method),)* }
            }

            /// Who may make it.
            #[must_use]
            pub fn access(&self) -> Access {
                match self { $(Self::$request(_) => Access::$access,)* }
            }
        }

        $(
            impl From<$request> for Call {
                fn from(request: $request) -> Self {
                    Self::$request(request)
                }
            }

            impl Request for $request {
                type Response = $response;
            }
        )*

        /// The names of all calls, in the order of the list.
        pub const NAMES: &[&str] = &[$(stringify!($method)),*];

        /// Writes the shapes of all calls into `dir`, one file a type, and `calls.ts` with the map from call to
        /// request and answer.
        ///
        /// # Errors
        /// What cannot be written.
        #[cfg(feature = "bindings")]
        pub fn export_bindings(dir: &std::path::Path) -> Result<(), ts_rs::ExportError> {
            let mut bindings = bindings::Bindings::new(dir);
            $(bindings.add::<$request, $response>(stringify!($method))?;)*
            bindings.write()
        }

        impl Desk {
            pub(crate) async fn dispatch(
                self: &std::sync::Arc<Self>,
                caller: &Caller,
                call: Call,
            ) -> Result<serde_json::Value, CallError> {
                match call {
                    $(Call::$request(args) => answer(&self.$method(caller, args).await?),)*
                }
            }
        }
    };
}

calls! {
    Open Status => status -> StatusView;
    Open Raise => raise -> Done;
    Unlocked Finish => finish -> Done;
    Open Unlock => unlock -> Done;
    Unlocked Active => active -> Done;
    Unlocked Lock => lock -> Done;

    Unlocked Requests => requests -> Vec<RequestView>;
    Unlocked Changes => changes -> Revision;
    Unlocked RequestShow => request_show -> SheetView;
    Unlocked Approve => approve -> ApprovedView;
    Unlocked Refuse => refuse -> RequestView;
    Unlocked ReviewList => review_list -> Vec<AgainView>;
    Unlocked ApproveAgain => approve_again -> Vec<AgainOutcome>;
    Unlocked RememberedList => remembered_list -> RememberedListView;
    Unlocked RememberedForget => remembered_forget -> Done;
    Unlocked Deliver => deliver -> DeliveredView;
    Unlocked ReceiverShow => receiver_show -> ReceiverView;
    Unlocked TryIt => try_it -> TrialView;

    Unlocked KeyList => key_list -> Vec<KeyView>;
    Unlocked KeyPage => key_page -> KeyPageView;
    Unlocked KeyIds => key_ids -> Vec<KeyId>;
    Unlocked KeyCreate => key_create -> CreatedKeyView;
    Unlocked KeyShow => key_show -> KeyDetailView;
    Unlocked KeyRevoke => key_revoke -> KeyView;
    Unlocked KeyRevokeMany => key_revoke_many -> RevokedView;
    Unlocked KeyEdit => key_edit -> KeyView;
    Unlocked KeyReduce => key_reduce -> KeyView;
    Unlocked CopySecret => copy_secret -> CopiedView;
    Unlocked KeyRotate => key_rotate -> RotatedView;
    Unlocked KeyReplace => key_replace -> ReceiptView;
    Unlocked Replaceable => replaceable -> Vec<ReplaceableView>;
    Unlocked Receipts => receipts -> Vec<ReceiptView>;
    Unlocked KeyHistory => key_history -> Vec<LogEntry>;

    Unlocked UserList => user_list -> Vec<UserView>;
    Unlocked UserCreate => user_create -> UserView;
    Unlocked UserDisable => user_disable -> UserView;
    Unlocked UserAdmin => user_admin -> UserView;
    Unlocked UserPassword => user_password -> UserView;
    Unlocked UserDelete => user_delete -> Done;
    Unlocked StoreList => store_list -> Vec<StoreView>;
    Unlocked StoreCreate => store_create -> StoreView;
    Unlocked StoreRename => store_rename -> StoreView;
    Unlocked StoreMemberSet => store_member_set -> StoreView;
    Unlocked StoreMemberRemove => store_member_remove -> StoreLeftView;
    Unlocked Catalogue => catalogue -> Vec<PolicyView>;
    Unlocked Yardstick => yardstick -> Option<YardstickView>;
    Unlocked Settings => settings -> SettingsView;
    Unlocked SettingsSave => settings_save -> Done;
    Unlocked AppList => app_list -> Vec<AppView>;
    Unlocked AppJudge => app_judge -> AppView;
    Unlocked AppShow => app_show -> AppDetailView;
    Unlocked AppNote => app_note -> AppDetailView;

    Unlocked Log => log -> Vec<LogEntry>;
    Unlocked LogVerify => log_verify -> LogVerdict;
    Unlocked LogExport => log_export -> LogExportedView;
    Unlocked Folders => folders -> FoldersView;
}

pub(crate) fn answer<T: Serialize>(response: &T) -> Result<serde_json::Value, CallError> {
    serde_json::to_value(response).map_err(|error| CallError::new(Code::Failed, error.to_string()))
}
