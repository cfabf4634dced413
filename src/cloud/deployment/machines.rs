use anyhow::{Context, Result};
use aws_sdk_sfn::types::StateMachineType;

use super::{Deployment, System, asl, function_arn, machine_arn, roles, template::Values};

impl Deployment {
    pub(super) async fn create_machines(&self) -> Result<()> {
        for (name, kind) in &self.system.state_machines {
            let create = self
                .clients
                .machines
                .create_state_machine()
                .name(name)
                .r#type(StateMachineType::from(kind.as_str()))
                .definition(self.system.definition(name)?)
                .role_arn(roles::of_machine(name));
            create.send().await.with_context(|| format!("the machine {name} cannot be made"))?;
        }
        Ok(())
    }
}

impl System {
    /// The definition of a state machine as it is deployed: JSON, its `${names}` filled.
    pub fn definition(&self, machine: &str) -> Result<String> {
        let path = format!("{}/statemachines/{machine}.asl.yaml", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path);
        let text = text.with_context(|| format!("{path} cannot be read"))?;
        let definition = asl::to_json(&self.values().fill(&text)?);
        Ok(definition.with_context(|| format!("{path} is not a valid definition"))?.to_string())
    }

    /// What the `${names}` in definitions stand for.
    pub(super) fn values(&self) -> Values {
        let mut values = Values::default();
        for function in self.functions.keys() {
            values.set(function.replace('-', "_"), function_arn(function));
        }
        for machine in self.state_machines.keys() {
            let arn = machine_arn(machine);
            let executions = arn.replacen(":stateMachine:", ":execution:", 1);
            values.set(format!("{machine}_executions_arn"), format!("{executions}:*"));
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
