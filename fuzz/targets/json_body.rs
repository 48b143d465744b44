#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| gate::fuzzing::json_body(bytes));
