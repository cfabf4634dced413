//! Input: the ordered quantity as one byte, then the body of the callback.
#![no_main]

use restock_fuzz::{NOW, a_body_is_counted_or_refused, claim};

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let Some((ordered, body)) = input.split_first() else { return };
    let order = uuid::Uuid::nil().to_string();
    if let Some(claim) = claim(order, u32::from(*ordered), NOW + 1) {
        a_body_is_counted_or_refused(claim, &String::from_utf8_lossy(body));
    }
});
