//! What an execution is doing now.

use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use aws_sdk_sfn::types::HistoryEvent;
use serde_json::Value;

use super::Executions;

/// What an execution is doing now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Current {
    /// `RUNNING`, `FAILED` and so on.
    pub status: String,
    /// The state that was entered last.
    pub state: String,
    /// When it was entered.
    pub entered: SystemTime,
    /// The time-out of the state. `None` if it has none.
    pub timeout: Option<Duration>,
    /// The last error of a task in this state.
    pub last_error: Option<String>,
}

impl Executions {
    /// What an execution is doing. `None` if it does not exist.
    ///
    /// # Errors
    /// If Step Functions does not answer.
    pub async fn current(&self, name: &str) -> Result<Option<Current>> {
        let Some(execution) = self.describe(name).await? else { return Ok(None) };
        let mut current = Current {
            status: execution.status().as_str().to_owned(),
            state: String::new(),
            entered: SystemTime::now(),
            timeout: None,
            last_error: None,
        };
        for event in self.events(name).await? {
            current.follow(&event);
        }
        current.timeout = self.timeout_of(execution.execution_arn(), &current.state).await?;
        Ok(Some(current))
    }

    async fn events(&self, name: &str) -> Result<Vec<HistoryEvent>> {
        let history = self.client.get_execution_history().execution_arn(self.arn(name));
        let events = history.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await;
        events.context("the history of an execution cannot be read")
    }

    /// The time-out of a state in the definition that the execution follows.
    async fn timeout_of(&self, execution: &str, state: &str) -> Result<Option<Duration>> {
        let machine = self.client.describe_state_machine_for_execution().execution_arn(execution);
        let machine = machine.send().await.context("a state machine cannot be described")?;
        let definition: Value = serde_json::from_str(machine.definition())?;
        let seconds = definition["States"][state]["TimeoutSeconds"].as_u64();
        Ok(seconds.map(Duration::from_secs))
    }
}

impl Current {
    fn follow(&mut self, event: &HistoryEvent) {
        if let Some(entered) = event.state_entered_event_details() {
            self.state = entered.name().to_owned();
            self.entered = SystemTime::try_from(*event.timestamp()).unwrap_or(self.entered);
            self.last_error = None;
        }
        let failed = event.task_failed_event_details().and_then(|failed| failed.error());
        let timed_out = event.task_timed_out_event_details().and_then(|failed| failed.error());
        if let Some(error) = failed.or(timed_out) {
            self.last_error = Some(error.to_owned());
        }
    }
}
