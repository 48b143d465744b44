//! A window of the same library that shows one line of a page of its own: what any window costs. `make bench` measures it
//! beside ours.

use tauri::http::Response;
use tauri::{WebviewUrl, WebviewWindowBuilder};

const PAGE: &str =
    "<!doctype html><title>Bare</title><p id=line></p><script>line.textContent = 'Bare'</script>";

fn main() -> tauri::Result<()> {
    tauri::Builder::default()
        .register_uri_scheme_protocol("bare", |_, _| Response::new(PAGE.as_bytes()))
        .setup(|app| {
            let page = "bare://localhost/".parse().map(WebviewUrl::CustomProtocol)?;
            WebviewWindowBuilder::new(app, "bare", page).inner_size(1280.0, 800.0).build()?;
            Ok(())
        })
        .run(tauri::generate_context!())
}
