//! The diagrams of the state machines name the states of the definitions.

use std::collections::BTreeSet;

use crate::{none, repository::read};

const PAGE: &str = "docs/architecture.md";
const MACHINES: [&str; 4] = ["purchase", "restock", "completion", "sweep"];

/// The states that a diagram draws arrows between, in the section of a machine.
fn drawn<'a>(page: &'a str, machine: &str) -> BTreeSet<&'a str> {
    let (_, section) = page.split_once(&format!("\n### {machine}\n")).expect("a section");
    let (_, diagram) = section.split_once("```mermaid\n").expect("a diagram");
    let (diagram, _) = diagram.split_once("```").expect("the end of the diagram");
    let arrows = diagram.lines().filter_map(|line| line.split_once(" --> "));
    let ends = arrows.flat_map(|(from, to)| [from, to.split(':').next().unwrap_or_default()]);
    ends.map(str::trim).filter(|state| *state != "[*]").collect()
}

/// The states of a definition. Those of a Map are indented further.
fn states(definition: &str) -> BTreeSet<&str> {
    let (_, states) = definition.split_once("\nStates:\n").expect("states");
    let names = states.lines().filter_map(|line| line.strip_prefix("  ")?.strip_suffix(':'));
    names.filter(|name| !name.starts_with([' ', '#'])).collect()
}

fn problems(page: &str, machine: &str, definition: &str) -> Vec<String> {
    let (drawn, states) = (drawn(page, machine), states(definition));
    let missing = states.difference(&drawn).map(|state| format!("{machine}: {state} is not drawn"));
    let has = |state: &str| definition.lines().any(|line| line.trim() == format!("{state}:"));
    let unknown = drawn.iter().filter(|state| !has(state));
    let unknown = unknown.map(|state| format!("{machine} has no state {state}"));
    missing.chain(unknown).collect()
}

#[test]
fn the_diagram_of_each_state_machine_names_its_states() {
    let page = read(PAGE);
    let definition = |machine| read(&format!("statemachines/{machine}.asl.yaml"));
    none(&MACHINES.map(|machine| problems(&page, machine, &definition(machine))).concat());
}

#[test]
fn a_state_that_is_missing_or_unknown_is_found() {
    let page = "\n### m\n\n```mermaid\n  [*] --> A\n  A --> Gone: yes\n  Inner --> [*]\n```\n";
    let definition =
        "StartAt: A\nStates:\n  A:\n    States:\n      Inner:\n  # why\n  B:\n    Type: X\n";
    assert_eq!(problems(page, "m", definition), ["m: B is not drawn", "m has no state Gone"]);
}
