//! A window of the same library that shows an empty page: what any window costs. `make bench` measures it beside ours.

use tauri::{WebviewUrl, WebviewWindowBuilder};

fn main() -> tauri::Result<()> {
    tauri::Builder::default()
        .setup(|app| {
            let empty = "about:blank".parse().map(WebviewUrl::External)?;
            WebviewWindowBuilder::new(app, "bare", empty).inner_size(1280.0, 800.0).build()?;
            Ok(())
        })
        .run(tauri::generate_context!())
}
