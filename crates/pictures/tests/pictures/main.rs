//! The pictures show what the source says, are legible, and are up to date in `docs/pictures`.
#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by ending")]

mod legible;
mod svg;

use std::collections::{BTreeMap, BTreeSet};

use pictures::{Definition, Form, machine_svg, pictures};
use serde_json::Value;
use system::{CHECKOUT, Placement, System};

fn system() -> System {
    System::read().expect("system.json")
}

fn all() -> BTreeMap<String, String> {
    pictures(&system()).expect("pictures")
}

/// The state machines by name, as JSON.
fn machines() -> BTreeMap<String, Value> {
    let system = system();
    let machine = |name: &String| {
        let definition = system.definition(name).expect("a definition");
        (name.clone(), serde_json::from_str(&definition).expect("JSON"))
    };
    system.state_machines.keys().map(machine).collect()
}

/// The states of a definition and of the Maps within it.
fn states(definition: &Value) -> Vec<(&String, &Value)> {
    let states = definition["States"].as_object().expect("states");
    let inner = states.values().filter_map(|state| state.get("ItemProcessor"));
    states.iter().chain(inner.flat_map(|definition| self::states(definition))).collect()
}

/// The states to which a state leads: with `true`, only if it does not fail.
fn targets(state: &Value) -> BTreeSet<(String, bool)> {
    let each = |field: &str| state[field].as_array().cloned().unwrap_or_default();
    let choices = each("Choices").into_iter().map(|choice| choice["Next"].clone());
    let normal = choices.chain([state["Next"].clone(), state["Default"].clone()]);
    let caught = each("Catch").into_iter().map(|catch| (catch["Next"].clone(), false));
    let all = normal.map(|to| (to, true)).chain(caught);
    all.filter_map(|(to, normal)| Some((to.as_str()?.to_owned(), normal))).collect()
}

#[test]
fn the_pictures_in_the_documentation_are_up_to_date() {
    for (name, picture) in all() {
        let stored = std::fs::read_to_string(format!("{CHECKOUT}/docs/pictures/{name}"));
        let is_current = stored.is_ok_and(|stored| stored == picture);
        assert!(is_current, "docs/pictures/{name} is out of date: run `cargo run -- pictures`");
    }
}

#[test]
fn the_documentation_has_no_picture_of_something_that_is_gone() {
    let files = std::fs::read_dir(format!("{CHECKOUT}/docs/pictures")).expect("a folder");
    let names = files.map(|file| file.expect("a file").file_name().into_string().expect("UTF-8"));
    let stored: BTreeSet<String> = names.filter(|name| name.ends_with(".svg")).collect();
    let drawn: BTreeSet<String> = all().into_keys().collect();
    let gone: Vec<&String> = stored.difference(&drawn).collect();
    assert!(gone.is_empty(), "delete {gone:?} from docs/pictures");
}

/// The wide form of a picture and the narrow one.
fn forms(picture: &str) -> [String; 2] {
    let all = all();
    ["svg", "narrow.svg"].map(|ending| all[&format!("{picture}.{ending}")].clone())
}

#[test]
fn every_state_of_every_machine_is_once_in_its_pictures() {
    for (name, definition) in machines() {
        let mut states: Vec<String> =
            states(&definition).into_iter().map(|(name, _)| name.clone()).collect();
        states.sort();
        for picture in forms(&name) {
            assert_eq!(svg::attributes(&picture, "data-state"), states, "{name}");
        }
    }
}

#[test]
fn every_transition_is_an_arrow_and_is_dashed_if_only_errors_take_it() {
    for (name, definition) in machines() {
        let pictures = forms(&name);
        for (state, is) in states(&definition) {
            let targets = targets(is);
            for (to, normal) in &targets {
                let dashed = !normal && !targets.contains(&(to.clone(), true));
                let class = if dashed { "arrow caught" } else { "arrow" };
                let arrow = format!("<g class=\"{class}\" data-from=\"{state}\" data-to=\"{to}\">");
                for picture in &pictures {
                    assert_eq!(picture.matches(&arrow).count(), 1, "{name}: {arrow}");
                }
            }
        }
    }
}

