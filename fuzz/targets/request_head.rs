#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| gate::fuzzing::request_head(bytes));
