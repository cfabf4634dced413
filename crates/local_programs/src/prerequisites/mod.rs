//! Finds or installs what the local cloud needs. Installs without asking, once, into a cache.

mod apt;
mod cache;
mod chromium;
mod mysqld;
mod python;

pub use cache::Cache;
pub use chromium::chromium;
pub use mysqld::mysqld;
pub use python::PythonPackages;
