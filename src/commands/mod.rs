//! One module for each subcommand: its arguments, and the call into the library that does the work.

pub mod audit;
pub mod cost;
pub mod demo;
mod deployment_arguments;
pub mod queries;
pub mod redrive;
pub mod sandbox;
mod signals;
pub mod stress;
pub mod up;
pub mod why;
