//! Writes the TypeScript shapes of the calls into the directory it is given.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let dir = std::env::args_os().nth(1).ok_or("usage: bindings DIRECTORY")?;
    Ok(desk::calls::export_bindings(dir.as_ref())?)
}
