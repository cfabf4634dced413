//! What the repository holds, as git and cargo know it.

use std::{
    collections::BTreeSet,
    path::Path,
    process::{Command, Output},
};

use serde_json::Value;

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

fn git(arguments: &[&str]) -> Output {
    let git = Command::new("git").args(arguments).current_dir(root()).output();
    git.expect("these tests need git and a checkout")
}

/// All files that are tracked, or new and not ignored.
pub fn files() -> BTreeSet<String> {
    let listed = git(&["ls-files", "--cached", "--others", "--exclude-standard", "-z"]);
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    let names = String::from_utf8(listed.stdout).expect("names in UTF-8");
    let names = names.split_terminator('\0').map(str::to_owned);
    names.filter(|name| root().join(name).exists()).collect()
}

/// Whether git ignores the path: it is made by a command and not part of a checkout.
pub fn is_generated(path: &str) -> bool {
    git(&["check-ignore", "--quiet", "--no-index", path]).status.success()
}

/// What cargo knows of the workspace.
pub fn metadata() -> Value {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["metadata", "--no-deps", "--format-version", "1"]).current_dir(root());
    let said = command.output().expect("cargo");
    serde_json::from_slice(&said.stdout).expect("cargo metadata")
}
