//! Executions of the state machines, and waiting for them.

use std::collections::BTreeMap;

use aws_sdk_sfn::{
    operation::describe_execution::DescribeExecutionOutput, types::ExecutionListItem,
};
use operations::executions::{ExecutionEvent, Executions};
use serde_json::Value;

use crate::{System, eventually};

impl System {
    /// Waits until an execution has this name, or this name and the suffix of a message.
    pub async fn execution(&self, executions: &Executions, name: &str) -> ExecutionListItem {
        eventually(&format!("execution {name} is started"), async || find(executions, name).await)
            .await
    }

    /// Waits until the execution has ended, and returns its status.
    pub async fn final_status(&self, executions: &Executions, name: &str) -> String {
        eventually(&format!("execution {name} has ended"), async || {
            let execution = find(executions, name).await?;
            let status = execution.status().as_str().to_owned();
            (status != "RUNNING").then_some(status)
        })
        .await
    }

    /// Waits until the execution has ended, and returns its description.
    pub async fn ended(&self, executions: &Executions, name: &str) -> DescribeExecutionOutput {
        self.final_status(executions, name).await;
        self.described(executions, name).await
    }

    async fn described(&self, executions: &Executions, name: &str) -> DescribeExecutionOutput {
        let name = self.execution(executions, name).await.name;
        executions.describe(&name).await.expect("executions").expect("the execution")
    }

    /// The input that an execution was started with.
    pub async fn input(&self, executions: &Executions, name: &str) -> Value {
        self.execution(executions, name).await;
        let described = self.described(executions, name).await;
        serde_json::from_str(described.input().unwrap_or_default()).expect("JSON")
    }

    /// Waits until the execution has succeeded, and returns its output.
    pub async fn output(&self, executions: &Executions, name: &str) -> Value {
        assert_eq!(self.final_status(executions, name).await, "SUCCEEDED", "execution {name}");
        let described = self.described(executions, name).await;
        serde_json::from_str(described.output().unwrap_or_default()).expect("JSON")
    }

    /// What the execution has gone through so far.
    pub async fn history(&self, executions: &Executions, name: &str) -> Vec<ExecutionEvent> {
        let execution = self.execution(executions, name).await;
        executions.history(execution.execution_arn()).await.expect("a history")
    }

    /// Waits until a task of the execution has failed with this error.
    pub async fn wait_for_task_error(&self, executions: &Executions, name: &str, error: &str) {
        eventually(&format!("a task of {name} fails with {error}"), async || {
            let history = self.history(executions, name).await;
            task_errors(&history).contains(&error).then_some(())
        })
        .await;
    }

    /// The names of all executions of the restock machine.
    pub async fn restock_names(&self) -> Vec<String> {
        let executions = self.restocks().list().await.expect("executions");
        executions.iter().map(|execution| execution.name().to_owned()).collect()
    }

    /// Waits until another restock is started than those before. Returns its name.
    pub async fn started_after(&self, before: &[String]) -> String {
        eventually("another restock is started", async || {
            self.restock_names().await.into_iter().find(|name| !before.contains(name))
        })
        .await
    }
}

/// The execution with this name. If there is none, the first one with this name and a suffix: the sweep and operators start
/// restocks under such names.
async fn find(executions: &Executions, name: &str) -> Option<ExecutionListItem> {
    let named = executions.named(name).await.expect("executions");
    if named.is_some() {
        return named;
    }
    let prefix = format!("{name}_");
    let all = executions.list().await.expect("executions");
    all.into_iter().find(|execution| execution.name().starts_with(&prefix))
}

/// The names of the errors that tasks failed with.
pub fn task_errors(history: &[ExecutionEvent]) -> Vec<&str> {
    let errors = history.iter().filter_map(|event| match event {
        ExecutionEvent::TaskFailed { error, .. } => Some(error.as_str()),
        _ => None,
    });
    errors.collect()
}

/// How often each state was entered.
pub fn entered_states(history: &[ExecutionEvent]) -> BTreeMap<&str, usize> {
    let mut states = BTreeMap::new();
    for event in history {
        if let ExecutionEvent::Entered(state) = event {
            *states.entry(state.as_str()).or_default() += 1;
        }
    }
    states
}
