//! What must hold for any text at all. `fuzz/` hands these functions bytes that it makes up, and a test of each the corpus it keeps.

use std::path::PathBuf;
use std::{fs, io};

use url::Host;

use crate::{AuthorizeRequest, OwnAddress, Permission, PermissionSet, Policy, Redirect};

const OWN: OwnAddress = OwnAddress { port: 21_420 };

/// A query is refused, or it means the same when it is read again, and names whatever it leaves out.
pub fn authorize_query(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(request) = AuthorizeRequest::parse(text, &OWN) else { return };
    assert_eq!(request.query().expose(), text);
    let again = AuthorizeRequest::parse(text, &OWN);
    assert_eq!(again.map(|again| again.fingerprint()), Ok(request.fingerprint()));
    assert!(request.permissions().iter().all(Permission::is_known));
    assert!(request.permissions().len() + request.unknown().len() <= 100);
    assert!(request.identifier().is_none() || request.redirect().is_some());
    assert!(!(request.asked_nothing() && request.only_unknown()));
    for shown in request.unknown().iter().chain(request.display_name()) {
        assert!(!shown.as_str().chars().any(char::is_control), "{shown}");
    }
}

/// Each line that is a permission reads back as it was written and covers itself; together they are a set that narrowing never
/// makes wider.
pub fn permissions(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let set: PermissionSet = text.lines().filter_map(permission).collect();
    let stores: Vec<_> = set.stores().into_iter().cloned().collect();
    let narrowed = set.narrowed_to(&stores);
    assert!(!narrowed.has_unscoped_store_policy());
    if set.iter().all(Permission::is_known) {
        assert!(set.covers_all(&narrowed));
    }
}

fn permission(line: &str) -> Option<Permission> {
    let read = Permission::parse(line).ok()?;
    assert_eq!(Permission::parse(&read.to_string()), Ok(read.clone()));
    assert_eq!(Policy::parse(read.policy().as_str()), Ok(read.policy().clone()));
    assert!(read.covers(&read));
    Some(read)
}

/// A redirect is refused, or it is kept as it was sent, leads to a web server that is not this gate, and its origin and its short
/// form are redirects to the same place.
pub fn redirect(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(redirect) = Redirect::parse(text, &OWN) else { return };
    assert_eq!(redirect.as_sent(), text);
    let url = redirect.url();
    assert!(matches!(url.scheme(), "http" | "https"));
    assert!(url.username().is_empty() && url.password().is_none() && url.fragment().is_none());
    assert!(!text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\'));
    let own_port = url.port_or_known_default() == Some(OWN.port);
    assert!(!(own_port && matches!(url.host(), Some(Host::Ipv4(address)) if address.is_loopback())));
    for short in [redirect.origin(), &redirect.without_query()] {
        // Only what the URL standard makes longer by encoding it can be too long now.
        if short.len() <= text.len() {
            let again = Redirect::parse(short, &OWN);
            assert_eq!(
                again.map(|again| again.origin().to_owned()),
                Ok(redirect.origin().to_owned()),
                "{short}"
            );
        }
    }
}

/// The files of a target's corpus, by name.
///
/// # Errors
/// When it is not there.
pub fn corpus(target: &str) -> io::Result<Vec<(PathBuf, Vec<u8>)>> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../fuzz/corpus")).join(target);
    let files = fs::read_dir(folder)?.map(|entry| {
        let path = entry?.path();
        let bytes = fs::read(&path)?;
        Ok((path, bytes))
    });
    files.collect()
}

/// Runs a target over its corpus, which must not be empty.
///
/// # Errors
/// When the corpus is not there.
pub fn replay(target: &str, run: fn(&[u8])) -> io::Result<()> {
    let corpus = corpus(target)?;
    assert!(!corpus.is_empty(), "nothing is in the corpus of {target}");
    for (path, bytes) in corpus {
        println!("{}", path.display());
        run(&bytes);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_corpus_of_queries_holds() -> io::Result<()> {
        replay("authorize_query", authorize_query)
    }

    #[test]
    fn the_corpus_of_permissions_holds() -> io::Result<()> {
        replay("permissions", permissions)
    }

    #[test]
    fn the_corpus_of_redirects_holds() -> io::Result<()> {
        replay("redirect", redirect)
    }
}
