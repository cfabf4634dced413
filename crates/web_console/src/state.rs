//! What the page shows, as JSON.

use std::collections::BTreeMap;

use local_cloud::mailbox::Mail;
use operations::{dead_letters::Prediction, status::ProductStatus};
use serde::Serialize;
use warehouse::audit::FailureOverview;

/// A deployment at one moment.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(crate) struct State {
    /// By SKU.
    pub products: Vec<ProductStatus>,
    /// The latest failed restocks, the latest first.
    pub failures: Vec<FailureOverview>,
    /// The factory simulators, by the id of their factory. Empty on AWS.
    pub factories: BTreeMap<String, FactoryState>,
    /// The latest executions, the newest first.
    pub executions: Vec<ExecutionState>,
    /// The mails to operations, the newest first. Empty on AWS.
    pub mails: Vec<Mail>,
    /// The functions that can be killed, and whether a kill waits for their next invocation. Empty on AWS.
    pub crashes: BTreeMap<String, bool>,
    /// The oldest first.
    pub dead_letters: Vec<LetterState>,
    /// Why the deployment could not be read just now.
    pub error: Option<String>,
}

/// A factory simulator.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(crate) struct FactoryState {
    /// The name of the active fault.
    pub fault: Option<String>,
    /// The latest orders, the newest first.
    pub orders: Vec<FactoryOrder>,
}

/// An order at the factory.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct FactoryOrder {
    pub id: String,
    pub product: String,
    pub count: u64,
    /// `taken`, `stage 2`, `called back` and so on.
    pub progress: String,
    /// 0 to 5: accepted, the four stages, called back.
    pub step: u8,
}

/// A dead letter. Without its age, which would make each reading differ.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct LetterState {
    pub id: String,
    /// The product, the restock, the production order or the message.
    pub about: String,
    /// The error name.
    pub error: String,
    pub meaning: Option<&'static str>,
    pub remedy: Option<&'static str>,
    /// The cause of the error; the message if there is none.
    pub cause: String,
    #[serde(flatten)]
    pub prediction: Prediction,
}

/// An execution.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct ExecutionState {
    /// The state machine.
    pub machine: String,
    pub name: String,
    /// `RUNNING`, `SUCCEEDED`, `FAILED` and so on.
    pub status: String,
    /// Milliseconds since 1970.
    pub started_at: i64,
    /// The states that were entered and the errors of their tasks, in order.
    pub steps: Vec<Step>,
    /// A link to the AWS console, or the ARN on this machine.
    pub link: String,
}

/// An event of an execution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Step {
    /// A state was entered.
    Entered(String),
    /// A task failed with this error.
    Failed(String),
    /// The execution ended like this.
    Ended(String),
}
