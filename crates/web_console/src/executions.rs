//! The latest executions of the state machines, with what they have entered.

use std::collections::HashMap;

use anyhow::{Result, bail};
use aws_sdk_sfn::types::ExecutionListItem;
use deployment::outputs::Outputs;
use operations::executions::{ExecutionEvent, Executions};

use pictures::{Definition, Form, machine_svg};

use crate::state::{ExecutionState, Step};

/// The drawing of a state machine as it is deployed.
///
/// # Errors
/// If there is no such machine, or Step Functions does not answer.
pub(crate) async fn drawing(outputs: &Outputs, machine: &str, form: Form) -> Result<String> {
    let arn = match machine {
        "restock" => &outputs.restock_machine_arn,
        "completion" => &outputs.completion_machine_arn,
        "sweep" => &outputs.sweep_machine_arn,
        _ => bail!("there is no state machine {machine}"),
    };
    let describe = outputs.clients().await.machines.describe_state_machine();
    let described = describe.state_machine_arn(arn).send().await?;
    machine_svg(machine, &Definition::parse(described.definition())?, form)
}

/// Remembers what executions that have ended did.
#[derive(Debug)]
pub(crate) struct ExecutionReader {
    machines: Vec<(&'static str, Executions)>,
    ended: HashMap<String, ExecutionState>,
}

impl ExecutionReader {
    /// Of the state machines whose executions have a history: those of `purchase` are express.
    pub(crate) async fn of(outputs: &Outputs) -> Self {
        let client = outputs.clients().await.machines;
        let machines = [
            ("restock", &outputs.restock_machine_arn),
            ("completion", &outputs.completion_machine_arn),
            ("sweep", &outputs.sweep_machine_arn),
        ];
        let machines = machines.map(|(name, arn)| (name, Executions::of(client.clone(), arn)));
        Self { machines: machines.into(), ended: HashMap::new() }
    }

    pub(crate) fn restocks(&self) -> &Executions {
        &self.machines[0].1
    }

    /// The latest executions of each machine, the newest first.
    pub(crate) async fn read(&mut self) -> Result<Vec<ExecutionState>> {
        let mut all = Vec::new();
        for (machine, executions) in &self.machines {
            for item in executions.latest().await? {
                let arn = item.execution_arn().to_owned();
                if let Some(known) = self.ended.get(&arn) {
                    all.push(known.clone());
                    continue;
                }
                let state = state(machine, executions, &item).await?;
                if matches!(state.steps.last(), Some(Step::Ended(_))) {
                    self.ended.insert(arn, state.clone());
                }
                all.push(state);
            }
        }
        all.sort_by_key(|execution| std::cmp::Reverse(execution.started_at));
        Ok(all)
    }
}

async fn state(
    machine: &str,
    executions: &Executions,
    item: &ExecutionListItem,
) -> Result<ExecutionState> {
    let steps = executions.history(item.execution_arn()).await?.into_iter().map(step);
    Ok(ExecutionState {
        machine: machine.to_owned(),
        name: item.name().to_owned(),
        status: item.status().as_str().to_owned(),
        started_at: item.start_date().to_millis().unwrap_or_default(),
        steps: steps.collect(),
        link: executions.link(item.name()),
    })
}

fn step(event: ExecutionEvent) -> Step {
    match event {
        ExecutionEvent::Entered(state) => Step::Entered(state),
        ExecutionEvent::TaskFailed { error, .. } => Step::Failed(error),
        ExecutionEvent::Ended(how) => Step::Ended(how),
    }
}
