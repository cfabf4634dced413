//! The properties that each parser must have, shared with the property tests.

#[path = "../functions/inbound/tests/laws/mod.rs"]
mod laws;

pub use laws::*;
