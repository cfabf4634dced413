//! AWS clients of the functions that are placed `public`, and starting of executions.

mod clients;
mod error;
mod state_machine;

pub use clients::{aws, aws_of_person, aws_without_environment, step_functions};
pub use error::Error;
pub use state_machine::{Restart, Started, StateMachine};
