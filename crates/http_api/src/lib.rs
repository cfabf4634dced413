//! Parsers of what customers, the factory and the queue send.
//!
//! Each parser is a pure function from the input to types of `domain`, or to an error that says what valid input is.
//! There is no I/O here, so the parsers can be tested with millions of inputs. `tests/` and `fuzz/` check the same
//! laws.

pub mod callback;
pub mod checkout;
pub mod depletion;
mod error;
pub mod factory_answer;
pub mod http;
pub mod origin;
pub mod product;
pub mod products;

pub use error::Error;
