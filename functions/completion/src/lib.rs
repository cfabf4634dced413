//! The steps of a completion: what happens when the factory calls back.
//!
//! `receive-completion` takes the callback and starts the `completion` machine, named after the
//! production order; `record-arrival` decides what the callback is to the restock; `complete-task`
//! tells the execution that waits. Each module is a step's handler; `src/bin/` wires it.

pub mod complete_task;
pub mod receive_completion;
pub mod record_arrival;
