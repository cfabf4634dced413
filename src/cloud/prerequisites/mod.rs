//! What the local cloud needs and a fresh machine has not: gotten without questions, once, into a cache.

mod cache;
mod emulator_packages;
mod mysqld;

pub use cache::Cache;
pub use emulator_packages::{emulator_packages, interpreter};
pub use mysqld::mysqld;
