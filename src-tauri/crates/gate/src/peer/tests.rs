//! The kernel's word against real sockets and processes.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};

use domain::Program;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use socket2::{Domain, Socket, Type};

use super::process::script;
use super::socket::Unseen;
use super::{Holder, connected, holder_of, with_socket};

fn program_behind(peer: SocketAddr, local: SocketAddr) -> Option<Program> {
    with_socket(&connected(peer, local).unwrap())
}

fn listener(addr: &str) -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind(addr).unwrap();
    let addr = listener.local_addr().unwrap();
    (listener, addr)
}

#[test]
fn a_client_inside_this_process_is_this_process() {
    for addr in ["127.0.0.1:0", "[::1]:0"] {
        let (listener, addr) = listener(addr);
        let _client = TcpStream::connect(addr).unwrap();
        let (served, peer) = listener.accept().unwrap();
        let program = program_behind(peer, served.local_addr().unwrap()).unwrap();
        assert_eq!(program.pid, std::process::id());
        assert_eq!(program.exe.as_deref(), std::env::current_exe().unwrap().to_str());
        assert_eq!(program.uid, rustix::process::geteuid().as_raw());
        assert_eq!(program.script, None);
        assert!(program.started.unwrap().0 > 1_600_000_000);
        assert_eq!(program.parent.unwrap().pid, std::os::unix::process::parent_id());
    }
}

#[test]
fn another_process_is_told_by_executable_script_and_parent() {
    let (listener, addr) = listener("127.0.0.1:0");
    let temp = std::fs::canonicalize(std::env::temp_dir()).unwrap();
    let path = temp.join(format!("fieldgate-peer-{}.sh", std::process::id()));
    std::fs::write(&path, "exec 3<>/dev/tcp/127.0.0.1/$1\nread -r line\n").unwrap();
    let mut child = Command::new("bash")
        .args(["--norc", path.to_str().unwrap(), &addr.port().to_string()])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let (served, peer) = listener.accept().unwrap();
    let program = program_behind(peer, served.local_addr().unwrap()).unwrap();
    drop(child.stdin.take());
    child.wait().unwrap();
    std::fs::remove_file(&path).unwrap();

    assert_eq!(program.pid, child.id());
    assert!(program.exe.unwrap().ends_with("/bash"));
    assert_eq!(program.script.as_deref(), path.to_str());
    let parent = program.parent.unwrap();
    assert_eq!(parent.pid, std::process::id());
    assert_eq!(parent.exe.as_deref(), std::env::current_exe().unwrap().to_str());
}

#[test]
fn an_ipv6_socket_that_speaks_ipv4_is_found() {
    let (listener, addr) = listener("127.0.0.1:0");
    let client = Socket::new(Domain::IPV6, Type::STREAM, None).unwrap();
    client.set_only_v6(false).unwrap();
    let mapped: Ipv6Addr = std::net::Ipv4Addr::LOCALHOST.to_ipv6_mapped();
    client.connect(&SocketAddr::from((mapped, addr.port())).into()).unwrap();
    let (served, peer) = listener.accept().unwrap();
    assert!(peer.is_ipv4());
    let program = program_behind(peer, served.local_addr().unwrap()).unwrap();
    assert_eq!(program.pid, std::process::id());
}

#[test]
fn a_connection_that_is_gone_has_nobody_behind_it() {
    let (listener, addr) = listener("127.0.0.1:0");
    let client = TcpStream::connect(addr).unwrap();
    let (served, peer) = listener.accept().unwrap();
    drop(client);
    let mut end = String::new();
    BufReader::new(&served).read_line(&mut end).unwrap();
    assert!(matches!(connected(peer, served.local_addr().unwrap()), Err(Unseen::Gone)));
}

/// Counts on this test having a process of its own: nextest sees to that.
#[test]
fn tables_that_cannot_be_read_are_not_taken_for_empty_ones() {
    let (listener, addr) = listener("127.0.0.1:0");
    let _client = TcpStream::connect(addr).unwrap();
    let (served, peer) = listener.accept().unwrap();
    let local = served.local_addr().unwrap();
    let limit = getrlimit(Resource::Nofile);
    // No number below the limit is free now, so nothing more can be opened.
    setrlimit(Resource::Nofile, Rlimit { current: Some(0), maximum: limit.maximum }).unwrap();
    let unseen = connected(peer, local);
    setrlimit(Resource::Nofile, limit).unwrap();
    assert!(matches!(unseen, Err(Unseen::Unreadable(_))), "{unseen:?}");
    assert_eq!(connected(peer, local).unwrap().uid, rustix::process::geteuid().as_raw());
}

