use std::path::Path;

use deployment::outputs::Outputs;
use system::{REGION, execution_arn};

/// The shell commands in repairs, for one deployment.
#[derive(Debug, Clone)]
pub struct RepairCommands {
    aws: String,
    redrive: String,
    deployment: String,
    restock_machine: String,
    completion_machine: String,
    sweep_machine: String,
}

impl RepairCommands {
    /// Commands for the deployment whose outputs are stored in `file`.
    pub fn of(outputs: &Outputs, file: &Path) -> Self {
        let aws = match &outputs.endpoint_url {
            Some(endpoint) => format!(
                "AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test aws --endpoint-url {endpoint} \
                 --region {REGION} stepfunctions"
            ),
            None => format!("aws --region {} stepfunctions", outputs.region),
        };
        Self {
            aws,
            redrive: format!("cargo run -- dead-letters redrive --deployment {}", file.display()),
            deployment: file.display().to_string(),
            restock_machine: outputs.restock_machine_arn.clone(),
            completion_machine: outputs.completion_machine_arn.clone(),
            sweep_machine: outputs.sweep_machine_arn.clone(),
        }
    }

    /// Starts a sweep.
    pub(super) fn start_sweep(&self) -> String {
        format!("{} start-execution --state-machine-arn {}", self.aws, self.sweep_machine)
    }

    /// Lists the latest sweeps with their status.
    pub(super) fn list_sweeps(&self) -> String {
        let (aws, machine) = (&self.aws, &self.sweep_machine);
        format!("{aws} list-executions --max-items 5 --state-machine-arn {machine}")
    }

    /// Stops an execution of `restock`.
    pub(super) fn stop_restock(&self, execution: &str) -> String {
        let arn = execution_arn(&self.restock_machine, execution);
        format!("{} stop-execution --execution-arn {arn}", self.aws)
    }

    /// Starts `completion` again with the input of a callback.
    pub(super) fn process_callback(&self, order: &str, input: &str) -> String {
        format!(
            "{} start-execution --state-machine-arn {} --name {order}_$(date +%s) --input '{input}'",
            self.aws, self.completion_machine
        )
    }

    /// Redrives the dead letters of one product.
    pub(super) fn redrive(&self, sku: &str) -> String {
        format!("{} --sku {sku} --reason \"the cause is mended\"", self.redrive)
    }

    /// Records what an execution has ordered and the database has lost.
    pub(super) fn record_lost_restock(&self, execution: &str) -> String {
        format!(
            "cargo run -- record-lost-restock {execution} --reason \"the database was restored\" --deployment {}",
            self.deployment
        )
    }

    /// Prints the dead letters and moves none.
    pub(super) fn list_dead_letters(&self) -> String {
        format!("{} --dry-run", self.redrive)
    }
}
