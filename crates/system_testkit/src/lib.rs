//! What the tests of the whole deployed system share: [`cloud::System`] is the system, up for one test; the other
//! modules ask it and act on it. Ending a test checks the seven invariants and every log line.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where something is not as it must be"
)]
#![allow(missing_docs, reason = "test code: the names say it")]

pub mod callback;
pub mod cloud;
pub mod customer;
pub mod invariants;
pub mod logs;
pub mod observe;
pub mod traces;
