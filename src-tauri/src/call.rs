//! The window's one command.

use desk::{CallError, Code, calls::Call};
use tauri::State;

use crate::parts::Door;

/// Makes a call at the desk: `{"call": name, "args": {…}}`. Waits until the vault's file is open.
///
/// # Errors
/// `{code, message, field?}` of the desk's closed set.
#[tauri::command]
pub(crate) async fn call(
    door: State<'_, Door>,
    call: serde_json::Value,
) -> Result<serde_json::Value, CallError> {
    let call: Call = serde_json::from_value(call)
        .map_err(|error| CallError::new(Code::Invalid, format!("the call cannot be read: {error}")))?;
    door.opened().await?.call(call).await
}
