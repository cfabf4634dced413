//! What is different with a database on RDS: the server proves its identity by a certificate, the password is an IAM
//! token, and a function runs the migrations.
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
