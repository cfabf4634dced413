use aws_sdk_sfn::{
    Client, error::SdkError, operation::start_execution::StartExecutionError,
    types::ExecutionStatus,
};
use serde_json::Value;

use crate::Error;

/// A state machine whose executions are named after what they do, so that what is asked for twice is
/// done once.
#[derive(Debug)]
pub struct StateMachine {
    client: Client,
    arn: String,
}

/// Whether an execution was started, under which name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Started {
    /// By this call.
    Now(String),
    /// By an earlier one: it runs, or has done what was asked for.
    Already(String),
}

/// How an execution ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Ended {
    /// Whether it succeeded.
    pub succeeded: bool,
    /// What it answered, if it succeeded.
    pub output: Value,
}

impl StateMachine {
    /// The state machine of this ARN.
    pub fn new(client: Client, arn: String) -> Self {
        Self { client, arn }
    }

    /// Starts an execution, unless there is or was one of that name, however it ended.
    pub async fn start(&self, name: &str, input: &str) -> Result<Started, Error> {
        let now = self.start_as(name, input).await?;
        let name = name.to_owned();
        Ok(if now { Started::Now(name) } else { Started::Already(name) })
    }

    /// Starts an execution, unless one of that name runs, or has ended in a way that `suffices`. Where it
    /// has not, starts another under the name and the suffix, since a name is never free again. A suffix
    /// that stays the same when the call is repeated keeps that from starting two.
    pub async fn start_again(
        &self,
        name: &str,
        suffix: &str,
        input: &str,
        suffices: impl Fn(&Ended) -> bool,
    ) -> Result<Started, Error> {
        let first = self.start(name, input).await?;
        if matches!(first, Started::Now(_)) {
            return Ok(first);
        }
        match self.ended(name).await? {
            Some(ended) if !suffices(&ended) => {
                self.start(&format!("{name}_{suffix}"), input).await
            }
            _ => Ok(first),
        }
    }

    /// Whether this call started it. A call with the input of one that runs counts as one that did.
    async fn start_as(&self, name: &str, input: &str) -> Result<bool, Error> {
        let start = self.client.start_execution().state_machine_arn(&self.arn);
        match start.name(name).input(input).send().await {
            Ok(_) => Ok(true),
            Err(SdkError::ServiceError(answer)) if already_exists(answer.err()) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// How the execution ended, if it has.
    async fn ended(&self, name: &str) -> Result<Option<Ended>, Error> {
        let arn = format!("{}:{name}", self.arn.replacen(":stateMachine:", ":execution:", 1));
        let execution = self.client.describe_execution().execution_arn(arn).send().await?;
        let output = execution.output().and_then(|output| serde_json::from_str(output).ok());
        Ok(match execution.status() {
            ExecutionStatus::Running | ExecutionStatus::PendingRedrive => None,
            status => Some(Ended {
                succeeded: *status == ExecutionStatus::Succeeded,
                output: output.unwrap_or_default(),
            }),
        })
    }
}

fn already_exists(error: &StartExecutionError) -> bool {
    error.is_execution_already_exists()
}
