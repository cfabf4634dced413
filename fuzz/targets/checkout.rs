//! Input: the Idempotency-Key on the first line, then the body of the request.
#![no_main]

use restock_fuzz::a_checkout_is_a_purchase_or_refused;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let mut parts = input.splitn(2, |byte| *byte == b'\n');
    let key = String::from_utf8_lossy(parts.next().unwrap_or_default());
    a_checkout_is_a_purchase_or_refused(&key, parts.next().unwrap_or_default());
});
