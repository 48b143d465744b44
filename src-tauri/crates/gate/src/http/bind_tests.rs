//! The port: both families or nobody's.

use std::io;
use std::net::{SocketAddr, TcpListener};

use super::bind::lacks_family;
use super::testkit::{PATIENCE, run, unhurried};
use super::{BindError, bind};

fn taken(port: u16) -> (SocketAddr, String, u32) {
    match bind(port).expect_err("the port is taken") {
        BindError::Taken { addr, holder } => {
            let holder = holder.expect("the holder is known");
            (addr, holder.to_string(), holder.program.expect("and its program").pid)
        }
        error @ BindError::Io { .. } => panic!("{error}"),
    }
}

#[test]
fn any_port_is_the_same_on_both_families_and_on_loopback_only() {
    let listeners = bind(0).unwrap();
    assert!(!listeners.v6_missing());
    let port = listeners.port();
    assert_eq!(taken(port).0, SocketAddr::from(([127, 0, 0, 1], port)));
    // Another loopback address stays free: nothing listens on all addresses.
    drop(TcpListener::bind(("127.0.0.2", port)).unwrap());
}

#[test]
fn a_port_taken_on_either_family_names_its_holder() {
    for own in ["127.0.0.1:0", "[::1]:0", "0.0.0.0:0", "[::]:0"] {
        let occupant = TcpListener::bind(own).unwrap();
        let port = occupant.local_addr().unwrap().port();
        let (addr, holder, pid) = taken(port);
        assert_eq!(addr.is_ipv6(), own == "[::1]:0", "{own}");
        assert_eq!(pid, std::process::id(), "{own}");
        let exe = std::env::current_exe().unwrap();
        assert!(holder.contains(exe.to_str().unwrap()), "{holder}");
        // Nothing of ours is left listening on the free family.
        drop(occupant);
        drop(bind(port).unwrap());
    }
}

#[tokio::test]
async fn a_port_can_be_taken_again_right_after_its_connections_were_closed() {
    let gate = run(unhurried());
    gate.is_well().await;
    gate.stop.send(true).unwrap();
    tokio::time::timeout(PATIENCE, gate.served).await.expect("it ends").unwrap().unwrap();
    assert_eq!(bind(gate.port).unwrap().port(), gate.port);
}

#[test]
fn a_machine_without_ipv6_is_told_apart_from_a_taken_port() {
    use rustix::io::Errno;
    for (errno, missing) in [
        (Errno::AFNOSUPPORT, true),
        (Errno::ADDRNOTAVAIL, true),
        (Errno::ADDRINUSE, false),
        (Errno::ACCESS, false),
        (Errno::MFILE, false),
    ] {
        assert_eq!(lacks_family(&io::Error::from_raw_os_error(errno.raw_os_error())), missing, "{errno:?}");
    }
}
