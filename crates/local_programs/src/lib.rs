//! Programs on this machine: what the local cloud and the tests start, and how they get it.
//!
//! - [`process`]: starts a program that ends with this process, in a folder of its own.
//! - [`prerequisites`]: finds or installs what a fresh machine lacks (a database server, Python packages), once,
//!   into `~/.cache/restock`.
//! - [`build`]: builds the functions of this checkout.
//! - [`console`]: prints progress for the person who waits.
//!
//! Knows nothing of AWS, SQL or the shop.

pub mod build;
pub mod console;
pub mod prerequisites;
pub mod process;
