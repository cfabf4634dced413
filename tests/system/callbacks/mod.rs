//! Callbacks, row by row of the design.

mod early;
pub mod good;
mod late;
pub mod outage;
mod refused;
mod short;
mod unauthorized;
