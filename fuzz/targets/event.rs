//! Input: an HTTP request as the JSON event that API Gateway sends to Lambda.
#![no_main]

use restock_fuzz::an_event_is_parsed_or_refused;

libfuzzer_sys::fuzz_target!(|event: &[u8]| an_event_is_parsed_or_refused(event));
