//! The command `restock`: the local cloud, the demo, and what operations need.
//!
//! The system itself is in `functions/`, `statemachines/` and `migrations/`. What is here runs it on a
//! laptop ([`cloud`], [`factory`]), tells its story ([`demo`]), keeps it up ([`up`]) and looks after it
//! ([`operations`]).

pub mod cloud;
pub mod cost;
pub mod demo;
pub mod factory;
mod http;
pub mod narrator;
pub mod operations;
pub mod proof;
pub mod queries;
pub mod shop;
pub mod signals;
pub mod stand_ins;
pub mod up;
