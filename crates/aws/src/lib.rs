//! AWS clients of the functions that are placed `public` or `private`, starting of executions, and secrets.

mod callback_keys;
mod clients;
mod error;
mod secrets;
mod state_machine;

pub use callback_keys::{CallbackKeys, KeyError, KeySecrets};
pub use clients::{aws, aws_of_person, aws_without_environment, step_functions};
pub use error::Error;
pub use secrets::Secrets;
pub use state_machine::{Restart, Started, StateMachine};
