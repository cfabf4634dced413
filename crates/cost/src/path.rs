//! The path of an execution through a state machine as deployed.

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use system::System;

/// More states than any scenario passes, to detect loops.
const TOO_LONG: usize = 50;

/// What an execution passes from its start to its end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Path {
    /// The invoked functions.
    pub functions: Vec<String>,
    /// The number of entered states.
    pub states: usize,
    /// The number of events in the history.
    pub events: usize,
}

/// A Choice state and the state that it leads to. All other Choice states take their `Default`.
pub type Choice = (&'static str, &'static str);

impl Path {
    /// Follows the definition from its start to an end. Every choice must be on the path.
    pub fn through(system: &System, machine: &str, choices: &[Choice]) -> Result<Self> {
        let definition: Value = serde_json::from_str(&system.definition(machine)?)?;
        // The events for the start and the end of the execution.
        let mut path = Self { events: 2, ..Self::default() };
        let mut taken = 0;
        let mut next = definition["StartAt"].as_str();
        while let Some(name) = next {
            let state = &definition["States"][name];
            path.enter(state).with_context(|| format!("{machine}.{name}"))?;
            let choice = choices.iter().find(|(choice, _)| *choice == name);
            taken += usize::from(choice.is_some());
            next = match choice {
                Some((_, to)) => Some(choice_to(state, to)?),
                None => state["Next"].as_str().or(state["Default"].as_str()),
            };
            ensure!(path.states < TOO_LONG, "the path through {machine} does not end");
        }
        ensure!(taken == choices.len(), "the path through {machine} misses some of {choices:?}");
        Ok(path)
    }

    /// A Map runs without items: the executions for its items are scenarios of their own.
    fn enter(&mut self, state: &Value) -> Result<()> {
        self.states += 1;
        self.events += match state["Type"].as_str() {
            // Entered, scheduled, started, succeeded, exited.
            Some("Task") => 5,
            Some("Map") => 4,
            Some("Choice" | "Pass" | "Succeed") => 2,
            kind => bail!("a state of type {kind:?} is not supported"),
        };
        if state["Type"] == "Task" {
            let arn = state["Arguments"]["FunctionName"]
                .as_str()
                .context("the task invokes no function")?;
            self.functions.extend(arn.rsplit(':').next().map(str::to_owned));
        }
        Ok(())
    }
}

fn choice_to<'a>(state: &'a Value, to: &str) -> Result<&'a str> {
    let choices = state["Choices"].as_array().context("the state is not a Choice")?;
    let mut names = choices.iter().filter_map(|choice| choice["Next"].as_str());
    names.find(|name| *name == to).with_context(|| format!("the Choice does not lead to {to}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sale_passes_the_check_and_the_decrement_of_the_stock() -> Result<()> {
        let choices = [("IsAvailable", "DecrementStock")];
        let sale = Path::through(&System::read()?, "purchase", &choices)?;
        assert_eq!(sale.functions, ["check-stock", "decrement-stock"]);
        assert_eq!((sale.states, sale.events), (5, 18));
        Ok(())
    }

    #[test]
    fn an_impossible_choice_is_an_error() -> Result<()> {
        let system = System::read()?;
        for choice in [("IsAvailable", "NotKnown"), ("CheckStock", "Answer"), ("Nowhere", "Answer")]
        {
            assert!(Path::through(&system, "purchase", &[choice]).is_err(), "{choice:?}");
        }
        Ok(())
    }
}
