//! Executions that ended without a report of their own, so EventBridge invokes `report`.

use domain::{ProductionOrderId, RestockId};
use errors::ErrorName;
use serde::{Deserialize, Serialize};

/// An execution that was stopped, timed out, or failed with an error that its definition could not handle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExecutionEnded {
    pub status: EndStatus,
    /// ARN of the state machine.
    pub machine: String,
    /// Name of the execution, which identifies its work.
    pub name: String,
    /// ARN of the execution.
    pub execution: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EndStatus {
    Aborted,
    Failed,
    TimedOut,
}

impl EndStatus {
    /// Name of the error, for the mail.
    pub fn error(self) -> ErrorName {
        match self {
            Self::Aborted => ErrorName::ExecutionAborted,
            Self::Failed => ErrorName::ExecutionFailed,
            Self::TimedOut => ErrorName::ExecutionTimedOut,
        }
    }
}

/// The work of an execution, according to its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// `CP-502101_3`: a restock of the `restock` state machine.
    Restock(RestockId),
    /// `rejected_…`: reports a message that is not a valid depletion.
    Rejection,
    /// A UUID: handles the callback for this order.
    Callback(ProductionOrderId),
    /// `refused_…`: reports a callback that was refused.
    Refusal(ProductionOrderId),
    /// Another name, given by a person.
    Unknown,
}

impl ExecutionEnded {
    /// Returns the work of the execution. The name of a production order is not mistaken for a restock, because no
    /// underscore and number follow it.
    pub fn work(&self) -> Work {
        if let Some(restock) = RestockId::of_execution(&self.name) {
            return Work::Restock(restock);
        }
        let (first, rest) = self.name.split_once('_').unwrap_or((&self.name, ""));
        match first {
            "rejected" => Work::Rejection,
            "refused" => rest.parse().map_or(Work::Unknown, Work::Refusal),
            order => order.parse().map_or(Work::Unknown, Work::Callback),
        }
    }
}
