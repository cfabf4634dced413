//! A role for everyone who does something: it may do what `system.json` says, and nothing else.
//!
//! What Terraform's roles may do beyond that, writing their logs and logging in to the database, needs no
//! permission here.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{Deployment, Function, Statement, System, function_arn, machine_arn, template::Values};
use crate::cloud::clients::ACCOUNT;

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

fn arn(role: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:role/{role}")
}

impl Deployment {
    pub(super) async fn create_roles(&self, values: &Values) -> Result<()> {
        for (name, function) in &self.system.functions {
            let may = function.statements(values)?;
            self.create_role(&of_function(name), "lambda.amazonaws.com", may).await?;
        }
        for name in self.system.state_machines.keys() {
            let functions = self.system.functions_of(name)?;
            let arns: Vec<String> = functions.iter().map(|name| function_arn(name)).collect();
            let may = vec![allow(&["lambda:InvokeFunction".to_owned()], &arns)];
            self.create_role(&of_machine(name), "states.amazonaws.com", may).await?;
        }
        for (name, schedule) in &self.system.schedules {
            let machine = machine_arn(&schedule.state_machine);
            let may = vec![allow(&["states:StartExecution".to_owned()], &[machine])];
            self.create_role(&of_schedule(name), "scheduler.amazonaws.com", may).await?;
        }
        Ok(())
    }

    async fn create_role(&self, arn: &str, principal: &str, may: Vec<Value>) -> Result<()> {
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
        let created = self.signed.iam("CreateRole", &create).await;
        created.with_context(|| format!("the role {name} cannot be made"))?;
        if may.is_empty() {
            return Ok(());
        }
        let policy = json!({"Version": "2012-10-17", "Statement": may}).to_string();
        let put = [("RoleName", name), ("PolicyName", "its-work"), ("PolicyDocument", &policy)];
        let put = self.signed.iam("PutRolePolicy", &put).await;
        put.with_context(|| format!("the role {name} takes no policy"))
    }
}

impl Function {
    fn statements(&self, values: &Values) -> Result<Vec<Value>> {
        self.iam.iter().map(|statement| statement.filled(values)).collect()
    }
}

impl Statement {
    fn filled(&self, values: &Values) -> Result<Value> {
        let resources = self.resources.iter().map(|resource| values.fill(resource));
        let mut statement = allow(&self.actions, &resources.collect::<Result<Vec<_>>>()?);
        if !self.condition.is_empty() {
            let condition = serde_json::to_string(&self.condition)?;
            statement["Condition"] = serde_json::from_str(&values.fill(&condition)?)?;
        }
        Ok(statement)
    }
}

impl System {
    /// The functions that a state machine invokes.
    fn functions_of(&self, machine: &str) -> Result<Vec<&str>> {
        let definition = self.definition(machine)?;
        let invoked = |name: &&String| definition.contains(&format!("\"{}\"", function_arn(name)));
        Ok(self.functions.keys().filter(invoked).map(String::as_str).collect())
    }
}

fn allow(actions: &[String], resources: &[String]) -> Value {
    json!({"Effect": "Allow", "Action": actions, "Resource": resources})
}
