//! The laws that the property tests hold the readers to, for the fuzz targets.

#[path = "../crates/http_api/tests/laws/mod.rs"]
mod laws;

pub use laws::*;
