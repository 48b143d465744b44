//! Questions to a person. They go to stderr and are only asked where somebody can answer.

use std::io::{self, BufRead, IsTerminal, Write};

use desk::{CallError, Code};

/// Whether somebody sits there who can read a question and answer it.
pub(crate) fn possible() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks for yes or no; anything but a clear yes is a no.
///
/// # Errors
/// `failed` when the terminal is gone.
pub(crate) fn confirm(question: &str) -> Result<bool, CallError> {
    let answer = line(&format!("{question} [y/N] "))?;
    Ok(matches!(answer.to_lowercase().as_str(), "y" | "yes"))
}

/// Asks for a line, without the blanks around it.
///
/// # Errors
/// `failed` when the terminal is gone.
pub(crate) fn line(question: &str) -> Result<String, CallError> {
    let mut stderr = io::stderr().lock();
    write!(stderr, "{question}").and_then(|()| stderr.flush()).map_err(gone)?;
    let mut answer = String::new();
    match io::stdin().lock().read_line(&mut answer).map_err(gone)? {
        0 => Err(gone(io::ErrorKind::UnexpectedEof.into())),
        _ => Ok(answer.trim().to_owned()),
    }
}

fn gone(error: io::Error) -> CallError {
    CallError::new(Code::Failed, format!("no answer from the terminal: {error}"))
}
