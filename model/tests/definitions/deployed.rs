//! The deployed definitions as graphs of their states.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use system::System;

/// The states of all state machines, by names like `restock/OpenRestock`. A state inside a Map state has the
/// name of the Map state before its own: `sweep/PublishAll/PublishDepletion`.
pub struct Deployed {
    /// The states that can follow each state.
    next: BTreeMap<String, BTreeSet<String>>,
}

impl Deployed {
    pub fn read() -> Self {
        let system = System::read().expect("system.json is readable");
        let mut deployed = Self { next: BTreeMap::new() };
        for machine in system.state_machines.keys() {
            let definition = system.definition(machine).expect("the definition is readable");
            let definition: Value = serde_json::from_str(&definition).expect("it is JSON");
            deployed.add(machine, &definition);
        }
        deployed
    }

    /// Adds the states of a machine or of the inside of a Map state. The name of the machine leads to its
    /// first state.
    fn add(&mut self, prefix: &str, definition: &Value) {
        let path = |name: &Value| format!("{prefix}/{}", name.as_str().expect("a state's name"));
        self.next.insert(prefix.to_owned(), BTreeSet::from([path(&definition["StartAt"])]));
        for (name, state) in states(definition) {
            let state_path = format!("{prefix}/{name}");
            if let Some(inside) = state.get("ItemProcessor") {
                self.add(&state_path, inside);
            }
            let next = followers(state).into_iter().map(path);
            self.next.entry(state_path).or_default().extend(next);
        }
    }

    pub fn states(&self) -> BTreeSet<&str> {
        self.next.keys().map(String::as_str).filter(|name| name.contains('/')).collect()
    }

    /// Whether a way leads from one state to the other that passes no state of `between`.
    pub fn leads(&self, from: &str, to: &str, between: &BTreeSet<&str>) -> bool {
        let mut seen = BTreeSet::new();
        let mut unvisited = vec![from];
        while let Some(next) = unvisited.pop().and_then(|state| self.next.get(state)) {
            if next.contains(to) {
                return true;
            }
            let open = next.iter().map(String::as_str).filter(|state| !between.contains(state));
            unvisited.extend(open.filter(|state| seen.insert(state.to_owned())));
        }
        false
    }
}

fn states(definition: &Value) -> &Map<String, Value> {
    definition["States"].as_object().expect("a definition has states")
}

/// The targets of `Next`, `Default`, `Choices` and `Catch`.
fn followers(state: &Value) -> Vec<&Value> {
    let rules = ["Choices", "Catch"].into_iter().filter_map(|field| state[field].as_array());
    let targets = rules.flatten().map(|rule| &rule["Next"]);
    targets.chain(["Next", "Default"].into_iter().filter_map(|field| state.get(field))).collect()
}
