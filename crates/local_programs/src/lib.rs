//! Programs on this machine that the local cloud and the tests need.
//!
//! - [`process`]: starts programs that end with this process, and creates temporary folders that are removed with it.
//! - [`prerequisites`]: finds or installs what a fresh machine lacks (a database server, Python packages). Installs
//!   once, into `~/.cache/restock`.
//! - [`build`]: builds the functions of this checkout.
//! - [`packages`]: packs the functions for a deployment to AWS.
//! - [`console`]: prints progress.
//!
//! Of AWS, knows only the form of packages for Lambda. Knows nothing of SQL or the shop, and uses no other crate of this
//! workspace. Start with [`process::Program`].

pub mod build;
pub mod console;
pub mod packages;
pub mod prerequisites;
pub mod process;
