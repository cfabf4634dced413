//! Any deployment, as a customer and its operators see it: `RESTOCK_DEPLOYMENT=outputs.json` names one, on AWS or
//! anywhere; else a local one is brought up for each test, so that these tests are always run. They need no
//! database and no way into the emulator.
//!
//! What they do to a shop that others use: they buy a few, one at a time, under keys of their own. They buy all there
//! is only where `RESTOCK_SELL_OUT=yes` allows it.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something is not as it must be"
)]

mod deployment;

mod customers;
mod names;
mod operations;
mod selling_out;
