//! The whole system from outside: real HTTP, the real functions behind the Runtime API, a real database.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something is not as it must be"
)]

#[path = "../support/audit.rs"]
mod audit;
#[path = "../support/callback.rs"]
mod callback;
#[path = "../support/cloud.rs"]
#[allow(dead_code, reason = "other tests of the whole system use the rest of it")]
mod cloud;
#[path = "../support/customer.rs"]
mod customer;
#[path = "../support/database.rs"]
#[allow(dead_code, reason = "the tests of the warehouse use the rest of it")]
mod database;
#[path = "../support/logs.rs"]
mod logs;
#[path = "../support/observe.rs"]
mod observe;
#[path = "../support/patience.rs"]
mod patience;
#[path = "../support/repair.rs"]
mod repair;
#[path = "../support/traces.rs"]
mod traces;
#[path = "../support/transitions.rs"]
#[allow(dead_code, reason = "what is written down is read when all tests have run")]
mod transitions;

mod audits;
mod callbacks;
mod checkout;
mod depletion;
mod document;
mod factory;
mod failure;
mod losses;
mod messages;
mod migration;
mod not_known;
mod permissions;
mod product;
mod purchase;
mod refusals;
mod schemathesis;
mod steps;
