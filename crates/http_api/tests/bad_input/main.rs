//! Bad input by the thousand: every reader holds to the laws of `laws/`, whatever it is given, and takes
//! whatever is well-formed.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something is not as it must be"
)]

#[path = "../laws/mod.rs"]
mod laws;

mod generated;
mod known;
mod signed;
