//! Executions of a state machine: their status and their history.

use std::time::SystemTime;

use anyhow::{Context, Result, ensure};
use aws_sdk_sfn::{
    Client,
    error::SdkError,
    operation::describe_execution::DescribeExecutionOutput,
    primitives::DateTime,
    types::{ExecutionListItem, ExecutionStatus, HistoryEvent},
};
use domain::RestockId;
use system::{ACCOUNT as LOCAL_ACCOUNT, execution_arn};
use warehouse::SentOrders;

use crate::audit::LostOrder;

mod console;
mod current;
mod run;

pub use current::Current;
pub use run::Run;

/// An event in the history of an execution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExecutionEvent {
    /// A state was entered.
    Entered(String),
    /// A task failed or timed out. The state then retries, or a `Catch` takes over.
    TaskFailed {
        /// The error name.
        error: String,
        /// The cause: a sentence or JSON.
        cause: String,
    },
    /// The execution ended: `succeeded`, `failed: ERROR`, `aborted` or `timed out`.
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

/// The executions of one state machine.
#[derive(Debug, Clone)]
pub struct Executions {
    client: Client,
    machine: String,
}

impl Executions {
    /// The executions of the state machine with this ARN.
    pub fn of(client: Client, machine: &str) -> Self {
        Self { client, machine: machine.to_owned() }
    }

    /// All executions, the oldest first.
    pub async fn list(&self) -> Result<Vec<ExecutionListItem>> {
        let list = self.client.list_executions().state_machine_arn(&self.machine);
        let pages = list.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await;
        let mut executions = pages.context("executions cannot be listed")?;
        executions.sort_by_key(|execution| *execution.start_date());
        Ok(executions)
    }

    /// The execution with this name, if it exists.
    pub async fn named(&self, name: &str) -> Result<Option<ExecutionListItem>> {
        Ok(self.list().await?.into_iter().find(|execution| execution.name() == name))
    }

    /// Where a person sees an execution: its page in the AWS console, or its ARN on this machine.
    pub fn link(&self, name: &str) -> String {
        let arn = self.arn(name);
        if arn.contains(&format!(":{LOCAL_ACCOUNT}:")) { arn } else { console::execution(&arn) }
    }

    fn arn(&self, name: &str) -> String {
        execution_arn(&self.machine, name)
    }

    /// The executions with this status, in no particular order.
    pub async fn with_status(&self, status: ExecutionStatus) -> Result<Vec<ExecutionListItem>> {
        let list = self.client.list_executions().state_machine_arn(&self.machine);
        let pages = list.status_filter(status).into_paginator().items().send();
        pages.collect::<Result<Vec<_>, _>>().await.context("executions cannot be listed")
    }

    /// When the state machine was created.
    pub async fn machine_created_at(&self) -> Result<DateTime> {
        let machine = self.client.describe_state_machine().state_machine_arn(&self.machine);
        let machine = machine.send().await.context("a state machine cannot be described")?;
        Ok(*machine.creation_date())
    }

    /// The executions that were started at this time or later, the newest first.
    pub async fn since(&self, time: SystemTime) -> Result<Vec<ExecutionListItem>> {
        let list = self.client.list_executions().state_machine_arn(&self.machine);
        let (mut items, mut found) = (list.into_paginator().items().send(), Vec::new());
        while let Some(execution) = items.next().await {
            let execution = execution.context("executions cannot be listed")?;
            // Step Functions lists the newest first, back to 90 days ago.
            if SystemTime::try_from(*execution.start_date())? < time {
                break;
            }
            found.push(execution);
        }
        Ok(found)
    }

    /// The latest 20 executions, the newest first.
    pub async fn latest(&self) -> Result<Vec<ExecutionListItem>> {
        let list = self.client.list_executions().state_machine_arn(&self.machine).max_results(20);
        Ok(list.send().await.context("executions cannot be listed")?.executions)
    }

    /// Describes one execution. `None` if it does not exist: Step Functions deletes executions 90 days after their end.
    pub async fn describe(&self, name: &str) -> Result<Option<DescribeExecutionOutput>> {
        match self.client.describe_execution().execution_arn(self.arn(name)).send().await {
            Ok(execution) => Ok(Some(execution)),
            Err(SdkError::ServiceError(e)) if e.err().is_execution_does_not_exist() => Ok(None),
            Err(error) => Err(error).context("an execution cannot be described"),
        }
    }

    /// Stops a running execution. An execution that has ended stays as it is.
    ///
    /// # Errors
    /// If Step Functions does not stop it.
    pub async fn stop(&self, name: &str) -> Result<()> {
        let stop = self.client.stop_execution().execution_arn(self.arn(name));
        stop.send().await.context("the execution cannot be stopped")?;
        Ok(())
    }

    /// Whether the task of a state has succeeded in an execution. False if the state was never entered, or was left
    /// through a `Catch`.
    pub async fn task_succeeded(&self, name: &str, state: &str) -> Result<bool> {
        let (arn, mut entered) = (self.arn(name), false);
        let history = self.client.get_execution_history().execution_arn(arn);
        let events = history.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await;
        for event in events.context("the history of an execution cannot be read")? {
            if let Some(details) = event.state_entered_event_details() {
                entered = details.name() == state;
            }
            if entered && event.task_succeeded_event_details().is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What an execution of `restock` has ordered, and whether it waits.
    pub async fn run(&self, name: &str) -> Result<Run> {
        let history = self.client.get_execution_history().execution_arn(self.arn(name));
        let history = history.include_execution_data(true).into_paginator().items().send();
        let events = history.collect::<Result<Vec<_>, _>>().await;
        Ok(Run::of(&events.context("the history of an execution cannot be read")?))
    }

    /// The orders that an execution of `restock` has sent, to be recorded again.
    ///
    /// # Errors
    /// If there is no such execution, or if it has sent no order.
    pub async fn sent_orders(&self, name: &str) -> Result<SentOrders> {
        let known = self.describe(name).await?;
        let known = known.with_context(|| format!("there is no execution {name} of restock"))?;
        let restock = RestockId::of_execution(name);
        let restock = restock.with_context(|| format!("{name} is no execution of a restock"))?;
        let orders = self.run(name).await?.orders;
        ensure!(!orders.is_empty(), "the execution {name} has sent no order: nothing is lost");
        Ok(SentOrders {
            sku: restock.sku,
            execution: name.to_owned(),
            has_ended: *known.status() != ExecutionStatus::Running,
            orders: orders.iter().map(LostOrder::sent).collect::<Result<_>>()?,
        })
    }

    /// The number of executions with this status.
    pub async fn count(&self, status: ExecutionStatus) -> Result<usize> {
        Ok(self.list().await?.iter().filter(|execution| *execution.status() == status).count())
    }

    /// The history of an execution so far.
    pub async fn history(&self, execution_arn: &str) -> Result<Vec<ExecutionEvent>> {
        let mut events = Vec::new();
        let mut token = None;
        loop {
            let page = self
                .client
                .get_execution_history()
                .execution_arn(execution_arn)
                .include_execution_data(true)
                .set_next_token(token.take());
            let page = page.send().await.context("the history of an execution cannot be read")?;
            events.extend(page.events().iter().filter_map(ExecutionEvent::of));
            token = page.next_token;
            if token.is_none() {
                return Ok(events);
            }
        }
    }
}
