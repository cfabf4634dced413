//! The whole system from outside: real HTTP, the real functions behind the Runtime API, a real database.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something is not as it must be"
)]

#[path = "../support/cloud.rs"]
#[allow(dead_code, reason = "other tests of the whole system use the rest of it")]
mod cloud;
#[path = "../support/customer.rs"]
mod customer;
#[path = "../support/database.rs"]
#[allow(dead_code, reason = "the tests of the warehouse use the rest of it")]
mod database;
#[path = "../support/traces.rs"]
mod traces;

mod checkout;
mod depletion;
mod failure;
mod messages;
mod not_known;
mod product;
mod purchase;
mod refusals;
