//! Builds the functions, so that what runs is what the checkout says.

use std::{collections::BTreeMap, path::PathBuf, process::Stdio};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use tokio::{process::Command, sync::OnceCell};

/// The binary of each function, by its name. Built once in a process.
pub async fn functions() -> Result<&'static BTreeMap<String, PathBuf>> {
    static BINARIES: OnceCell<BTreeMap<String, PathBuf>> = OnceCell::const_new();
    BINARIES.get_or_try_init(build).await
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

async fn build() -> Result<BTreeMap<String, PathBuf>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--workspace", "--bins"])
        .arg("--message-format=json-render-diagnostics")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stderr(Stdio::inherit())
        .output()
        .await
        .context("cargo cannot be started: is Rust installed?")?;
    ensure!(built.status.success(), "the functions cannot be built: see what cargo said above");
    Ok(String::from_utf8_lossy(&built.stdout).lines().filter_map(executable).collect())
}

fn executable(line: &str) -> Option<(String, PathBuf)> {
    let built: Built = serde_json::from_str(line).ok()?;
    Some((built.target?.name, built.executable?))
}
