//! Declares the window's one command, so that the capability has to allow it.

fn main() {
    let commands = tauri_build::AppManifest::new().commands(&["call"]);
    if let Err(error) = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(commands)) {
        println!("cargo::error={error:#}");
    }
}
