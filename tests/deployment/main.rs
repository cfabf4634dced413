//! Any deployment, as customers and operators see it. `RESTOCK_DEPLOYMENT=outputs.json` names one, on AWS or elsewhere.
//! Without it each test deploys into a local AWS, so that these tests always run. They use no database and no access to
//! the emulator.
//!
//! On a deployment that customers use, these tests buy a few, one at a time, with new keys. They buy the whole stock
//! only if `RESTOCK_SELL_OUT=yes`.
#![allow(clippy::expect_used, clippy::panic, reason = "a failed expectation fails the test")]

mod deployment;

mod customers;
mod names;
mod operations;
mod selling_out;
