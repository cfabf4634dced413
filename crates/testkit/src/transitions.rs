//! The transitions of the state machines: all of them, and those that executions have taken.

use std::{
    collections::BTreeSet,
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    io::{ErrorKind, Write as _},
    path::{Path, PathBuf},
    sync::OnceLock,
};

use serde_json::{Map, Value};
use system::System;

/// A transition, retry or catch, with the name that `emulator/recorder.py` gives it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Transition {
    /// `restock /States/PlaceOrder/Retry/0`
    pub place: String,
    /// The condition or the errors, and the next state, for people.
    pub about: String,
}

impl Transition {
    pub fn machine(&self) -> &str {
        self.place.split(' ').next().unwrap_or_default()
    }

    pub fn kind(&self) -> &'static str {
        match self.place.rsplit('/').nth(1) {
            Some("Retry") => "retries",
            Some("Catch") => "catches",
            _ => "transitions",
        }
    }
}

/// A new file, to which the emulators of this test target write.
pub fn begin_record() -> PathBuf {
    static FILE: OnceLock<PathBuf> = OnceLock::new();
    let begin = || {
        let file = record(&this_target());
        fs::write(&file, "").expect("a file in the target folder");
        fs::write(states_beside(&file), "").expect("a file in the target folder");
        file
    };
    FILE.get_or_init(begin).clone()
}

/// Records that a test of this target has reached a rare state.
pub fn record_state(state: &str) {
    let file = fs::File::options().append(true).open(states_beside(&begin_record()));
    // One write for each line, so that lines of concurrent tests do not mix.
    let written = file.and_then(|mut file| file.write_all(format!("{state}\n").as_bytes()));
    written.expect("a line in the record");
}

/// The rare states that the last run of the suite `system` reached: one entry for each test that reached one.
pub fn recorded_states() -> Option<Vec<String>> {
    Some(read(&states_beside(&record("system")))?.lines().map(str::to_owned).collect())
}

/// The file with the rare states, beside that with the transitions.
fn states_beside(transitions: &Path) -> PathBuf {
    transitions.with_extension("states")
}

/// What the last run of the suite `system` recorded. `None` if it has not run since the definitions changed.
pub fn recorded() -> Option<BTreeSet<String>> {
    Some(read(&record("system"))?.lines().map(str::to_owned).collect())
}

/// The text of a file, or `None` if it does not exist.
fn read(file: &Path) -> Option<String> {
    match fs::read_to_string(file) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => panic!("{}: {error}", file.display()),
    }
}

/// The name of this test target. Its program is `target/debug/deps/NAME-HASH`.
fn this_target() -> String {
    let program = std::env::current_exe().expect("the path of this program");
    let name = program.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    name.rsplit_once('-').map_or(name.clone(), |(name, _)| name.to_owned())
}

/// `target/tmp`, which cargo creates for tests.
fn folder_for_files() -> PathBuf {
    let program = std::env::current_exe().expect("the path of this program");
    let target = program.ancestors().nth(3).expect("target/debug/deps/NAME");
    target.join("tmp")
}

/// The name has a hash of the definitions, so that a record for other definitions does not count.
fn record(target: &str) -> PathBuf {
    let mut hasher = DefaultHasher::new();
    definitions().hash(&mut hasher);
    folder_for_files().join(format!("taken-by-{target}-{:016x}", hasher.finish()))
}

/// The names of the state machines, with their definitions as they are deployed.
fn definitions() -> Vec<(String, String)> {
    let system = System::read().expect("system.json");
    let machines = system.state_machines.keys();
    machines.map(|name| (name.clone(), system.definition(name).expect("a definition"))).collect()
}

/// The transitions of all state machines.
pub fn transitions() -> Vec<Transition> {
    let mut found = Vec::new();
    for (name, definition) in definitions() {
        let machine: Value = serde_json::from_str(&definition).expect("JSON");
        collect(&machine, &format!("{name} "), &mut found);
    }
    found
}

fn collect(machine: &Value, place: &str, found: &mut Vec<Transition>) {
    for (name, state) in machine["States"].as_object().expect("states") {
        let place = format!("{place}/States/{name}");
        of_state(state.as_object().expect("a state"), &place, found);
        if let Some(inner) = state.get("ItemProcessor") {
            collect(inner, &format!("{place}/ItemProcessor"), found);
        }
    }
}

fn of_state(state: &Map<String, Value>, place: &str, found: &mut Vec<Transition>) {
    let mut add = |suffix: String, about: String| {
        found.push(Transition { place: format!("{place}/{suffix}"), about });
    };
    for field in ["Next", "Default", "End"] {
        if let Some(next) = state.get(field) {
            add(field.to_owned(), format!("{field}: {next}"));
        }
    }
    for field in ["Choices", "Retry", "Catch"] {
        for (number, part) in state.get(field).into_iter().flat_map(parts).enumerate() {
            let next = part.get("Next").and_then(Value::as_str).unwrap_or("the same state");
            add(format!("{field}/{number}"), format!("{} -> {next}", when(part)));
        }
    }
}

fn parts(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

/// The condition of a rule, or the errors of a handler.
fn when(part: &Value) -> &Value {
    part.get("Condition").unwrap_or(&part["ErrorEquals"])
}
