//! AWS clients of the functions that are placed `public`, starting of executions, and waiting for functions in the VPC.

mod clients;
mod error;
mod readiness;
mod state_machine;

pub use clients::{aws, aws_of_person, aws_without_environment, step_functions};
pub use error::Error;
pub use readiness::{Readiness, when_ready};
pub use state_machine::{Restart, Started, StateMachine};
