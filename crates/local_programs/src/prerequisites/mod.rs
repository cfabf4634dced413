//! Finds or installs what the local cloud needs. Installs without asking, once, into a cache.

mod apt;
mod cache;
mod chromium;
mod mysqld;
mod node;
mod python;

pub use cache::Cache;
pub use chromium::chromium;
pub use mysqld::mysqld;
pub use node::NodePackages;
pub use python::PythonPackages;
