//! The properties that each parser must have, shared with the property tests.

#[path = "../crates/http_api/tests/laws/mod.rs"]
mod laws;

pub use laws::*;
