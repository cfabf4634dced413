//! The warehouse against a real database server: each test in a database of its own.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something is not as it must be"
)]

#[path = "../support/database.rs"]
mod database;
#[path = "../support/repair.rs"]
mod repair;

mod arrival;
mod audit;
mod invariants;
mod migrations;
mod restock;
mod sale;
mod session;
mod sweep;
mod users;

/// What the execution of the first restock says when it gives up.
fn restock_closed(execution: &str) -> warehouse::CloseReason {
    warehouse::CloseReason {
        sku: database::sku(),
        restock_cycle: 1.try_into().expect("a cycle"),
        execution: execution.to_owned(),
        failure: "Restock.Exhausted".to_owned(),
    }
}
