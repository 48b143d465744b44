//! Who listens and who still runs, against real sockets and processes.

use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};

use desk::ports::Processes as _;
use domain::{Listener, Program, Timestamp};
use rustix::io::{FdFlags, fcntl_setfd};
use socket2::{Domain, Socket, Type};

use super::{SystemProcesses, process, socket};

fn at(ip: &str, port: u16) -> Listener {
    SystemProcesses.listener(SocketAddr::new(ip.parse().unwrap(), port))
}

/// The listening program, which is one of our own user's.
fn own(listener: Listener) -> Program {
    match listener {
        Listener::Own { program } => program.unwrap(),
        other @ (Listener::Nobody
        | Listener::Unknown
        | Listener::Root { .. }
        | Listener::OtherUser { .. }) => {
            panic!("{other:?}")
        }
    }
}

fn port_of(listener: &TcpListener) -> u16 {
    listener.local_addr().unwrap().port()
}

#[test]
fn a_listener_is_found_on_either_family_and_where_it_listens_on_all_addresses() {
    let every: [(&str, &[&str]); 4] = [
        ("127.0.0.1:0", &["127.0.0.1", "0.0.0.0", "::ffff:127.0.0.1"]),
        ("[::1]:0", &["::1", "::"]),
        ("0.0.0.0:0", &["127.0.0.1", "127.9.8.7"]),
        ("[::]:0", &["::1", "127.0.0.1"]),
    ];
    for (bound, dialled) in every {
        let listener = TcpListener::bind(bound).unwrap();
        for ip in dialled {
            let program = own(at(ip, port_of(&listener)));
            assert_eq!(program.pid, std::process::id(), "{ip} of {bound}");
            assert_eq!(program.exe.as_deref(), std::env::current_exe().unwrap().to_str());
        }
    }
}

#[test]
fn where_nobody_listens_any_more_nobody_is_found() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = port_of(&listener);
    assert_eq!(at("::1", port), Listener::Nobody, "the other family is another address");
    drop(listener);
    assert_eq!(at("127.0.0.1", port), Listener::Nobody);
}

#[test]
fn of_processes_that_share_a_listener_the_first_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    fcntl_setfd(&listener, FdFlags::empty()).unwrap();
    let mut worker = asleep();
    let found = own(at("127.0.0.1", port_of(&listener)));
    assert_eq!(found.pid, std::process::id().min(worker.id()));
    end(&mut worker);
}

#[test]
fn every_socket_that_shares_a_port_is_looked_at() {
    let bind = |port: u16| {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        socket.set_reuse_port(true).unwrap();
        socket.bind(&SocketAddr::from(([127, 0, 0, 1], port)).into()).unwrap();
        socket.listen(1).unwrap();
        socket
    };
    let first = bind(0);
    let addr = first.local_addr().unwrap().as_socket().unwrap();
    let second = bind(addr.port());
    assert_eq!(socket::all_listening(addr).unwrap().len(), 2);
    assert_eq!(own(at("127.0.0.1", addr.port())).pid, std::process::id());
    drop(second);
    assert_eq!(socket::all_listening(addr).unwrap().len(), 1);
}

#[test]
fn a_process_runs_until_it_ends_and_another_of_its_number_is_another() {
    let mut child = asleep();
    let pid = i32::try_from(child.id()).unwrap();
    let seen = process::describe(&procfs::process::Process::new(pid).unwrap(), 0);
    assert_eq!(SystemProcesses.is_running(&seen), Some(true));
    let earlier = Program { started: Some(Timestamp(1)), ..seen.clone() };
    assert_eq!(SystemProcesses.is_running(&earlier), Some(false), "the number was used again");
    let other = Program { exe: Some("/usr/bin/other".to_owned()), ..seen.clone() };
    assert_eq!(SystemProcesses.is_running(&other), Some(false));
    end(&mut child);
    assert_eq!(SystemProcesses.is_running(&seen), Some(false));
}

#[test]
fn a_terminal_is_named_by_its_device() {
    let named = |device| process::terminal(device);
    assert_eq!(named((136, 3)).as_deref(), Some("pts/3"));
    assert_eq!(named((137, 1)).as_deref(), Some("pts/257"));
    assert_eq!(named((4, 1)).as_deref(), Some("tty1"));
    assert_eq!(named((4, 65)).as_deref(), Some("ttyS1"));
    assert_eq!(named((0, 0)), None, "it has none");
}

fn asleep() -> Child {
    Command::new("sleep").arg("600").stdin(Stdio::null()).spawn().unwrap()
}

fn end(child: &mut Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}
