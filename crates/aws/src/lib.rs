//! What the functions outside the VPC share: the AWS clients and the starting of executions.

mod clients;
mod error;
mod state_machine;

pub use clients::{aws, step_functions};
pub use error::Error;
pub use state_machine::{Ended, Started, StateMachine};
