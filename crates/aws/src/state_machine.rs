use aws_sdk_sfn::{
    Client, error::SdkError, operation::start_execution::StartExecutionError,
    types::ExecutionStatus,
};

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
    /// In any case.
    Always,
}

impl Restart {
    fn is_needed(self, status: &ExecutionStatus) -> bool {
        match self {
            Self::UnlessSucceeded => *status != ExecutionStatus::Succeeded,
            Self::Always => true,
        }
    }
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
            Some(status) if restart.is_needed(&status) => {
                self.start(&format!("{name}_{suffix}"), input).await
            }
            _ => Ok(first),
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

    /// Returns the status of an execution that has ended, or `None` if it still runs.
    async fn ended(&self, name: &str) -> Result<Option<ExecutionStatus>, Error> {
        let arn = format!("{}:{name}", self.arn.replacen(":stateMachine:", ":execution:", 1));
        let execution = self.client.describe_execution().execution_arn(arn).send().await?;
        Ok(match execution.status() {
            ExecutionStatus::Running | ExecutionStatus::PendingRedrive => None,
            status => Some(status.clone()),
        })
    }
}

fn already_exists(error: &StartExecutionError) -> bool {
    error.is_execution_already_exists()
}
