use anyhow::{Context, Result};
use aws_sdk_sfn::types::StateMachineType;

use super::{Deployment, roles};

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
            create
                .send()
                .await
                .with_context(|| format!("the state machine {name} cannot be created"))?;
        }
        Ok(())
    }
}
