//! Input, one line each: order, quantity, expiry and signature. A fuzzer cannot guess a valid signature, so the signature
//! `signed` stands for the valid one, in which the first occurrence of line 5 is replaced by line 6.
#![no_main]

use restock_fuzz::{Url, a_url_is_ours_or_refused};

libfuzzer_sys::fuzz_target!(|input: &str| {
    let mut lines = input.split('\n').map(str::to_owned);
    let mut line = || lines.next().unwrap_or_default();
    let mut url = Url { order: line(), quantity: line(), expires: line(), signature: line() };
    if url.signature == "signed"
        && let Some(claim) = url.claim()
    {
        url.signature = Url::of(&claim).signature.replacen(&line(), &line(), 1);
    }
    a_url_is_ours_or_refused(&url);
});
