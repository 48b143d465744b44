//! What must hold for any bytes that come in at the port. `fuzz/` hands these functions bytes that it makes up, and a test of each
//! the corpus it keeps.

pub use crate::api::fuzzing::json_body;
pub use crate::http::fuzzing::request_head;

#[cfg(test)]
mod tests {
    use std::io;

    use domain::fuzzing::replay;

    use super::*;

    #[test]
    fn the_corpus_of_heads_holds() -> io::Result<()> {
        replay("request_head", request_head)
    }

    #[test]
    fn the_corpus_of_bodies_holds() -> io::Result<()> {
        replay("json_body", json_body)
    }
}
