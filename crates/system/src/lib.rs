//! What is deployed, as types: `system.json` and the definitions in `statemachines/`.
//!
//! Terraform reads the same files. Start with [`System::read`]; [`System::definition`] gives a state machine as it is
//! deployed. Links no AWS client, so a test that reads only definitions builds quickly.

mod asl;
mod definition;
mod local_names;
mod state_machines;
mod template;

pub use definition::{
    EndedReports, Function, Placement, Queue, Schedule, Settings, Statement, System,
};
pub use local_names::{ACCOUNT, REGION, execution_arn, function_arn, machine_arn, queue_arn};
pub use template::Values;

/// The root of the checkout that this was built from.
pub const CHECKOUT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
