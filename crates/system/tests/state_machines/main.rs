//! What every state machine must be like, and that the machines and the code call errors alike. Each rule
//! is also shown a machine that breaks it.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something is not as it must be"
)]

mod errors;
mod files;
mod machine;
mod states;
mod time;
mod validators;
