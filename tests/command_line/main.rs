//! The command `restock`: the real binary, each test in a folder of its own.

#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by ending")]

mod audit;
mod console;
mod data;
mod demo;
mod end;
mod how_to;
mod mistakes;
mod network;
mod operators;
mod output;
mod run;
mod sandbox;
mod up;
