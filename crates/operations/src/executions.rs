//! Executions of a state machine: which there are, and what they have gone through.

use anyhow::{Context, Result};
use aws_sdk_sfn::{
    Client,
    error::SdkError,
    operation::describe_execution::DescribeExecutionOutput,
    primitives::DateTime,
    types::{ExecutionListItem, ExecutionStatus, HistoryEvent},
};
use system::execution_arn;

/// Something that happened in an execution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExecutionEvent {
    /// A state was entered.
    Entered(String),
    /// A task failed. What follows is a retry, or what catches the error.
    TaskFailed {
        /// The name of the error.
        error: String,
        /// What it said.
        cause: String,
    },
    /// The execution ended, in the given way.
    Ended(String),
}

impl ExecutionEvent {
    fn of(event: &HistoryEvent) -> Option<Self> {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        if let Some(entered) = event.state_entered_event_details() {
            return Some(Self::Entered(entered.name().to_owned()));
        }
        if let Some(failed) = event.task_failed_event_details() {
            return Some(Self::TaskFailed {
                error: text(failed.error()),
                cause: text(failed.cause()),
            });
        }
        if let Some(timed_out) = event.task_timed_out_event_details() {
            let (error, cause) = (text(timed_out.error()), text(timed_out.cause()));
            return Some(Self::TaskFailed { error, cause });
        }
        if let Some(failed) = event.execution_failed_event_details() {
            return Some(Self::Ended(format!("failed: {}", failed.error().unwrap_or_default())));
        }
        match event.r#type().as_str() {
            "ExecutionSucceeded" => Some(Self::Ended("succeeded".to_owned())),
            "ExecutionAborted" => Some(Self::Ended("aborted".to_owned())),
            "ExecutionTimedOut" => Some(Self::Ended("timed out".to_owned())),
            _ => None,
        }
    }
}

/// A state machine whose executions are looked at.
#[derive(Debug, Clone)]
pub struct Executions {
    client: Client,
    machine: String,
}

impl Executions {
    /// Those of the machine of this ARN.
    pub fn of(client: Client, machine: &str) -> Self {
        Self { client, machine: machine.to_owned() }
    }

    /// All executions, the oldest first.
    pub async fn list(&self) -> Result<Vec<ExecutionListItem>> {
        let list = self.client.list_executions().state_machine_arn(&self.machine);
        let pages = list.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await;
        let mut executions = pages.context("the executions cannot be listed")?;
        executions.sort_by_key(|execution| *execution.start_date());
        Ok(executions)
    }

    /// The execution of this name, if there is one.
    pub async fn named(&self, name: &str) -> Result<Option<ExecutionListItem>> {
        Ok(self.list().await?.into_iter().find(|execution| execution.name() == name))
    }

    fn arn(&self, name: &str) -> String {
        execution_arn(&self.machine, name)
    }

    /// Those that have ended in this way, or run.
    pub async fn with_status(&self, status: ExecutionStatus) -> Result<Vec<ExecutionListItem>> {
        let list = self.client.list_executions().state_machine_arn(&self.machine);
        let pages = list.status_filter(status).into_paginator().items().send();
        pages.collect::<Result<Vec<_>, _>>().await.context("the executions cannot be listed")
    }

    /// When the machine was made.
    pub async fn made_at(&self) -> Result<DateTime> {
        let machine = self.client.describe_state_machine().state_machine_arn(&self.machine);
        let machine = machine.send().await.context("a state machine cannot be looked at")?;
        Ok(*machine.creation_date())
    }

    /// Some of those that were started last.
    pub async fn latest(&self) -> Result<Vec<ExecutionListItem>> {
        let list = self.client.list_executions().state_machine_arn(&self.machine).max_results(20);
        Ok(list.send().await.context("the executions cannot be listed")?.executions)
    }

    /// All that is known of an execution, without a look at the others. Ninety days after its end that is
    /// nothing.
    pub async fn describe(&self, name: &str) -> Result<Option<DescribeExecutionOutput>> {
        match self.client.describe_execution().execution_arn(self.arn(name)).send().await {
            Ok(execution) => Ok(Some(execution)),
            Err(SdkError::ServiceError(e)) if e.err().is_execution_does_not_exist() => Ok(None),
            Err(error) => Err(error).context("an execution cannot be looked at"),
        }
    }

    /// Whether a task has done in the execution what it is for: not, where its state was never entered,
    /// or left only by what catches its errors.
    pub async fn has_done(&self, name: &str, task: &str) -> Result<bool> {
        let (arn, mut entered) = (self.arn(name), false);
        let history = self.client.get_execution_history().execution_arn(arn);
        let events = history.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await;
        for event in events.context("an execution's history cannot be read")? {
            if let Some(state) = event.state_entered_event_details() {
                entered = state.name() == task;
            }
            if entered && event.task_succeeded_event_details().is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// How many have ended in this way, or run.
    pub async fn count(&self, status: ExecutionStatus) -> Result<usize> {
        Ok(self.list().await?.iter().filter(|execution| *execution.status() == status).count())
    }

    /// What an execution has gone through so far.
    pub async fn history(&self, execution: &str) -> Result<Vec<ExecutionEvent>> {
        let mut happenings = Vec::new();
        let mut token = None;
        loop {
            let page = self
                .client
                .get_execution_history()
                .execution_arn(execution)
                .include_execution_data(true)
                .set_next_token(token.take());
            let page = page.send().await.context("an execution's history cannot be read")?;
            happenings.extend(page.events().iter().filter_map(ExecutionEvent::of));
            token = page.next_token;
            if token.is_none() {
                return Ok(happenings);
            }
        }
    }
}
