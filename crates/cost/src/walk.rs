//! The way of an execution through a state machine as it is deployed.

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use system::System;

/// No story is as long as this.
const TOO_LONG: usize = 50;

/// What an execution passes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Passed {
    /// The functions that its tasks invoke.
    pub functions: Vec<String>,
    /// States entered.
    pub states: usize,
    /// Events in its history.
    pub events: usize,
}

/// Where a story turns: at the Choice of this name, to the state of that one. It goes on by `Default` elsewhere.
pub type Turn = (&'static str, &'static str);

/// Walks from the start to an end, taking each turn.
pub fn walk(system: &System, machine: &str, turns: &[Turn]) -> Result<Passed> {
    let definition: Value = serde_json::from_str(&system.definition(machine)?)?;
    // It starts and it ends.
    let mut passed = Passed { events: 2, ..Passed::default() };
    let mut turned = 0;
    let mut next = definition["StartAt"].as_str();
    while let Some(name) = next {
        let state = &definition["States"][name];
        passed.enter(state).with_context(|| format!("{machine}.{name}"))?;
        let turn = turns.iter().find(|(choice, _)| *choice == name);
        turned += usize::from(turn.is_some());
        next = match turn {
            Some((_, to)) => Some(one_of(state, to)?),
            None => state["Next"].as_str().or(state["Default"].as_str()),
        };
        ensure!(passed.states < TOO_LONG, "{machine} does not end");
    }
    ensure!(turned == turns.len(), "{machine} does not come by all of {turns:?}");
    Ok(passed)
}

impl Passed {
    /// A Map is entered with nothing to do: what it does is a story of its own.
    fn enter(&mut self, state: &Value) -> Result<()> {
        self.states += 1;
        self.events += match state["Type"].as_str() {
            // Entered, scheduled, started, succeeded, exited.
            Some("Task") => 5,
            Some("Map") => 4,
            Some("Choice" | "Pass" | "Succeed") => 2,
            kind => bail!("{kind:?} is in no story"),
        };
        if state["Type"] == "Task" {
            let arn = state["Arguments"]["FunctionName"].as_str().context("no function")?;
            self.functions.extend(arn.rsplit(':').next().map(str::to_owned));
        }
        Ok(())
    }
}

fn one_of<'a>(state: &'a Value, to: &str) -> Result<&'a str> {
    let choices = state["Choices"].as_array().context("it is no Choice")?;
    let mut names = choices.iter().filter_map(|choice| choice["Next"].as_str());
    names.find(|name| *name == to).with_context(|| format!("nothing leads to {to}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sale_passes_both_looks_at_the_stock() -> Result<()> {
        let sale = walk(&System::read()?, "purchase", &[("IsAvailable", "DecrementStock")])?;
        assert_eq!(sale.functions, ["check-stock", "decrement-stock"]);
        assert_eq!((sale.states, sale.events), (5, 18));
        Ok(())
    }

    #[test]
    fn a_turn_that_cannot_be_taken_is_an_error() -> Result<()> {
        let system = System::read()?;
        for turn in [("IsAvailable", "NotKnown"), ("CheckStock", "Answer"), ("Nowhere", "Answer")] {
            assert!(walk(&system, "purchase", &[turn]).is_err(), "{turn:?}");
        }
        Ok(())
    }
}
