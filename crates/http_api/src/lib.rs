//! Reads what comes from outside: what customers, the factory and the queue send.
//!
//! Each reader is a pure function from what was sent to the words of the shop, or to an error that says
//! what to do. Nothing is asked and nothing is done here, so that a reader can be tried with millions of
//! inputs: see `tests/` and `fuzz/`, which hold them all to the same laws.

pub mod callback;
pub mod checkout;
pub mod depletion;
mod error;
pub mod factory_answer;
pub mod http;
pub mod product;

pub use error::Error;
