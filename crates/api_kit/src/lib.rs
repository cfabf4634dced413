//! What a user of the HTTP API can try.
//!
//! - [`collection`]: the Postman collection that is made from `openapi.json`, and newman, which runs it.
//! - [`load`]: load runs. k6 buys, or the crate itself at a steady rate; afterwards the answers are compared with the ledger, and the audit must find nothing.
//!
//! The scripts are in `api/`. Node.js, newman and k6 are installed into the cache when they are first needed. Runs only
//! against systems on this machine. Start with [`load::run`].

pub mod collection;
pub mod load;
