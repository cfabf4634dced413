//! What the local cloud needs and a fresh machine has not: gotten without questions, once, into a cache.

mod cache;
mod emulator_python;
mod mysqld;

pub use cache::Cache;
pub use emulator_python::{emulator_python, python};
pub use mysqld::mysqld;
