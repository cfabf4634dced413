//! Bad input, known and generated: every parser obeys the laws in `laws/` for any input, and accepts every valid input.
#![allow(clippy::expect_used, clippy::panic, reason = "a failed expectation fails the test")]

#[path = "../laws/mod.rs"]
mod laws;

mod generated;
mod known;
mod signed;
