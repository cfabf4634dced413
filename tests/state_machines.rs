//! What every state of every machine must have, and that the machines and the code call errors alike.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something is not as it must be"
)]

use std::{collections::BTreeSet, fs, path::Path};

use restock::cloud::deployment::System;
use serde_json::{Map, Value};

/// Names of errors that Step Functions and Lambda give by themselves.
const AWS: [&str; 15] = [
    "Lambda.AWSLambdaException",
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.ResourceConflictException",
    "Lambda.ResourceNotReadyException",
    "Lambda.SdkClientException",
    "Lambda.ServiceException",
    "Lambda.TooManyRequestsException",
    "Lambda.Unknown",
    "Runtime.ExitError",
    "Sandbox.Timedout",
    "States.ALL",
    "States.HeartbeatTimeout",
    "States.QueryEvaluationError",
    "States.TaskFailed",
    "States.Timeout",
];

fn in_checkout(path: &str) -> String {
    format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))
}

/// A machine's definition with its `${names}` filled by something of the right type.
fn definition(machine: &str) -> Value {
    let text = fs::read_to_string(in_checkout(&format!("statemachines/{machine}.asl.json")));
    let text = text.expect("a definition");
    let mut filled = String::new();
    let mut parts = text.split("${");
    filled.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (name, rest) = part.split_once('}').expect("the end of a name");
        filled.push_str(if name.ends_with("_seconds") || name.ends_with("_attempts") {
            "1"
        } else {
            name
        });
        filled.push_str(rest);
    }
    serde_json::from_str(&filled).expect("JSON")
}

/// All states of all machines, also those within a Map, with names that say where.
fn states() -> Vec<(String, Value)> {
    let machines = System::read().expect("system.json").state_machines;
    let mut found = Vec::new();
    for machine in machines.keys() {
        collect(machine, definition(machine)["States"].as_object().expect("states"), &mut found);
    }
    found
}

fn collect(place: &str, states: &Map<String, Value>, found: &mut Vec<(String, Value)>) {
    for (name, state) in states {
        let place = format!("{place}.{name}");
        if let Some(inner) = state["ItemProcessor"]["States"].as_object() {
            collect(&place, inner, found);
        }
        found.push((place, state.clone()));
    }
}

fn of_type(kind: &str) -> impl Iterator<Item = (String, Value)> {
    let found: Vec<_> = states().into_iter().filter(|(_, state)| state["Type"] == kind).collect();
    assert!(!found.is_empty(), "no state is a {kind}");
    found.into_iter()
}

fn each<'a>(state: &'a Value, field: &str) -> impl Iterator<Item = &'a Value> {
    state[field].as_array().into_iter().flatten()
}

#[test]
fn every_state_says_what_it_is_for() {
    for (place, state) in states() {
        assert!(state["Comment"].as_str().is_some_and(|text| text.len() > 10), "{place}");
    }
}

#[test]
fn every_task_ends_in_time_and_its_failure_leads_somewhere() {
    for (place, task) in of_type("Task") {
        assert!(task["TimeoutSeconds"].as_u64().is_some_and(|seconds| seconds > 0), "{place}");
        let last = each(&task, "Catch").last();
        let all =
            last.is_some_and(|catch| catch["ErrorEquals"] == serde_json::json!(["States.ALL"]));
        assert!(all, "{place} does not catch what is left");
    }
}

#[test]
fn every_retry_is_spread_and_bounded() {
    for (place, task) in of_type("Task") {
        for retry in each(&task, "Retry") {
            assert_eq!(retry["JitterStrategy"], "FULL", "{place}");
            for bound in ["IntervalSeconds", "MaxAttempts", "MaxDelaySeconds", "BackoffRate"] {
                assert!(retry[bound].is_number(), "{place}: {bound}");
            }
        }
    }
}

#[test]
fn every_choice_has_a_way_out_when_no_rule_holds() {
    for (place, choice) in of_type("Choice") {
        assert!(choice["Default"].is_string(), "{place}");
    }
}

#[test]
fn a_functions_own_time_is_shorter_than_its_tasks() {
    let functions = System::read().expect("system.json").functions;
    for (place, task) in of_type("Task") {
        // The wait for the callback is not the function's time, nor are the two steps that a purchase
        // does not wait for.
        let waits = task["Resource"]
            .as_str()
            .is_some_and(|resource| resource.ends_with("waitForTaskToken"));
        let hurries = place.starts_with("purchase.") && !place.ends_with("DecrementStock");
        let name =
            task["Arguments"]["FunctionName"].as_str().expect("a function").replace('_', "-");
        let function =
            functions.get(&name).unwrap_or_else(|| panic!("{place}: no function {name}"));
        let limit = i64::from(function.timeout_seconds);
        let holds = task["TimeoutSeconds"].as_i64().is_some_and(|task| task >= limit);
        assert!(waits || hurries || holds, "{place}: {} < {limit}", task["TimeoutSeconds"]);
    }
}

/// The names that the crates of the functions give their errors.
fn names_in_the_code(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("a folder").filter_map(Result::ok) {
        let path = entry.path();
        if path.is_dir() {
            names_in_the_code(&path, names);
        } else if path.file_name().is_some_and(|name| name == "error.rs") {
            let code = fs::read_to_string(path).expect("code");
            let arms = code.split("=> \"").skip(1).filter_map(|rest| rest.split('"').next());
            names.extend(arms.filter(|name| name.contains('.')).map(str::to_owned));
        }
    }
}

#[test]
fn every_error_that_a_machine_names_is_one_that_the_code_or_aws_gives() {
    let mut known: BTreeSet<String> = AWS.map(str::to_owned).into();
    names_in_the_code(Path::new(&in_checkout("functions")), &mut known);
    assert!(known.contains("Factory.Refused"), "the code's names were not found: {known:?}");
    for (place, task) in of_type("Task") {
        for handler in each(&task, "Retry").chain(each(&task, "Catch")) {
            for name in each(handler, "ErrorEquals").filter_map(Value::as_str) {
                assert!(known.contains(name), "{place} names {name}, and nothing gives it");
            }
        }
    }
}

/// An error that passes by itself is repeated by every step that can meet it.
#[test]
fn every_step_of_the_warehouse_repeats_what_a_database_refuses_for_the_moment() {
    let functions = System::read().expect("system.json").functions;
    for (place, task) in of_type("Task") {
        let name =
            task["Arguments"]["FunctionName"].as_str().expect("a function").replace('_', "-");
        let warehouse = functions[&name].side == restock::cloud::deployment::Side::Warehouse;
        // The look at the stock is advice, and the purchase goes on without.
        if !warehouse || place == "purchase.CheckStock" {
            continue;
        }
        let repeated: BTreeSet<&str> = each(&task, "Retry")
            .flat_map(|retry| each(retry, "ErrorEquals"))
            .filter_map(Value::as_str)
            .collect();
        for error in ["Database.Unavailable", "Database.Busy", "Runtime.ExitError"] {
            assert!(repeated.contains(error), "{place} does not repeat {error}");
        }
    }
}
