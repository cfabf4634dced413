//! The `restock` workflow.
//!
//! `start-restock` receives depletions from the queue and starts the `restock` state machine. Its steps open a
//! restock, send an order to the factory, wait for the callback and credit the arrival. If that fails, they close the
//! restock; the crate `operations-workflow` reports it. Each module has the handler of one function; `src/bin/` creates its clients and runs it.

pub mod await_completion;
pub mod close_restock;
pub mod factory;
pub mod increment_stock;
pub mod open_restock;
pub mod place_order;
pub mod start_restock;
