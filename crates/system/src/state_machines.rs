use std::path::Path;

use anyhow::{Context, Result};

use crate::{
    CHECKOUT, System, Values, asl,
    local_names::{PARTITION, execution_arn, function_arn, machine_arn},
};

impl System {
    /// The definition of a state machine as it is deployed: JSON, its `${names}` filled.
    pub fn definition(&self, machine: &str) -> Result<String> {
        self.definition_in(Path::new(CHECKOUT), machine)
    }

    /// The definition of a state machine in another checkout, such as that of an earlier release.
    pub fn definition_in(&self, checkout: &Path, machine: &str) -> Result<String> {
        let path = checkout.join(format!("statemachines/{machine}.asl.yaml"));
        let text = std::fs::read_to_string(&path);
        let text = text.with_context(|| format!("{} cannot be read", path.display()))?;
        let definition = asl::to_json(&self.values().fill(&text)?);
        let definition =
            definition.with_context(|| format!("{} is not a valid definition", path.display()))?;
        Ok(definition.to_string())
    }

    /// What the `${names}` in definitions stand for.
    pub fn values(&self) -> Values {
        let mut values = Values::default();
        let invoke = format!("arn:{PARTITION}:states:::lambda:invoke");
        values.set("invoke_and_wait", format!("{invoke}.waitForTaskToken"));
        values.set("invoke", invoke);
        for function in self.functions.keys() {
            values.set(function.replace('-', "_"), function_arn(function));
        }
        for machine in self.state_machines.keys() {
            let arn = machine_arn(machine);
            values.set(format!("{machine}_executions_arn"), execution_arn(&arn, "*"));
            values.set(format!("{machine}_machine_arn"), arn);
        }
        let settings = &self.settings;
        values.set("await_completion_seconds", settings.await_completion_seconds.to_string());
        values.set("restock_attempts", settings.restock_attempts.to_string());
        values.set("restock_abandoned_seconds", settings.restock_abandoned_seconds.to_string());
        values.set("arrival_forgotten_seconds", settings.arrival_forgotten_seconds.to_string());
        values
    }
}
