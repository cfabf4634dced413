//! What is different where the database is on RDS: the server proves by a certificate who it is, a token
//! is the password, and a function migrates.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something is not as it must be"
)]

mod authority;
mod cleartext;
mod migration;
mod server;
mod tls;
