//! AWS clients of the functions that are placed `public` or `private`, starting of executions, secrets, and waiting for functions
//! in the VPC.

mod callback_keys;
mod clients;
mod error;
mod readiness;
mod secrets;
mod state_machine;

pub use callback_keys::{CallbackKeys, KeyError, KeySecrets};
pub use clients::{aws, aws_of_person, aws_without_environment, step_functions};
pub use error::Error;
pub use readiness::{Readiness, is_not_ready, when_ready};
pub use secrets::Secrets;
pub use state_machine::{Restart, Started, StateMachine};
