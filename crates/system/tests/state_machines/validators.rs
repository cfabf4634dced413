//! What others have to say: `statelint` and `asl-validator`. Both come with all they need from PyPI and npm,
//! once.

use std::{fs, path::PathBuf};

use anyhow::Result;
use local_programs::console::Console;
use local_programs::prerequisites::{NodePackages, PythonPackages};
use local_programs::process::Invocation;
use tempfile::TempDir;

use crate::{files::path, machine::Machine};

const FROM_PYPI: PythonPackages = PythonPackages {
    name: "lint",
    requirements: concat!(env!("CARGO_MANIFEST_DIR"), "/tests/state_machines/requirements.txt"),
    about: "statelint",
};

const FROM_NPM: NodePackages = NodePackages {
    name: "asl-validator",
    folder: concat!(env!("CARGO_MANIFEST_DIR"), "/tests/state_machines/npm"),
    about: "asl-validator",
};

/// The program, within what npm installs.
const ASL_VALIDATOR: &str = "asl-validator/dist/bin/asl-validator.js";

/// The machines' definitions as files, and where those are.
fn files(machines: &[Machine]) -> (TempDir, Vec<PathBuf>) {
    let folder = TempDir::new().expect("a folder");
    let write = |machine: &Machine| {
        let file = folder.path().join(format!("{}.asl.json", machine.name));
        fs::write(&file, machine.definition.to_string()).expect("a file");
        file
    };
    let files = machines.iter().map(write).collect();
    (folder, files)
}

/// What `statelint` says.
async fn statelint(machines: &[Machine]) -> Result<String> {
    let (_folder, files) = files(machines);
    let statelint = FROM_PYPI.python(Console::on_stderr()).await?.arg("-m").arg("statelint");
    files.iter().fold(statelint, Invocation::arg).run("statelint").await
}

/// What `asl-validator` says of machines as they are deployed.
async fn asl_validator(machines: &[Machine]) -> Result<String> {
    let (_folder, files) = files(machines);
    asl_validator_of("--json-path", &files).await
}

/// What `asl-validator` says of files, which are JSON or YAML.
async fn asl_validator_of(kind: &str, files: &[PathBuf]) -> Result<String> {
    let validator = FROM_NPM.program(ASL_VALIDATOR, Console::on_stderr()).await?;
    let paths = files.iter().fold(validator, |validator, file| validator.arg(kind).arg(file));
    paths.run("asl-validator").await
}

#[tokio::test]
async fn statelint_finds_nothing_wrong_with_any_machine() {
    statelint(&Machine::all()).await.expect("nothing is wrong");
}

#[tokio::test]
async fn asl_validator_finds_nothing_wrong_with_any_machine() {
    let told = asl_validator(&Machine::all()).await.expect("nothing is wrong");
    assert_eq!(told.matches("is valid").count(), 4, "{told}");
}

/// So that the files can be edited with a plug-in for state machines, which knows nothing of placeholders.
#[tokio::test]
async fn asl_validator_finds_nothing_wrong_with_any_file_before_it_is_filled_in() {
    let files: Vec<PathBuf> = Machine::all().iter().map(|machine| path(&machine.name)).collect();
    let told = asl_validator_of("--yaml-path", &files).await.expect("nothing is wrong");
    assert_eq!(told.matches("is valid").count(), 4, "{told}");
}

#[tokio::test]
async fn both_find_what_is_wrong_with_a_broken_machine() {
    let broken = [Machine::named("restock").with("/States/Begin/Next", "OpenRestok")];
    for told in [statelint(&broken).await, asl_validator(&broken).await] {
        let told = told.expect_err("a state that is not there").to_string();
        assert!(told.contains("OpenRestok"), "{told}");
    }
}

#[tokio::test]
async fn asl_validator_reads_the_conditions() {
    let condition = "/States/IsAvailable/Choices/0/Condition";
    let broken = Machine::named("purchase").with(condition, "{% $states.input.outcome = %}");
    let told = asl_validator(&[broken]).await.expect_err("no JSONata").to_string();
    assert!(told.contains(condition), "{told}");
}
