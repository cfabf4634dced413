//! Builds the functions, so that what runs is what the checkout says.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use tokio::{process::Command, sync::OnceCell};

/// The root of the workspace whose functions are built.
const CHECKOUT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The binary of each function, by its name. Built once in a process.
pub async fn functions() -> Result<&'static BTreeMap<String, PathBuf>> {
    static BINARIES: OnceCell<BTreeMap<String, PathBuf>> = OnceCell::const_new();
    let ours = || binaries(Path::new(CHECKOUT), &[]);
    BINARIES.get_or_try_init(ours).await
}

/// Builds all binaries of a workspace, with more settings for cargo in the environment.
pub async fn binaries(
    workspace: &Path,
    settings: &[(&str, &Path)],
) -> Result<BTreeMap<String, PathBuf>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_about_us(name)) {
        command.env_remove(name);
    }
    let built = command
        .args(["build", "--workspace", "--bins"])
        .arg("--message-format=json-render-diagnostics")
        .envs(settings.iter().copied())
        .current_dir(workspace)
        .stderr(Stdio::inherit())
        .output()
        .await
        .context("cargo cannot be started: is Rust installed?")?;
    ensure!(built.status.success(), "the functions cannot be built: see what cargo said above");
    Ok(String::from_utf8_lossy(&built.stdout).lines().filter_map(executable).collect())
}

/// What cargo says of each thing that it has built.
#[derive(Deserialize)]
struct Built {
    target: Option<Target>,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

/// What cargo tells a program of itself when it runs it. Build scripts of libraries look at some of
/// this, and would be run again, with all that needs them, whenever we are run by `cargo` and not.
fn is_about_us(variable: &OsStr) -> bool {
    let variable = variable.to_string_lossy();
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"]
        .iter()
        .any(|prefix| variable.starts_with(prefix))
}

fn executable(line: &str) -> Option<(String, PathBuf)> {
    let built: Built = serde_json::from_str(line).ok()?;
    Some((built.target?.name, built.executable?))
}
