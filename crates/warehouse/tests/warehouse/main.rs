//! The warehouse against a real database server: each test in a database of its own.
#![allow(clippy::expect_used, clippy::panic, reason = "a failed test panics")]

mod arrival;
mod boundaries;
mod buckets;
mod change;
mod closing;
mod database_url;
mod factory;
mod failures;
mod invariants;
mod late_goods;
mod migrations;
mod procedures;
mod product;
mod refusal;
mod restock;
mod sale;
mod sent_orders;
mod session;
mod sweep;
mod told;
mod unreadable;
