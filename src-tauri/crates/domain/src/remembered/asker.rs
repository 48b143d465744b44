//! Programs by whose name alone one knows what they do.

use crate::ProgramIdentity;

use super::NotRemembered;

/// Programs that run what others have written, or send what they are told to, without their version numbers.
const INTERPRETERS: [&str; 41] = [
    "awk",
    "bash",
    "bun",
    "busybox",
    "curl",
    "dash",
    "deno",
    "dotnet",
    "electron",
    "env",
    "expect",
    "fish",
    "gawk",
    "gjs",
    "guile",
    "http",
    "java",
    "ksh",
    "lua",
    "luajit",
    "mawk",
    "mono",
    "nc",
    "ncat",
    "netcat",
    "node",
    "nodejs",
    "perl",
    "php",
    "php-cgi",
    "php-fpm",
    "powershell",
    "pwsh",
    "pypy",
    "python",
    "ruby",
    "sh",
    "socat",
    "tclsh",
    "wget",
    "zsh",
];

/// What the names of browsers begin with.
const BROWSERS: [&str; 19] = [
    "brave",
    "chrom",
    "epiphany",
    "falkon",
    "firefox",
    "google-chrome",
    "iceweasel",
    "konqueror",
    "librewolf",
    "microsoft-edge",
    "midori",
    "msedge",
    "opera",
    "palemoon",
    "qutebrowser",
    "safari",
    "thunderbird",
    "tor-browser",
    "vivaldi",
];

/// Whether executable and nothing else say what the program does.
pub(super) fn speaks_for_itself(program: &ProgramIdentity) -> Result<(), NotRemembered> {
    let name = program.exe.rsplit(['/', '\\']).next().unwrap_or_default().to_lowercase();
    let name = name.strip_suffix(" (deleted)").unwrap_or(&name);
    let name = name.strip_suffix(".exe").unwrap_or(name);
    if BROWSERS.iter().any(|browser| name.starts_with(browser)) || name.contains("webkit") {
        return Err(NotRemembered::Browser);
    }
    let bare =
        name.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '.' || letter == '-');
    if program.script.is_some() || INTERPRETERS.contains(&bare) {
        return Err(NotRemembered::Interpreter);
    }
    if bare.is_empty() { Err(NotRemembered::Unrecognised) } else { Ok(()) }
}
