//! One module for each subcommand: its arguments, and the call into the library that does the work.

pub mod advise;
pub mod audit;
mod backing_services_arguments;
pub mod buy;
pub mod changes;
pub mod cost;
pub mod dead_letters;
pub mod demo;
mod deployment_arguments;
pub mod factory;
pub mod fault;
pub mod generated;
mod instructions;
pub mod logs;
pub mod mails;
mod outputs_file;
pub mod pictures;
pub mod queries;
pub mod redrive;
pub mod sandbox;
mod signals;
pub mod status;
pub mod stress;
pub mod up;
pub mod watch;
pub mod why;
mod zone_argument;
