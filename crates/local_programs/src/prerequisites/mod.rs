//! Finds or installs what the local cloud needs. Installs without asking, once, into a cache.

mod cache;
mod mysqld;
mod python;

pub use cache::Cache;
pub use mysqld::mysqld;
pub use python::PythonPackages;
