//! The content of `system.json`.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use anyhow::{Context, Result};
use serde::Deserialize;

/// The content of `system.json`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct System {
    /// A description for readers of the file.
    pub about: String,
    /// The environment variables of every function; values may contain `${names}`.
    pub environment: BTreeMap<String, String>,
    /// The functions by name. The binary has the same name.
    pub functions: BTreeMap<String, Function>,
    /// The function for each route of the API.
    pub routes: BTreeMap<String, String>,
    /// The routes of the API whose requests become messages, without a function in between.
    pub queue_routes: BTreeMap<String, QueueRoute>,
    /// The type of each state machine: `EXPRESS` or `STANDARD`.
    pub state_machines: BTreeMap<String, String>,
    /// The functions that only the command `restock` invokes. Only for Terraform.
    pub invoked_by_operators: Vec<String>,
    /// The functions that an earlier definition of a state machine invoked and its role must still allow. Only for
    /// Terraform.
    pub invoked_before: BTreeMap<String, Vec<String>>,
    /// The queues by name.
    pub queues: BTreeMap<String, Queue>,
    /// How executions that end without reporting are reported.
    pub reports_of_ended_executions: EndedReports,
    /// How the end of a restock's execution starts a sweep.
    pub sweeps_of_ended_executions: EndedSweeps,
    /// The schedules by name.
    pub schedules: BTreeMap<String, Schedule>,
    /// The values of placeholders in the state machines.
    pub settings: Settings,
}

/// A function.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Function {
    /// Where the function runs, which decides what it can reach.
    pub placement: Placement,
    /// The timeout of an invocation.
    pub timeout_seconds: i32,
    /// The memory, which also determines the share of a processor.
    pub memory_mb: i32,
    /// The environment variables of this function alone; values may contain `${names}`.
    pub environment: BTreeMap<String, String>,
    /// The error names that the function can return, except the two that every function can return.
    pub errors: BTreeSet<String>,
    /// The permissions of its role.
    pub iam: Vec<Statement>,
}

/// A permission of a function's role.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// The allowed actions: `sqs:SendMessage`.
    pub actions: Vec<String>,
    /// ARNs, with `${names}`.
    pub resources: Vec<String>,
    /// The condition: values, with `${names}`, by operator and key.
    #[serde(default)]
    pub condition: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

/// Where a function runs. A function uses the database or calls the outside world, never both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Placement {
    /// In the VPC: reaches only the database.
    Vpc,
    /// Outside the VPC: reaches AWS and the Internet, but not the database.
    Public,
    /// In the VPC, without a database user: reaches factories in private networks, and Secrets Manager.
    Private,
}

/// A route whose requests become messages. The body of the request is the body of the message.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueueRoute {
    /// The queue that gets the messages.
    pub queue: String,
    /// The message attributes by name, each with the part of the request that is its value: `request.path.NAME` or
    /// `request.querystring.NAME`.
    pub message_attributes: BTreeMap<String, String>,
}

/// A queue.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Queue {
    /// The function that processes the messages; `None` for a queue that operators read.
    pub consumer: Option<String>,
    /// The number of messages per invocation.
    pub batch_size: Option<i32>,
    /// How long Lambda may wait for a batch to fill.
    pub batching_window_seconds: Option<i32>,
    /// The number of concurrent invocations.
    pub maximum_concurrency: Option<i32>,
    /// How long a received message stays invisible to other receivers.
    pub visibility_timeout_seconds: u32,
    /// How long an unprocessed message is kept.
    pub retention_seconds: u32,
    /// The size of the largest message; `None` for the largest that SQS allows.
    pub maximum_message_bytes: Option<u32>,
    /// The queue for messages that were received too often.
    pub dead_letters_to: Option<String>,
    /// How often a message is received before it goes there.
    pub max_receive_count: Option<u32>,
}

/// The EventBridge rule for executions that end without reporting.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndedReports {
    /// A description for readers of the file.
    pub about: String,
    /// The function that the rule invokes.
    pub function: String,
    /// The state machines of the executions.
    pub state_machines: Vec<String>,
    /// Of these state machines, only the executions whose names begin like this.
    pub only_names: BTreeMap<String, String>,
    /// The statuses of executions that could not report.
    pub statuses: Vec<String>,
    /// The errors of failed executions that could not report.
    pub errors: Vec<String>,
    /// The paths in the status event of the values for `event`, by name.
    pub paths: BTreeMap<String, String>,
    /// The input of the function, with `<names>`.
    pub event: String,
}

/// The EventBridge rule that starts a sweep when the execution of a restock has ended without success.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndedSweeps {
    /// A description for readers of the file.
    pub about: String,
    /// The state machine of the executions.
    pub of: String,
    /// Not the executions whose names begin like this.
    pub except_names: String,
    /// The statuses with which the executions ended.
    pub statuses: Vec<String>,
    /// The state machine that is started.
    pub starts: String,
    /// The paths in the status event of the values for `input`, by name.
    pub paths: BTreeMap<String, String>,
    /// The input of the started execution, with `<names>`.
    pub input: String,
}

/// A schedule.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// The state machine that it starts.
    pub state_machine: String,
    /// The schedule expression: `rate(5 minutes)`.
    pub expression: String,
}

/// The values of placeholders in the state machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// How long a restock waits for the callback of each production order: 1 to 900.
    pub await_completion_seconds: u32,
    /// How many production orders a restock may send: 1 or 2.
    pub restock_attempts: u32,
    /// The age from which the sweep closes an open restock as abandoned. No execution runs that long.
    pub restock_abandoned_seconds: u32,
    /// The age from which the sweep credits a recorded arrival.
    pub arrival_forgotten_seconds: u32,
}

impl Schedule {
    /// The interval of the schedule.
    ///
    /// # Errors
    /// If the expression is not a rate.
    pub fn every(&self) -> Result<Duration> {
        let rate = self.expression.strip_prefix("rate(").and_then(|rate| rate.strip_suffix(')'));
        let rate = rate.with_context(|| format!("{} is not a rate", self.expression))?;
        humantime::parse_duration(rate).with_context(|| format!("{rate} is not a duration"))
    }
}

impl System {
    /// The system of this checkout.
    pub fn read() -> Result<Self> {
        serde_json::from_str(include_str!("../../../system.json"))
            .context("system.json cannot be read")
    }
}
