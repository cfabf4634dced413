//! What the files of the state machines must be like, before their placeholders are filled in.

use std::{collections::BTreeSet, fs, path::PathBuf};

use system::CHECKOUT;

use crate::machine::{Machine, each};

/// The file of a machine.
pub fn path(machine: &str) -> PathBuf {
    format!("{CHECKOUT}/statemachines/{machine}.asl.yaml").into()
}

/// How often a file writes out a retry policy that it has already written out.
fn repeated_policies(file: &str, machine: &Machine) -> usize {
    let tasks = machine.of_type("Task");
    let policies: BTreeSet<String> =
        tasks.iter().flat_map(|task| each(task.is, "Retry")).map(ToString::to_string).collect();
    file.matches("MaxAttempts:").count() - policies.len()
}

#[test]
fn every_retry_policy_is_written_once_in_its_file() {
    for machine in Machine::all() {
        let file = fs::read_to_string(path(&machine.name)).expect("the file of a machine");
        assert_eq!(repeated_policies(&file, &machine), 0, "{}: refer to &the_policy", machine.name);
        let repeated = format!("{file}# MaxAttempts: 6");
        assert_eq!(repeated_policies(&repeated, &machine), 1);
    }
}
