//! The state machines as they are deployed, and how a rule is tried on them.

use serde_json::{Value, json};
use system::Function;
use system::System;

/// A state machine as it is deployed.
pub struct Machine {
    pub name: String,
    pub definition: Value,
    pub system: System,
}

/// A state, also one within a Map.
pub struct State<'a> {
    /// `sweep.PublishAll.PublishDepletion`
    pub place: String,
    pub is: &'a Value,
}

/// A rule says what is wrong with a machine: one line for each place.
pub type Rule = fn(&Machine) -> Vec<String>;

impl Machine {
    pub fn all() -> Vec<Self> {
        let system = System::read().expect("system.json");
        system.state_machines.keys().map(|name| Self::named(name)).collect()
    }

    pub fn named(name: &str) -> Self {
        let system = System::read().expect("system.json");
        let text = system.definition(name).expect("a definition");
        let definition = serde_json::from_str(&text).expect("JSON");
        Self { name: name.to_owned(), definition, system }
    }

    /// The machine without what is there.
    pub fn without(mut self, pointer: &str) -> Self {
        let (parent, field) = pointer.rsplit_once('/').expect("a pointer");
        let parent = self.definition.pointer_mut(parent).expect("it is there");
        parent.as_object_mut().and_then(|fields| fields.remove(field)).expect("it is there");
        self
    }

    /// The machine with something else in the place of what is there.
    pub fn with(mut self, pointer: &str, value: impl Into<Value>) -> Self {
        *self.definition.pointer_mut(pointer).expect("it is there") = value.into();
        self
    }

    pub fn states(&self) -> Vec<State<'_>> {
        let mut found = Vec::new();
        collect(&self.name, &self.definition, &mut found);
        found
    }

    pub fn of_type(&self, kind: &str) -> Vec<State<'_>> {
        self.states().into_iter().filter(|state| state.is["Type"] == kind).collect()
    }

    /// The function that a task invokes.
    pub fn function(&self, task: &Value) -> (String, &Function) {
        let arn = task["Arguments"]["FunctionName"].as_str().expect("a function's ARN");
        let name = arn.rsplit(':').next().unwrap_or_default();
        (name.to_owned(), self.system.functions.get(name).expect("a function"))
    }
}

fn collect<'a>(place: &str, machine: &'a Value, found: &mut Vec<State<'a>>) {
    for (name, state) in machine["States"].as_object().expect("states") {
        let place = format!("{place}.{name}");
        if let Some(inner) = state.get("ItemProcessor") {
            collect(&place, inner, found);
        }
        found.push(State { place, is: state });
    }
}

pub fn each<'a>(state: &'a Value, field: &str) -> impl Iterator<Item = &'a Value> {
    state[field].as_array().into_iter().flatten()
}

/// The errors that a Retry or Catch is for.
pub fn errors(handler: &Value) -> impl Iterator<Item = &str> {
    each(handler, "ErrorEquals").filter_map(Value::as_str)
}

pub fn waits_for_a_callback(task: &Value) -> bool {
    task["Resource"].as_str().is_some_and(|resource| resource.ends_with(".waitForTaskToken"))
}

/// All machines obey the rule.
#[track_caller]
pub fn all_obey(rule: Rule) {
    let wrong: Vec<String> = Machine::all().iter().flat_map(rule).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The rule finds one thing wrong with the machine, and says where.
#[track_caller]
pub fn is_found(rule: Rule, machine: Machine, place: &str) {
    let wrong = rule(&machine);
    assert!(wrong.len() == 1 && wrong[0].contains(place), "not {place}: {wrong:#?}");
}

#[test]
fn the_machines_are_those_that_are_deployed_with_all_their_states() {
    let places: Vec<String> = Machine::all()
        .iter()
        .flat_map(|machine| machine.states())
        .map(|state| state.place)
        .collect();
    for place in ["restock.PlaceOrder", "purchase.Decided", "sweep.PublishAll.PublishDepletion"] {
        assert!(places.iter().any(|found| found == place), "{places:?}");
    }
    let restock = Machine::named("restock");
    let seconds = &restock.definition["States"]["AwaitCompletion"]["TimeoutSeconds"];
    assert_eq!(*seconds, json!(restock.system.settings.await_completion_seconds));
}
