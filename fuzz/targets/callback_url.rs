//! Four lines: order, quantity, expiry and signature. No fuzzer guesses a signature, so that the word
//! `signed` stands for ours, in which the fifth line is replaced by the sixth.
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
