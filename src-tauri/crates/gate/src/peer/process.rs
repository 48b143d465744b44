//! Processes and what they say of themselves.

use std::fs;
use std::path::Path;

use domain::{Parent, Program, Timestamp};
use procfs::process::{FDTarget, Process, Stat, all_processes};

use super::socket::Socket;

/// Programs that run other people's scripts, without their version numbers, and the letters of the options by which
/// each takes code from its command line.
const INTERPRETERS: [(&str, &str); 13] = [
    ("python", "c"),
    ("pypy", "c"),
    ("node", "ep"),
    ("deno", "ep"),
    ("bun", "ep"),
    ("php", "r"),
    ("ruby", "e"),
    ("perl", "eE"),
    ("sh", "c"),
    ("bash", "c"),
    ("dash", "c"),
    ("zsh", "c"),
    ("pwsh", "c"),
];

/// The program that has `socket` open. Processes of the socket's own user are looked at first: it is nearly always
/// one of them. Of several that share it, such as a server and its workers, it is the first by number.
pub(crate) fn with_socket(socket: &Socket) -> Option<Program> {
    let mut others = Vec::new();
    for process in all_processes().ok()?.flatten() {
        if process.uid().ok() != Some(socket.uid) {
            others.push(process.pid);
        } else if has_open(&process, socket.inode) {
            return Some(describe(&process, socket.uid));
        }
    }
    let mut others = others.into_iter().filter_map(|pid| Process::new(pid).ok());
    others.find(|process| has_open(process, socket.inode)).map(|process| describe(&process, socket.uid))
}

fn has_open(process: &Process, inode: u64) -> bool {
    let Ok(descriptors) = process.fd() else { return false };
    descriptors.flatten().any(|fd| matches!(fd.target, FDTarget::Socket(open) if open == inode))
}

pub(super) fn describe(process: &Process, socket_uid: u32) -> Program {
    let stat = process.stat().ok();
    let exe = exe(process);
    let script =
        exe.as_deref().and_then(|exe| script_file(process.pid, &script(exe, &process.cmdline().ok()?)?));
    let uid = process.status().map_or(socket_uid, |status| status.euid);
    Program {
        pid: pid(process.pid),
        exe,
        script,
        uid,
        user: user_name(uid),
        started: stat.as_ref().and_then(started),
        parent: stat.as_ref().and_then(parent),
        terminal: stat.as_ref().and_then(|stat| terminal(stat.tty_nr())),
    }
}

fn exe(process: &Process) -> Option<String> {
    Some(process.exe().ok()?.to_string_lossy().into_owned())
}

/// The script that the interpreter at `exe` claims to run: its first argument that is no option. Code given on the
/// command line is no script, and may be long or secret. `None` for a program that is no interpreter.
pub(crate) fn script(exe: &str, arguments: &[String]) -> Option<String> {
    let letters = code_letters(exe)?;
    let mut arguments = arguments.iter().skip(1).filter(|argument| *argument != "run");
    let first = arguments.find(|argument| gives_code(argument, letters) || !argument.starts_with('-'))?;
    (!gives_code(first, letters)).then(|| first.clone())
}

/// The file that process `pid` means by `script`, so that one name in two folders is two scripts. A module's name and
/// whatever else is no file is nothing that programs could be told apart by.
fn script_file(pid: i32, script: &str) -> Option<String> {
    let file = fs::canonicalize(Path::new(&format!("/proc/{pid}/cwd")).join(script)).ok()?;
    file.is_file().then(|| file.into_os_string().into_string().ok()).flatten()
}

/// `/usr/bin/python3.11` is an interpreter by the name of python.
fn code_letters(exe: &str) -> Option<&'static str> {
    let name = exe.rsplit('/').next().unwrap_or(exe);
    let name = name.trim_end_matches(|character: char| character.is_ascii_digit() || character == '.');
    INTERPRETERS.iter().find(|(known, _)| *known == name).map(|(_, letters)| *letters)
}

fn gives_code(argument: &str, letters: &str) -> bool {
    if matches!(argument, "--eval" | "--print" | "eval") {
        return true;
    }
    let Some(options) = argument.strip_prefix('-') else { return false };
    options.bytes().all(|byte| byte.is_ascii_alphabetic())
        && options.contains(|option| letters.contains(option))
}

fn started(stat: &Stat) -> Option<Timestamp> {
    let after_boot = stat.starttime.checked_div(procfs::ticks_per_second())?;
    let seconds = procfs::boot_time_secs().ok()?.checked_add(after_boot)?;
    i64::try_from(seconds).ok().map(Timestamp)
}

fn parent(stat: &Stat) -> Option<Parent> {
    if stat.ppid == 0 {
        return None;
    }
    let exe = Process::new(stat.ppid).ok().as_ref().and_then(exe);
    Some(Parent { pid: pid(stat.ppid), exe })
}

/// The controlling terminal, by its device number: a pseudo terminal (majors 136 to 143, 256 in each) or a console.
pub(super) fn terminal(device: (i32, i32)) -> Option<String> {
    match device {
        (major @ 136..=143, minor) => Some(format!("pts/{}", (major - 136) * 256 + minor)),
        (4, minor @ 0..=63) => Some(format!("tty{minor}")),
        (4, minor) => Some(format!("ttyS{}", minor - 64)),
        _ => None,
    }
}

/// The kernel's process ids are positive; procfs gives them signed.
fn pid(pid: i32) -> u32 {
    pid.unsigned_abs()
}

/// The name of user `uid` in `/etc/passwd`.
pub(crate) fn user_name(uid: u32) -> Option<String> {
    let passwd = fs::read_to_string("/etc/passwd").ok()?;
    let wanted = uid.to_string();
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == wanted).then(|| name.to_owned())
    })
}
