//! The two functions that bring the database to its shape when the system is deployed, one on each side:
//! who may read the master user's password cannot reach the database, and the other way round. Why, and
//! what they are called with, is in `terraform/migrations.tf`.

mod login;
pub mod migrate;
pub mod start_migration;

pub use login::Login;
