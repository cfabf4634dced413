//! A role for each function, state machine and schedule, and one for the API, with the permissions in `system.json` and no others.
//!
//! Terraform's roles also allow writing logs and logging in to the database, which needs no permission in the local AWS.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use system::{ACCOUNT, Function, Statement, System, Values, function_arn, machine_arn, queue_arn};

use super::{Deployment, SWEEP};

/// The role of a function.
pub(super) fn of_function(name: &str) -> String {
    arn(&format!("{name}-function"))
}

/// The role of a state machine.
pub(super) fn of_machine(name: &str) -> String {
    arn(&format!("{name}-machine"))
}

/// The role of a schedule.
pub(super) fn of_schedule(name: &str) -> String {
    arn(&format!("{name}-schedule"))
}

/// The role of the API.
pub(super) fn of_api() -> String {
    arn("api")
}

/// The role of an EventBridge rule.
pub(super) fn of_rule(name: &str) -> String {
    arn(&format!("{name}-rule"))
}

fn arn(role: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:role/{role}")
}

impl Deployment {
    pub(super) async fn create_roles(&self, values: &Values) -> Result<()> {
        for (name, function) in &self.system.functions {
            let policy = statements(function, values)?;
            self.create_role(&of_function(name), "lambda.amazonaws.com", policy).await?;
        }
        for name in self.system.state_machines.keys() {
            let functions = functions_of(&self.system, name)?;
            let arns: Vec<String> = functions.iter().map(|name| function_arn(name)).collect();
            let policy = vec![allow(&["lambda:InvokeFunction".to_owned()], &arns)];
            self.create_role(&of_machine(name), "states.amazonaws.com", policy).await?;
        }
        for (name, schedule) in &self.system.schedules {
            let machine = machine_arn(&schedule.state_machine);
            let policy = vec![allow(&["states:StartExecution".to_owned()], &[machine])];
            self.create_role(&of_schedule(name), "scheduler.amazonaws.com", policy).await?;
        }
        let machine = machine_arn(&self.system.sweeps_of_ended_executions.starts);
        let policy = vec![allow(&["states:StartExecution".to_owned()], &[machine])];
        self.create_role(&of_rule(SWEEP), "events.amazonaws.com", policy).await?;
        self.create_role(&of_api(), "apigateway.amazonaws.com", self.permissions_of_api()).await
    }

    /// The API may send messages to the queues of its routes.
    fn permissions_of_api(&self) -> Vec<Value> {
        let queues = self.system.queue_routes.values().map(|route| queue_arn(&route.queue));
        vec![allow(&["sqs:SendMessage".to_owned()], &queues.collect::<Vec<_>>())]
    }

    async fn create_role(&self, arn: &str, principal: &str, statements: Vec<Value>) -> Result<()> {
        let name = arn.rsplit('/').next().unwrap_or(arn);
        let trust = json!({
            "Version": "2012-10-17",
            "Statement": [{
                "Effect": "Allow",
                "Principal": {"Service": principal},
                "Action": "sts:AssumeRole",
            }],
        })
        .to_string();
        let create = [("RoleName", name), ("AssumeRolePolicyDocument", &trust)];
        let created = self.signed_requests.iam("CreateRole", &create).await;
        created.with_context(|| format!("the role {name} cannot be created"))?;
        if statements.is_empty() {
            return Ok(());
        }
        let policy = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
        let put = [("RoleName", name), ("PolicyName", "permissions"), ("PolicyDocument", &policy)];
        let put = self.signed_requests.iam("PutRolePolicy", &put).await;
        put.with_context(|| format!("the policy of the role {name} cannot be set"))
    }
}

fn statements(function: &Function, values: &Values) -> Result<Vec<Value>> {
    function.iam.iter().map(|statement| filled(statement, values)).collect()
}

fn filled(statement: &Statement, values: &Values) -> Result<Value> {
    let resources = statement.resources.iter().map(|resource| values.fill(resource));
    let mut allowed = allow(&statement.actions, &resources.collect::<Result<Vec<_>>>()?);
    if !statement.condition.is_empty() {
        let condition = serde_json::to_string(&statement.condition)?;
        allowed["Condition"] = serde_json::from_str(&values.fill(&condition)?)?;
    }
    Ok(allowed)
}

/// The functions that a state machine invokes.
fn functions_of<'a>(system: &'a System, machine: &str) -> Result<Vec<&'a str>> {
    let definition = system.definition(machine)?;
    let invoked = |name: &&String| definition.contains(&format!("\"{}\"", function_arn(name)));
    Ok(system.functions.keys().filter(invoked).map(String::as_str).collect())
}

fn allow(actions: &[String], resources: &[String]) -> Value {
    json!({"Effect": "Allow", "Action": actions, "Resource": resources})
}
