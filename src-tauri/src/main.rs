//! Fieldgate: one process that holds the key store, the gate and the window.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod call;
mod clipboard;
mod founding;
mod parts;
mod shell;
mod window;

use std::process::ExitCode;

use parts::{Assembly, lock_or_raise};
use tauri::RunEvent;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("fieldgate: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<()> {
    assembly::harden()?;
    assembly::start_log();
    let folder = assembly::place::home(None)?;
    let Some(lock) = tauri::async_runtime::block_on(lock_or_raise(folder))? else { return Ok(()) };
    let assembly = Assembly::new(lock);
    let starting = assembly.clone();
    let app = tauri::Builder::default()
        .manage(assembly.door())
        .invoke_handler(tauri::generate_handler![call::call])
        .setup(move |app| {
            window::open(app.handle(), starting.home())?;
            starting.start(app.handle().clone());
            Ok(())
        })
        .build(tauri::generate_context!())?;
    // Tauri ends the process from inside `run` and drops nothing it manages: what must end in order is ended here.
    app.run(move |_, event| {
        if let RunEvent::Exit = event {
            tauri::async_runtime::block_on(assembly.stop());
        }
    });
    Ok(())
}
