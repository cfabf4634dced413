//! The two functions that migrate the database when the system is deployed. `start-migration` is placed `public`: it
//! can read the password of the master user but cannot reach the database. `migrate` is placed `vpc`: it can reach the
//! database but cannot read the password by itself. `terraform/migrations.tf` says why, and calls them.

mod credentials;
pub mod migrate;
pub mod start_migration;

pub use credentials::MasterCredentials;
