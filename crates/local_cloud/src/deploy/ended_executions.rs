//! A rule that invokes `report` for executions that ended without reporting: stopped, or timed out.

use anyhow::{Context, Result};
use serde_json::json;

use system::{function_arn, machine_arn};

use super::Deployment;

/// The name of the rule.
const RULE: &str = "ended-unreported";

impl Deployment {
    pub(super) async fn report_ended_executions(&self) -> Result<()> {
        let reports = &self.system.reports_of_ended_executions;
        let machines: Vec<String> =
            reports.state_machines.iter().map(|name| machine_arn(name)).collect();
        let pattern = json!({
            "source": ["aws.states"],
            "detail-type": ["Step Functions Execution Status Change"],
            "detail": {"status": reports.statuses, "stateMachineArn": machines},
        });
        let rule = json!({"Name": RULE, "EventPattern": pattern.to_string()});
        let put = self.signed_requests.events("PutRule", &rule).await;
        put.context("the rule for ended executions cannot be created")?;
        let target = json!({
            "Id": reports.function,
            "Arn": function_arn(&reports.function),
            "InputTransformer": {"InputPathsMap": reports.paths, "InputTemplate": reports.event},
        });
        let put = self
            .signed_requests
            .events("PutTargets", &json!({"Rule": RULE, "Targets": [target]}))
            .await;
        put.context("the target of the rule for ended executions cannot be created")
    }
}
