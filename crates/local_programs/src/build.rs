//! Builds the functions of this checkout, so that the local cloud always runs the current code.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use tokio::{process::Command, sync::OnceCell};

/// The root of the workspace whose functions are built.
pub(crate) const CHECKOUT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The packages of the functions that a deployment builds together: cargo builds what they share with the features that all
/// of them need.
pub const FUNCTION_PACKAGES: [&str; 7] = [
    "purchase-workflow",
    "restock-workflow",
    "completion-workflow",
    "sweep-workflow",
    "operations-workflow",
    "operator-access",
    "migration",
];

/// The arguments with which cargo builds all binaries.
const BINARIES: &[&str] = &["--workspace", "--bins"];

/// The path of each function's binary, by name. Builds once per process.
pub async fn functions() -> Result<&'static BTreeMap<String, PathBuf>> {
    static BUILT: OnceCell<BTreeMap<String, PathBuf>> = OnceCell::const_new();
    BUILT.get_or_try_init(|| binaries(Path::new(CHECKOUT))).await
}

/// Builds functions of this checkout as cargo-lambda builds them for a deployment. Returns their paths by name.
pub async fn release(names: &[&str]) -> Result<BTreeMap<String, PathBuf>> {
    let binaries = names.iter().flat_map(|name| ["--bin", *name]);
    let arguments = FUNCTION_PACKAGES.iter().flat_map(|package| ["--package", *package]);
    let arguments: Vec<&str> = ["--release"].into_iter().chain(arguments).chain(binaries).collect();
    let as_deployed = [("CARGO_PROFILE_RELEASE_PANIC", Path::new("abort"))];
    build(Path::new(CHECKOUT), &arguments, &as_deployed).await
}

/// Builds all binaries of a workspace. Returns their paths by name.
pub async fn binaries(workspace: &Path) -> Result<BTreeMap<String, PathBuf>> {
    build(workspace, BINARIES, &[]).await
}

/// As [`binaries`], for a workspace that has mostly the dependencies of another one: both use one folder of intermediate files,
/// so that cargo builds the dependencies once. Packages that differ must have another version or other dependencies.
pub async fn binaries_beside(workspace: &Path, built: &Path) -> Result<BTreeMap<String, PathBuf>> {
    let folders: [(&str, &Path); 2] =
        [("CARGO_BUILD_BUILD_DIR", built), ("CARGO_TARGET_DIR", &workspace.join("target"))];
    build(workspace, BINARIES, &folders).await
}

async fn build(
    workspace: &Path,
    arguments: &[&str],
    environment: &[(&str, &Path)],
) -> Result<BTreeMap<String, PathBuf>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = clean_environment(&mut Command::new(&cargo))
        .args(["build", "--quiet"])
        .args(arguments)
        .arg("--message-format=json-render-diagnostics")
        .envs(environment.iter().copied())
        .current_dir(workspace)
        .kill_on_drop(true)
        .output()
        .await
        .context("cargo cannot be started: is Rust installed?")?;
    let complaints = String::from_utf8_lossy(&built.stderr);
    ensure!(built.status.success(), "the functions cannot be built:\n{}", complaints.trim_end());
    let found: BTreeMap<_, _> =
        String::from_utf8_lossy(&built.stdout).lines().filter_map(executable).collect();
    ensure!(
        !found.is_empty(),
        "{} has built nothing. Is it cargo? The environment variable CARGO says which program to use",
        cargo.display()
    );
    Ok(found)
}

/// A message that cargo prints for each artifact.
#[derive(Deserialize)]
struct Artifact {
    target: Option<Target>,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

/// Removes what `cargo run` and `cargo test` have added to the environment.
pub(crate) fn clean_environment(command: &mut Command) -> &mut Command {
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_set_by_cargo_run(name)) {
        command.env_remove(name);
    }
    command
}

/// Whether `cargo run` and `cargo test` set this variable for the program that they start. Some build scripts read these
/// variables: passed on, they would cause a rebuild whenever this program is started in another way than before.
fn is_set_by_cargo_run(variable: &OsStr) -> bool {
    let variable = variable.to_string_lossy();
    variable == "OUT_DIR"
        || ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"]
            .iter()
            .any(|prefix| variable.starts_with(prefix))
}

fn executable(line: &str) -> Option<(String, PathBuf)> {
    let artifact: Artifact = serde_json::from_str(line).ok()?;
    Some((artifact.target?.name, artifact.executable?))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::binaries;

    #[tokio::test]
    async fn a_build_that_fails_says_what_the_compiler_said() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text);
        write("Cargo.toml", "[package]\nname = \"broken\"\nedition = \"2024\"\n[workspace]\n")
            .expect("written");
        fs::create_dir(folder.path().join("src")).expect("a folder");
        write("src/main.rs", "fn main() { stokc }").expect("written");
        let error = binaries(folder.path()).await.expect_err("it cannot be built");
        assert!(error.to_string().contains("cannot find value `stokc`"), "{error}");
    }
}
