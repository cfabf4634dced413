//! The command `restock` as people run it: the real binary, in a folder of its own.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on says why")]

#[path = "../support/database.rs"]
#[allow(dead_code, reason = "the tests of the warehouse use the rest of it")]
mod database;

mod audit;
mod demo;
mod end;
mod mistakes;
mod run;
mod stand_ins;
mod up;
