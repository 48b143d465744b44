//! What must hold for any bytes in the header's place. `fuzz/` hands this bytes that it makes up, and a test the corpus it keeps.

use crate::header::Header;

/// A header is refused, or it is written back as it was read. What deriving a key costs is bounded by then, and not paid here.
pub fn header(bytes: &[u8]) {
    if let Ok(header) = Header::decode(bytes) {
        assert_eq!(header.encode(), bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_corpus_of_headers_holds() -> std::io::Result<()> {
        domain::fuzzing::replay("vault_header", header)
    }
}
