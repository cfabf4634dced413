//! Input: an HTTP request as the JSON event that API Gateway sends to Lambda.
#![no_main]

use restock_fuzz::an_event_is_answered;

libfuzzer_sys::fuzz_target!(|event: &[u8]| an_event_is_answered(event));
