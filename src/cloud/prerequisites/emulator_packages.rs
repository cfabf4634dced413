use std::{
    ffi::OsString,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use super::Cache;
use crate::{cloud::process::Invocation, narrator::Narrator};

const REQUIREMENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/emulator/requirements.txt");

/// Where the emulator's packages are: what `PYTHONPATH` must say. Installed for this version of Python
/// if they are not there. Without a virtual environment, for which plain Debian lacks a part.
pub async fn emulator_packages(narrator: Narrator) -> Result<PathBuf> {
    let requirements = std::fs::read_to_string(REQUIREMENTS)?;
    let version = interpreter()
        .arg("--version")
        .run("Restock needs Python 3.10 or later: install python3")
        .await?;
    let mut hasher = DefaultHasher::new();
    (requirements, version).hash(&mut hasher);
    let name = format!("emulator-{:016x}", hasher.finish());
    Cache::open()?
        .folder(&name, async |folder| {
            narrator.note("installing the local AWS (ministack, from PyPI): once, about 20 s");
            install(folder).await
        })
        .await
}

async fn install(folder: &Path) -> Result<()> {
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"];
    let pip = pip.into_iter().fold(Invocation::inheriting(python3()), Invocation::arg);
    pip.arg("-r")
        .arg(REQUIREMENTS)
        .arg("--target")
        .arg(folder)
        .run("ministack cannot be installed from PyPI")
        .await
        .map(drop)
        .context("Restock needs pip (apt-get install python3-pip) and PyPI the first time")
}

/// The Python that runs the emulator.
pub fn interpreter() -> Invocation {
    Invocation::new(python3())
}

fn python3() -> OsString {
    std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into())
}
