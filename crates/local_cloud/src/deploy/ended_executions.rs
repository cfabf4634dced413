//! Rules for executions that ended without success. One invokes `report` for executions that could not report their end
//! themselves. The other starts the sweep, which takes care of the restock of the execution.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use system::{function_arn, machine_arn};

use super::{Deployment, roles};

/// The name of the rule that reports.
const REPORT: &str = "ended-unreported";

/// The name of the rule that sweeps.
pub const SWEEP: &str = "ended-restocks";

impl Deployment {
    pub(super) async fn create_rules_for_ended_executions(&self) -> Result<()> {
        let reports = &self.system.reports_of_ended_executions;
        let executions = reports.state_machines.iter().flat_map(|machine| self.unreported(machine));
        let detail = json!({"$or": executions.collect::<Vec<Value>>()});
        let target = json!({
            "Id": reports.function,
            "Arn": function_arn(&reports.function),
            "InputTransformer": {"InputPathsMap": reports.paths, "InputTemplate": reports.event},
        });
        self.create_rule(REPORT, detail, target).await?;

        let sweeps = &self.system.sweeps_of_ended_executions;
        let detail = json!({
            "status": sweeps.statuses,
            "stateMachineArn": [machine_arn(&sweeps.of)],
            "name": [{"anything-but": {"prefix": sweeps.except_names}}],
        });
        let target = json!({
            "Id": sweeps.starts,
            "Arn": machine_arn(&sweeps.starts),
            "RoleArn": roles::of_rule(SWEEP),
            "InputTransformer": {"InputPathsMap": sweeps.paths, "InputTemplate": sweeps.input},
        });
        self.create_rule(SWEEP, detail, target).await
    }

    /// The executions of a state machine that could not report: by their status, or by the error with which they failed.
    fn unreported(&self, machine: &str) -> [Value; 2] {
        let reports = &self.system.reports_of_ended_executions;
        let ends = [
            json!({"status": reports.statuses}),
            json!({"status": ["FAILED"], "error": reports.errors}),
        ];
        ends.map(|mut end| {
            end["stateMachineArn"] = json!([machine_arn(machine)]);
            if let Some(prefix) = reports.only_names.get(machine) {
                end["name"] = json!([{"prefix": prefix}]);
            }
            end
        })
    }

    async fn create_rule(&self, name: &str, detail: Value, target: Value) -> Result<()> {
        let pattern = json!({
            "source": ["aws.states"],
            "detail-type": ["Step Functions Execution Status Change"],
            "detail": detail,
        });
        let rule = json!({"Name": name, "EventPattern": pattern.to_string()});
        let put = self.signed_requests.events("PutRule", &rule).await;
        put.with_context(|| format!("the rule {name} cannot be created"))?;
        let targets = json!({"Rule": name, "Targets": [target]});
        let put = self.signed_requests.events("PutTargets", &targets).await;
        put.with_context(|| format!("the target of the rule {name} cannot be created"))
    }
}