#[test]
fn every_state_machine_uses_the_database_as_the_overview_says() {
    let system = system();
    for machine in system.state_machines.keys() {
        let definition = Definition::of(&system, machine).expect("a definition");
        let placements =
            definition.functions().into_iter().map(|name| system.functions[name].placement);
        assert!(placements.into_iter().any(|is| is == Placement::Vpc), "{machine}");
    }
}

#[test]
fn every_function_queue_and_state_machine_is_in_the_architecture() {
    let system = system();
    for picture in forms("architecture") {
        let drawn = svg::attributes(&picture, "data-part");
        let functions = system.functions.keys().chain(system.queues.keys());
        for part in functions.chain(system.state_machines.keys()) {
            assert!(drawn.contains(part), "{part} is not drawn");
        }
        assert!(drawn.contains(&"MySQL".to_owned()) && drawn.contains(&"Factories".to_owned()));
    }
}

#[test]
fn every_route_and_every_placement_is_in_the_architecture() {
    let system = system();
    for picture in forms("architecture") {
        for route in system.routes.keys() {
            assert!(picture.contains(&format!(">{route}<")), "{route}");
        }
        for (name, function) in &system.functions {
            let class = format!("{:?}", function.placement).to_lowercase();
            let part = format!("<g class=\"part {class}\" data-part=\"{name}\">");
            assert!(picture.contains(&part), "{part}");
        }
    }
}

#[test]
fn the_architecture_shows_what_feeds_what() {
    let [wide, narrow] = forms("architecture");
    for (from, to) in [
        ("Customers", "sales-api"),
        ("sales-api", "purchase"),
        ("purchase", "depletion topic"),
        ("stock_queue", "start-restock"),
        ("start-restock", "restock"),
        ("restock", "Factories"),
        ("Factories", "completion_queue"),
        ("completion", "restock"),
        ("restock", "sweep"),
        ("dead_letter_queue", "stock_queue"),
        ("send-mail", "Operations"),
        ("Operations", "change-warehouse"),
        ("EventBridge", "sweep"),
    ] {
        let arrow = format!("data-from=\"{from}\" data-to=\"{to}\"");
        assert!(wide.contains(&arrow) && narrow.contains(&arrow), "{from} {to}");
    }
}

#[test]
fn both_forms_of_a_picture_have_the_same_boxes_and_arrows() {
    for name in ["architecture", "overview"] {
        let [wide, narrow] = forms(name);
        for attribute in ["data-part", "data-from", "data-to"] {
            let [one, other] = [&wide, &narrow].map(|form| svg::attributes(form, attribute));
            assert!(one.len() > 10, "{name}: {one:?}");
            assert_eq!(one, other, "{name}: {attribute}");
        }
    }
}

fn drawn(definition: &Value) -> anyhow::Result<String> {
    machine_svg("example", &Definition::parse(&definition.to_string())?, Form::Wide)
}

#[test]
fn a_parallel_is_a_box_around_its_branches() {
    let branch = |name: &str| serde_json::json!({"StartAt": name, "States": {name: {"Type": "Pass", "End": true}}});
    let both = serde_json::json!({"Type": "Parallel", "Branches": [branch("A"), branch("B")], "End": true});
    let picture = drawn(&serde_json::json!({"StartAt": "Both", "States": {"Both": both}}));
    let picture = picture.expect("a picture");
    assert_eq!(svg::attributes(&picture, "data-state"), ["A", "B", "Both"]);
    let (_, after) = picture.split_once("data-state=\"Both\"").expect("the box");
    assert!(after.contains("data-state=\"A\"") && after.contains("data-state=\"B\""));
}

#[test]
fn a_transition_to_a_state_that_does_not_exist_is_an_error() {
    let definition =
        serde_json::json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Gone"}}});
    let error = drawn(&definition).expect_err("an error");
    assert!(error.to_string().contains("Gone"), "{error}");
}

#[test]
fn text_of_a_definition_cannot_end_an_element_of_the_picture() {
    let state = serde_json::json!({"Type": "Succeed", "Comment": "a < b & </g> \"c\""});
    let picture = drawn(&serde_json::json!({"StartAt": "A", "States": {"A": state}}));
    assert!(picture.expect("a picture").contains("A: a &lt; b &amp; &lt;/g&gt; &quot;c&quot;"));
}
