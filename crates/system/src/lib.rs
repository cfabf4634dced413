//! The definition of the system as types: `system.json` and the state machines in `statemachines/`.
//!
//! Terraform and the local cloud deploy from the same files. Start with [`System::read`]; [`System::definition`] returns a
//! state machine as deployed. Uses no other crate of this workspace and no AWS client, so tests that read only
//! definitions build quickly.

mod asl;
mod definition;
mod local_names;
mod state_machines;
mod template;

pub use definition::{
    EndedReports, Function, Placement, Queue, QueueRoute, Schedule, Settings, Statement, System,
};
pub use local_names::{ACCOUNT, REGION, execution_arn, function_arn, machine_arn, queue_arn};
pub use template::Values;

/// The path of the checkout from which this crate was built.
pub const CHECKOUT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
