//! Executions that were stopped or ran out of time: they could not report, so EventBridge does.

use domain::{ProductionOrderId, RestockId};
use serde::Deserialize;

/// An execution that ended without being able to report.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExecutionEnded {
    /// How it ended.
    pub status: EndStatus,
    /// The ARN of its state machine.
    pub machine: String,
    /// Its name, which says what it was about.
    pub name: String,
    /// Its ARN.
    pub execution: String,
}

/// The ends at which an execution cannot report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EndStatus {
    /// Somebody stopped it.
    Aborted,
    /// It ran longer than its machine allows.
    TimedOut,
}

impl EndStatus {
    /// The name of the error in the dead letter and the mail.
    pub fn error(self) -> &'static str {
        match self {
            Self::Aborted => "Execution.Aborted",
            Self::TimedOut => "Execution.TimedOut",
        }
    }

    /// What that means.
    pub fn cause(self) -> &'static str {
        match self {
            Self::Aborted => "Somebody stopped the execution.",
            Self::TimedOut => "The execution ran longer than its state machine allows.",
        }
    }
}

/// What an execution was about, as far as its name says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// `CP-502101_3`: a restock.
    Restock(RestockId),
    /// `rejected_…`: to report a message that is no depletion.
    Rejection,
    /// A UUID: to deal with the callback for this order.
    Callback(ProductionOrderId),
    /// `refused_…`: to report a callback that cannot be counted.
    Refusal(ProductionOrderId),
    /// Somebody has named it otherwise.
    Unknown,
}

impl ExecutionEnded {
    /// What it was about. No order is taken for a restock, since a number never follows one.
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
