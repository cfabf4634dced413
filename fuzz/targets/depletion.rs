//! Input: the body of a message in `stock_queue`.
#![no_main]

use restock_fuzz::a_message_is_a_depletion_or_none;

libfuzzer_sys::fuzz_target!(|body: &str| a_message_is_a_depletion_or_none(body));
