//! Input: the body of the response of the factory to an order.
#![no_main]

use restock_fuzz::an_answer_names_an_order_or_none;

libfuzzer_sys::fuzz_target!(|body: &[u8]| an_answer_names_an_order_or_none(body));
