//! The whole system from outside: real HTTP, the real functions behind the Runtime API, a real database.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that finds something else than it looks for ends by it"
)]

#[path = "../support/audit.rs"]
mod audit;
#[path = "../support/callback.rs"]
mod callback;
#[path = "../support/cloud.rs"]
mod cloud;
#[path = "../support/database.rs"]
#[allow(dead_code, reason = "the tests of the warehouse use the rest of it")]
mod database;
#[path = "../support/logs.rs"]
mod logs;
#[path = "../support/observe.rs"]
mod observe;

mod callbacks;
mod factory;
mod losses;
mod purchase;
