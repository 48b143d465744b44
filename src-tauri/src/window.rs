//! The one window.

use std::path::Path;

use tauri::{AppHandle, Manager, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder};

/// The window's label; the capability names it.
const LABEL: &str = "main";

/// Opens the window. It goes nowhere but to what is built in.
pub(crate) fn open(app: &AppHandle, home: &Path) -> tauri::Result<()> {
    WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App("index.html".into()))
        .title("Fieldgate")
        .inner_size(1280.0, 800.0)
        .min_inner_size(900.0, 600.0)
        // Not incognito: that breaks WebDriver. WebKit's own data lives in the home, which is ours alone.
        .data_directory(home.join("webview"))
        .on_navigation(is_ours)
        .on_new_window(|_, _| tauri::webview::NewWindowResponse::Deny)
        .build()?;
    Ok(())
}

/// Only what is built into the program is ever shown.
fn is_ours(url: &Url) -> bool {
    url.scheme() == "tauri" || (url.scheme() == "http" && url.host_str() == Some("tauri.localhost"))
}

/// Brings the window to the front: it may be minimised, hidden or merely behind.
pub(crate) fn raise(app: &AppHandle) {
    let handle = app.clone();
    let raised = app.run_on_main_thread(move || {
        let Some(window) = handle.get_webview_window(LABEL) else { return };
        if let Err(error) = bring_up(&window) {
            tracing::warn!(%error, "the window could not be raised");
        }
    });
    if let Err(error) = raised {
        tracing::warn!(%error, "the window could not be raised");
    }
}

/// Marks the window until the human looks at it. It stays where it is.
pub(crate) fn mark(app: &AppHandle) {
    let handle = app.clone();
    let marked = app.run_on_main_thread(move || {
        let Some(window) = handle.get_webview_window(LABEL) else { return };
        if let Err(error) = window.request_user_attention(Some(tauri::UserAttentionType::Informational)) {
            tracing::warn!(%error, "the window could not be marked");
        }
    });
    if let Err(error) = marked {
        tracing::warn!(%error, "the window could not be marked");
    }
}

/// Order matters: focus does nothing on a window that is hidden or minimised.
fn bring_up(window: &WebviewWindow) -> tauri::Result<()> {
    window.unminimize()?;
    window.show()?;
    window.set_focus()?;
    // Where the desktop refuses focus (GNOME on Wayland), it at least asks for attention.
    window.request_user_attention(Some(tauri::UserAttentionType::Informational))
}
