use anyhow::{Context, Result};
use aws_sdk_scheduler::types::{FlexibleTimeWindow, FlexibleTimeWindowMode, Target};

use system::machine_arn;

use super::{Deployment, roles};

impl Deployment {
    pub(super) async fn create_schedules(&self) -> Result<()> {
        for (name, schedule) in &self.system.schedules {
            let no_window = FlexibleTimeWindow::builder().mode(FlexibleTimeWindowMode::Off);
            let target = Target::builder()
                .arn(machine_arn(&schedule.state_machine))
                .role_arn(roles::of_schedule(name))
                .input("{}");
            let create = self
                .clients
                .schedules
                .create_schedule()
                .name(name)
                .schedule_expression(&schedule.expression)
                .flexible_time_window(no_window.build()?)
                .target(target.build()?);
            create
                .send()
                .await
                .with_context(|| format!("the schedule {name} cannot be created"))?;
        }
        Ok(())
    }
}
