//! A deployment of the system, on AWS or on this machine, as its users see it.
//!
//! - [`outputs`]: `outputs.json`, written by `restock up` or `terraform output`. Start here.
//! - [`clients`]: the AWS clients for a deployment.
//! - [`api_client`]: a client of the HTTP API, for customers and for the factory. [`crowd`]: many customers at once.
//!
//! Does not deploy anything and does not know the database.

pub mod api_client;
pub mod clients;
pub mod crowd;
pub mod outputs;
