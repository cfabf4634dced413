//! The factory's callbacks: each way in which one can come, and what the system does.

mod early;
pub mod good;
mod keys;
mod late;
pub mod outage;
mod refused;
mod short;
mod unauthorized;
