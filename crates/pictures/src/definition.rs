//! A definition of a state machine in Amazon States Language, as far as a picture shows it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::Value;
use system::System;

/// A state machine, or the states within a Map or a Parallel. Every state that a transition leads to exists.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Definition {
    comment: Option<String>,
    pub(crate) start_at: String,
    pub(crate) states: BTreeMap<String, State>,
}

/// One state.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct State {
    #[serde(rename = "Type")]
    pub kind: Kind,
    pub comment: Option<String>,
    #[serde(default)]
    pub resource: String,
    #[serde(default)]
    arguments: Value,
    next: Option<String>,
    #[serde(default)]
    pub end: bool,
    #[serde(default)]
    choices: Vec<Choice>,
    default: Option<String>,
    #[serde(default)]
    catch: Vec<Catcher>,
    item_processor: Option<Definition>,
    #[serde(default)]
    branches: Vec<Definition>,
}

/// The type of a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) enum Kind {
    Task,
    Choice,
    Pass,
    Wait,
    Succeed,
    Fail,
    Map,
    Parallel,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Choice {
    condition: String,
    next: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Catcher {
    error_equals: Vec<String>,
    next: String,
}

/// Why a transition is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause<'a> {
    /// The state succeeded.
    Next,
    /// A condition of a Choice holds.
    Condition(&'a str),
    /// No condition of a Choice holds.
    Otherwise,
    /// One of these errors was caught.
    Caught(&'a [String]),
}

impl Definition {
    /// Reads the JSON of a definition, as it is deployed.
    ///
    /// # Errors
    /// If it is not a definition, or a transition leads to a state that does not exist.
    pub fn parse(json: &str) -> Result<Self> {
        let definition: Self = serde_json::from_str(json).context("not a state machine")?;
        definition.check()?;
        Ok(definition)
    }

    /// The definition of a state machine of this checkout.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn of(system: &System, machine: &str) -> Result<Self> {
        Self::parse(&system.definition(machine)?)
            .with_context(|| format!("the state machine {machine}"))
    }

    fn check(&self) -> Result<()> {
        let targets = self.states.values().flat_map(State::transitions).map(|(_, to)| to);
        for target in targets.chain([self.start_at.as_str()]) {
            ensure!(self.states.contains_key(target), "there is no state {target}");
        }
        self.states.values().flat_map(State::inner).try_for_each(Self::check)
    }

    /// What the state machine is for: the first sentence of its comment.
    pub(crate) fn purpose(&self) -> &str {
        let comment = self.comment.as_deref().unwrap_or_default();
        comment.split_once(". ").map_or(comment, |(first, _)| first)
    }

    /// The names of all states, also of those within a Map or a Parallel.
    pub fn state_names(&self) -> BTreeSet<&str> {
        let inner = self.states.values().flat_map(State::inner).flat_map(Self::state_names);
        self.states.keys().map(String::as_str).chain(inner).collect()
    }

    /// The names of the functions that the states invoke.
    pub fn functions(&self) -> BTreeSet<&str> {
        let inner = self.states.values().flat_map(State::inner).flat_map(Self::functions);
        self.states.values().filter_map(State::function).chain(inner).collect()
    }

    /// The states with their names, in the order in which an execution can reach them.
    pub(crate) fn in_order(&self) -> Vec<(&str, &State)> {
        let mut names = Vec::new();
        self.visit(&self.start_at, &mut names);
        for name in self.states.keys() {
            self.visit(name, &mut names);
        }
        names.into_iter().filter_map(|name| Some((name, self.states.get(name)?))).collect()
    }

    fn visit<'a>(&'a self, name: &'a str, visited: &mut Vec<&'a str>) {
        if visited.contains(&name) {
            return;
        }
        visited.push(name);
        for (_, next) in self.states.get(name).into_iter().flat_map(State::transitions) {
            self.visit(next, visited);
        }
    }
}

impl State {
    /// The transitions, each with the state that it leads to.
    pub fn transitions(&self) -> impl Iterator<Item = (Cause<'_>, &str)> {
        let next = self.next.iter().map(|to| (Cause::Next, to.as_str()));
        let conditions =
            self.choices.iter().map(|to| (Cause::Condition(&to.condition), to.next.as_str()));
        let otherwise = self.default.iter().map(|to| (Cause::Otherwise, to.as_str()));
        let caught =
            self.catch.iter().map(|to| (Cause::Caught(&to.error_equals), to.next.as_str()));
        next.chain(conditions).chain(otherwise).chain(caught)
    }

    /// The states within a Map, or those of each branch of a Parallel.
    pub fn inner(&self) -> impl Iterator<Item = &Definition> {
        self.item_processor.iter().chain(&self.branches)
    }

    /// The name of the function that a Task invokes: the last part of its ARN.
    pub fn function(&self) -> Option<&str> {
        self.arguments.get("FunctionName")?.as_str()?.rsplit(':').next()
    }

    /// Whether a Task waits until its token is sent back.
    pub fn waits_for_a_token(&self) -> bool {
        self.resource.ends_with(".waitForTaskToken")
    }
}
