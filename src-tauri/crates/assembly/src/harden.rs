//! What the process gives up before it holds a secret.

use desk::{CallError, Code};
use rustix::fs::Mode;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit, umask};

/// The largest core file, in bytes. core(5): a limit below one page means no file, and one of exactly 1 is the only
/// limit that also stops a dump piped to a program, for which 0 would not count.
const LARGEST_CORE: u64 = 1;

/// Files made from here on are ours alone, and no core dump is written: it would hold the keys. To be called first
/// thing.
///
/// The process stays dumpable in the kernel's other sense (`PR_SET_DUMPABLE`): else no second Fieldgate of the same
/// user could name the one that holds its port.
///
/// # Errors
/// `failed` when the system does not take the limit.
pub fn harden() -> Result<(), CallError> {
    umask(Mode::from_raw_mode(0o077));
    let allowed = getrlimit(Resource::Core).maximum;
    // Whoever started us may have forbidden core files altogether; that cannot be raised, nor need it be.
    let limit = Some(allowed.map_or(LARGEST_CORE, |allowed| allowed.min(LARGEST_CORE)));
    setrlimit(Resource::Core, Rlimit { current: limit, maximum: limit })
        .map_err(|error| CallError::new(Code::Failed, format!("core dumps cannot be switched off: {error}")))
}
