//! The steps of a restock.
//!
//! `start-restock` takes depletions from the queue and starts the `restock` machine, whose steps open
//! a restock, place an order with the factory, wait for its goods and put them in stock, or close the
//! restock and report. Each module is a step's handler; `src/bin/` wires it to its clients and runs it.

pub mod await_completion;
pub mod close_restock;
pub mod factory;
pub mod increment_stock;
pub mod open_restock;
pub mod place_order;
pub mod report;
pub mod start_restock;
