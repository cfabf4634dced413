use anyhow::{Context, Result};
use aws_sdk_sfn::types::StateMachineType;

use super::{Deployment, role_arn, template::Values};

impl Deployment {
    pub(super) async fn create_machines(&self, values: &Values) -> Result<()> {
        for (name, kind) in &self.system.state_machines {
            let create = self
                .clients
                .machines
                .create_state_machine()
                .name(name)
                .r#type(StateMachineType::from(kind.as_str()))
                .definition(values.fill(&definition(name)?)?)
                .role_arn(role_arn(name));
            create.send().await.with_context(|| format!("the machine {name} cannot be made"))?;
        }
        Ok(())
    }
}

/// A definition of this checkout.
fn definition(name: &str) -> Result<String> {
    let path = format!("{}/statemachines/{name}.asl.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).with_context(|| format!("{path} cannot be read"))
}
