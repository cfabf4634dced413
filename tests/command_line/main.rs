//! The command `restock` as people run it: the real binary, in a folder of its own.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on says why")]

mod audit;
mod demo;
mod end;
mod mistakes;
mod run;
mod sandbox;
mod up;
