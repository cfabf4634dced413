use aws_sdk_sfn::{
    Client,
    error::SdkError,
    operation::{
        describe_execution::{DescribeExecutionError, DescribeExecutionOutput},
        start_execution::StartExecutionError,
    },
    types::ExecutionStatus,
};
use serde_json::Value;

use crate::Error;

/// A state machine whose executions are named after their work, so that a repeated request starts only one execution.
#[derive(Debug)]
pub struct StateMachine {
    client: Client,
    arn: String,
}

/// The name of an execution, and which call started it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Started {
    /// Started by this call.
    Now(String),
    /// Started by an earlier call. It runs, or has ended in a way that needs no restart.
    Already(String),
}

/// Whether an execution that has ended is started again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restart {
    /// Only if it did not succeed.
    UnlessSucceeded,
    /// Only if it did not end with this outcome after a time: it did not do the work that was asked for at that time.
    UnlessOutcomeAfter {
        /// The field `outcome` of the output of the execution.
        outcome: &'static str,
        /// Milliseconds since 1970.
        milliseconds: i64,
    },
}

impl Restart {
    fn is_needed(self, ended: &DescribeExecutionOutput) -> bool {
        match self {
            Self::UnlessSucceeded => *ended.status() != ExecutionStatus::Succeeded,
            Self::UnlessOutcomeAfter { outcome, milliseconds } => {
                let stopped = ended.stop_date().and_then(|date| date.to_millis().ok());
                let is_after = stopped.is_some_and(|stopped| stopped > milliseconds);
                !(is_after && has_outcome(ended, outcome))
            }
        }
    }
}

fn has_outcome(ended: &DescribeExecutionOutput, outcome: &str) -> bool {
    let output = ended.output().and_then(|output| serde_json::from_str(output).ok());
    output.is_some_and(|output: Value| output["outcome"] == outcome)
}

impl StateMachine {
    pub fn new(client: Client, arn: String) -> Self {
        Self { client, arn }
    }

    /// Starts an execution, unless an execution of this name exists or has existed.
    pub async fn start(&self, name: &str, input: &str) -> Result<Started, Error> {
        let now = self.start_as(name, input).await?;
        let name = name.to_owned();
        Ok(if now { Started::Now(name) } else { Started::Already(name) })
    }

    /// Starts an execution. If an execution of this name has ended and `restart` applies, starts one with the suffix
    /// added to the name, because Step Functions does not allow a name to be used again. Use the same suffix for a
    /// retry of the same request, so that the retry does not start a second execution.
    pub async fn start_again(
        &self,
        name: &str,
        suffix: &str,
        input: &str,
        restart: Restart,
    ) -> Result<Started, Error> {
        let first = self.start(name, input).await?;
        if matches!(first, Started::Now(_)) {
            return Ok(first);
        }
        match self.ended(name).await? {
            Some(ended) if restart.is_needed(&ended) => {
                self.start(&format!("{name}_{suffix}"), input).await
            }
            _ => Ok(first),
        }
    }

    /// Whether an execution of this name runs. An unknown execution does not run, and neither does one whose name Step
    /// Functions does not allow.
    pub async fn is_running(&self, name: &str) -> Result<bool, Error> {
        match self.describe(name).await {
            Ok(execution) => Ok(is_running(&execution)),
            Err(SdkError::ServiceError(answer)) if does_not_exist(answer.err()) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Returns whether this call started the execution. Step Functions also reports success if an execution of this
    /// name is running with the same input.
    async fn start_as(&self, name: &str, input: &str) -> Result<bool, Error> {
        let start = self.client.start_execution().state_machine_arn(&self.arn);
        match start.name(name).input(input).send().await {
            Ok(_) => Ok(true),
            Err(SdkError::ServiceError(answer)) if already_exists(answer.err()) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Returns an execution that has ended, or `None` if it still runs.
    async fn ended(&self, name: &str) -> Result<Option<DescribeExecutionOutput>, Error> {
        let execution = self.describe(name).await?;
        Ok(if is_running(&execution) { None } else { Some(execution) })
    }

    async fn describe(
        &self,
        name: &str,
    ) -> Result<DescribeExecutionOutput, SdkError<DescribeExecutionError>> {
        let arn = format!("{}:{name}", self.arn.replacen(":stateMachine:", ":execution:", 1));
        self.client.describe_execution().execution_arn(arn).send().await
    }
}

fn is_running(execution: &DescribeExecutionOutput) -> bool {
    matches!(execution.status(), ExecutionStatus::Running | ExecutionStatus::PendingRedrive)
}

fn does_not_exist(error: &DescribeExecutionError) -> bool {
    error.is_execution_does_not_exist() || error.is_invalid_arn()
}

fn already_exists(error: &StartExecutionError) -> bool {
    error.is_execution_already_exists()
}
