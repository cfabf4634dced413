use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use anyhow::{Context, Result};
use serde::Deserialize;

/// The whole system.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct System {
    /// For people.
    pub about: String,
    /// The settings of every function, with `${names}` to be filled.
    pub environment: BTreeMap<String, String>,
    /// The functions by name, which is also the binary's.
    pub functions: BTreeMap<String, Function>,
    /// The function for each route of the API.
    pub routes: BTreeMap<String, String>,
    /// The type of each state machine: `EXPRESS` or `STANDARD`.
    pub state_machines: BTreeMap<String, String>,
    /// The functions that a definition before named, by state machine. Nothing follows one in the local cloud.
    pub invoked_before: BTreeMap<String, Vec<String>>,
    /// The queues by name.
    pub queues: BTreeMap<String, Queue>,
    /// Who is told of executions that end without being able to report.
    pub reports_of_ended_executions: EndedReports,
    /// What runs by the clock.
    pub schedules: BTreeMap<String, Schedule>,
    /// The numbers that the state machines' definitions leave open.
    pub settings: Settings,
}

/// A function.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Function {
    /// Where it runs, which decides what it may reach.
    pub placement: Placement,
    /// How long an invocation may take.
    pub timeout_seconds: i32,
    /// Its memory.
    pub memory_mb: i32,
    /// The settings that only it has, with `${names}` to be filled.
    pub environment: BTreeMap<String, String>,
    /// The names of the errors that it can return, besides the two that every function can.
    pub errors: BTreeSet<String>,
    /// What its role may do.
    pub iam: Vec<Statement>,
}

/// A permission of a function's role.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// `sqs:SendMessage`
    pub actions: Vec<String>,
    /// ARNs, as `${names}` to be filled.
    pub resources: Vec<String>,
    /// On what condition: values, as `${names}` to be filled, by operator and key.
    #[serde(default)]
    pub condition: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

/// A function touches the database or calls the outside world, never both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Placement {
    /// In the VPC, with the database.
    Vpc,
    /// Outside, with AWS and the Internet.
    Public,
}

/// A queue.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Queue {
    /// The function that takes its messages.
    pub consumer: Option<String>,
    /// How many at once.
    pub batch_size: Option<i32>,
    /// In how many invocations at once.
    pub maximum_concurrency: Option<i32>,
    /// How long a message is hidden from others that one has taken.
    pub visibility_timeout_seconds: u32,
    /// How long a message is kept.
    pub retention_seconds: u32,
    /// Where messages go that were taken too often.
    pub dead_letters_to: Option<String>,
    /// How often a message may be taken.
    pub max_receive_count: Option<u32>,
}

/// Which executions are told of by EventBridge, and how.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndedReports {
    /// For people.
    pub about: String,
    /// The function that is told.
    pub function: String,
    /// The state machines of the executions.
    pub state_machines: Vec<String>,
    /// How they ended.
    pub statuses: Vec<String>,
    /// Where the status event holds what is filled into `event`.
    pub paths: BTreeMap<String, String>,
    /// What the function is told, with `<names>` to be filled.
    pub event: String,
}

/// What runs by the clock.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// The state machine that it starts.
    pub state_machine: String,
    /// `rate(5 minutes)`
    pub expression: String,
}

/// The numbers that the state machines' definitions leave open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// How long a restock waits for the callback: 1 to 900.
    pub await_completion_seconds: u32,
    /// How many orders a restock may send: 1 or 2.
    pub restock_attempts: u32,
    /// When the sweep takes an open restock for one that has lost its execution.
    pub restock_abandoned_seconds: u32,
    /// When the sweep credits goods itself that have arrived.
    pub arrival_forgotten_seconds: u32,
}

impl Schedule {
    /// How often it runs, where that is said as a rate.
    pub fn every(&self) -> Result<Duration> {
        let rate = self.expression.strip_prefix("rate(").and_then(|rate| rate.strip_suffix(')'));
        let rate = rate.with_context(|| format!("{} is no rate", self.expression))?;
        humantime::parse_duration(rate).with_context(|| format!("{rate} is no time"))
    }
}

impl System {
    /// The system of this checkout.
    pub fn read() -> Result<Self> {
        serde_json::from_str(include_str!("../../../system.json"))
            .context("system.json cannot be read")
    }
}
