//! The whole system from outside: real HTTP, the real functions behind the Runtime API, a real database.
#![allow(clippy::expect_used, clippy::panic, reason = "a failed test panics")]

mod audits;
mod callbacks;
mod checkout;
mod depletion;
mod factory;
mod failed_callbacks;
mod failure;
mod log_lines;
mod mails;
mod messages;
mod migration;
mod not_known;
mod openapi;
mod permissions;
mod product;
mod purchase;
mod recovery;
mod redrive;
mod refusals;
mod schemathesis;
mod throttling;
mod upgrade;
