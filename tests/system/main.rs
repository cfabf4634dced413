//! The whole system from outside: real HTTP, the real functions behind the Runtime API, a real database.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something is not as it must be"
)]

#[path = "../support/cloud.rs"]
mod cloud;
#[path = "../support/database.rs"]
#[allow(dead_code, reason = "the tests of the warehouse use the rest of it")]
mod database;

mod purchase;
