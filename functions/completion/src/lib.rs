//! The `completion` workflow: handles callbacks of the factory.
//!
//! API Gateway puts a callback into `completion_queue`. `receive-completion` consumes the queue: it checks a callback and
//! starts the `completion` state machine, with the production order as the name of the execution. `record-arrival` records the arrival and determines what has to be done with it.
//! `complete-task` completes the task of the restock that waits. Each module has the handler of one function;
//! `src/bin/` creates its clients and runs it.

pub mod complete_task;
pub mod receive_completion;
pub mod record_arrival;
