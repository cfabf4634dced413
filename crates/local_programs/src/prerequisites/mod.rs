//! Finds or installs what the local cloud needs. Installs without asking, once, into a cache.
//!
//! [`check`] names everything that is missing and cannot be put into the cache.

mod apt;
mod cache;
mod check;
mod chromium;
mod missing;
mod mysqld;
mod node;
mod python;
mod unpacked;

pub use cache::Cache;
pub use check::check;
pub use chromium::chromium;
pub use mysqld::{Mysqld, mysqld};
pub use node::NodePackages;
pub use python::PythonPackages;
