//! Runs processes of a function as Lambda does, without Lambda.
//!
//! - [`Environment`]: one process of a function, which takes one event at a time. Start here.
//! - [`RuntimeApi`]: the part of the Lambda Runtime API that such a process needs.
//!
//! Uses `local_programs` and no other crate of this workspace. It knows nothing of the shop.

mod api;
mod environment;
#[cfg(test)]
mod tests;

pub use api::{InvocationResult, RuntimeApi};
pub use environment::{Environment, invocation};
