//! What the local cloud needs and a fresh machine has not: gotten without questions, once, into a cache.

mod cache;
mod mysqld;
mod python;

pub use cache::Cache;
pub use mysqld::mysqld;
pub use python::PythonPackages;
