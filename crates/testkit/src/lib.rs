//! What tests of several crates share: [`polling`] with a deadline, a [`database`] for each test, [`invalid`] rows,
//! the [`sessions`] of a database server, the SQL of a [`repair`] that an audit prints, and [`outputs`] of no deployment.
//!
//! Links no AWS client. The tests of the whole deployed system build on `system_testkit`.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a failed expectation fails the test"
)]
#![allow(missing_docs, reason = "test code: the names say it")]

pub mod database;
pub mod invalid;
pub mod outputs;
pub mod polling;
pub mod repair;
pub mod sessions;
pub mod transitions;