/// What is seen of `bash script` run in `folder`, where the script connects to its first argument; it has deleted
/// itself before when `deletes`.
fn script_seen(folder: &Path, deletes: bool) -> Option<String> {
    let (listener, addr) = listener("127.0.0.1:0");
    let first = if deletes { "rm -- \"$0\"\n" } else { "" };
    let text = format!("{first}exec 3<>/dev/tcp/127.0.0.1/$1\nread -r line\n");
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(folder.join("sync.sh"), text).unwrap();
    let mut child = Command::new("bash")
        .args(["--norc", "sync.sh", &addr.port().to_string()])
        .current_dir(folder)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let (served, peer) = listener.accept().unwrap();
    let program = program_behind(peer, served.local_addr().unwrap()).unwrap();
    drop(child.stdin.take());
    child.wait().unwrap();
    assert_eq!(program.pid, child.id());
    program.script
}

#[test]
fn one_name_in_two_folders_is_two_scripts_and_no_file_is_none() {
    let temp = std::fs::canonicalize(std::env::temp_dir()).unwrap();
    let folder = temp.join(format!("fieldgate-scripts-{}", std::process::id()));
    let (one, other) = (folder.join("one"), folder.join("other"));
    let seen = [script_seen(&one, false), script_seen(&other, false), script_seen(&one, true)];
    std::fs::remove_dir_all(&folder).unwrap();
    let named = |folder: &Path| folder.join("sync.sh").to_str().map(str::to_owned);
    assert_eq!(seen, [named(&one), named(&other), None]);
}

#[test]
fn the_two_ends_of_a_connection_are_told_apart() {
    let (listener, addr) = listener("127.0.0.1:0");
    let mut child = Command::new("bash")
        .args(["-c", "exec 3<>/dev/tcp/127.0.0.1/$0; read -r line", &addr.port().to_string()])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let (served, peer) = listener.accept().unwrap();
    let local = served.local_addr().unwrap();
    let (theirs, ours) = (program_behind(peer, local).unwrap(), program_behind(local, peer).unwrap());
    child.stdin.take().unwrap().write_all(b"\n").unwrap();
    child.wait().unwrap();
    assert_eq!((theirs.pid, ours.pid), (child.id(), std::process::id()));
    assert_eq!(theirs.script, None, "code on the command line is no script");
}

#[test]
fn who_listens_on_all_addresses_holds_each_of_them() {
    for (own, asked) in [
        ("127.0.0.1:0", "127.0.0.1"),
        ("0.0.0.0:0", "127.0.0.1"),
        ("[::]:0", "127.0.0.1"),
        ("[::1]:0", "[::1]"),
        ("[::]:0", "[::1]"),
    ] {
        let (listener, addr) = listener(own);
        let asked: SocketAddr = format!("{asked}:{}", addr.port()).parse().unwrap();
        let holder = holder_of(asked).unwrap();
        assert_eq!(holder.program.unwrap().pid, std::process::id(), "{own} {asked}");
        drop(listener);
        assert_eq!(holder_of(asked), None, "{own} {asked}");
    }
}

#[test]
fn a_listener_on_another_address_holds_nothing_here() {
    let (_listener, addr) = listener("127.0.0.2:0");
    assert_eq!(holder_of(SocketAddr::from(([127, 0, 0, 1], addr.port()))), None);
    assert_eq!(holder_of(SocketAddr::from((Ipv6Addr::LOCALHOST, addr.port()))), None);
}

#[test]
fn only_interpreters_have_scripts_and_code_is_none() {
    for (exe, arguments, expected) in [
        ("/usr/bin/python3.11", vec!["python3", "-u", "pos.py", "x"], Some("pos.py")),
        ("/usr/bin/python3", vec!["python3", "-m", "http.server"], Some("http.server")),
        ("/usr/bin/python3", vec!["python3", "-c", "secret()"], None),
        ("/usr/bin/python3", vec!["python3"], None),
        ("/usr/bin/bash", vec!["bash", "-lc", "secret"], None),
        ("/usr/bin/dash", vec!["sh", "-e", "deploy.sh"], Some("deploy.sh")),
        ("/usr/bin/perl", vec!["perl", "-ne", "secret"], None),
        ("/usr/bin/php8.2", vec!["php", "artisan"], Some("artisan")),
        ("/opt/node/bin/node", vec!["node", "--inspect", "/srv/shop.js"], Some("/srv/shop.js")),
        ("/opt/node/bin/node", vec!["node", "--eval", "secret"], None),
        ("/usr/bin/deno", vec!["deno", "run", "a.ts"], Some("a.ts")),
        ("/usr/bin/curl", vec!["curl", "http://127.0.0.1"], None),
    ] {
        let given: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
        assert_eq!(script(exe, &given).as_deref(), expected, "{arguments:?}");
    }
}

#[test]
fn a_holder_without_a_known_program_is_named_by_its_user() {
    let named = Holder { uid: 0, user: Some("root".to_owned()), program: None };
    assert_eq!(named.to_string(), "a program of user root");
    let numbered = Holder { uid: 4711, user: None, program: None };
    assert_eq!(numbered.to_string(), "a program of user 4711");
}
