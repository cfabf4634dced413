//! The warehouse with a real database server. Each test has its own database.
#![allow(clippy::expect_used, clippy::panic, reason = "a failed expectation fails the test")]

mod arrival;
mod invariants;
mod migrations;
mod restock;
mod sale;
mod session;
mod sweep;
