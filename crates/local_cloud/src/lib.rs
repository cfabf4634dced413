//! The local cloud: the whole system on one machine.
//!
//! - [`LocalCloud`]: backing services with the system deployed on them. Start here.
//! - [`BackingServices`]: the local AWS ([`emulator`]), a database server and the factory simulator.
//! - [`deploy`]: deploys the functions and state machines that Terraform deploys to AWS, from the same definitions.
//! - [`sandbox`]: backing services without the system, for Terraform to deploy to.
//! - [`assortment`]: the second factory and its products, for the demo and `restock up`.
//! - [`crash`]: kills functions on request.
//! - [`redeploy`]: deploys what was saved while the system runs.
//! - [`database_users`]: a database user for each function. [`mailbox`]: the mails that the emulator has stored.
//!
//! May use every crate that needs no local cloud: `system`, `deployment`, `warehouse`, `database_server`,
//! `factory_simulator`, `local_programs` and `http_client`.

pub mod assortment;
mod backing_services;
pub mod crash;
pub mod database_users;
pub mod deploy;
pub mod emulator;
mod local_cloud;
pub mod mailbox;
mod options;
pub mod redeploy;
pub mod sandbox;
mod signed_requests;

pub use backing_services::{BackingServices, FACTORY_SECRET};
pub use local_cloud::LocalCloud;
pub use options::Options;
