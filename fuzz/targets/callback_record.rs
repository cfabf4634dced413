//! Input: a message of `completion_queue` as the JSON record that Lambda delivers.
#![no_main]

use restock_fuzz::a_record_is_authenticated_or_refused;

libfuzzer_sys::fuzz_target!(|record: &[u8]| a_record_is_authenticated_or_refused(record));
