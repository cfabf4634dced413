use std::{
    ffi::OsString,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use super::Cache;
use crate::{console::Console, process::Invocation};

/// Packages from PyPI that something here needs.
#[derive(Debug, Clone, Copy)]
pub struct PythonPackages {
    /// What they are called in the cache.
    pub name: &'static str,
    /// Their list with exact versions: a file of pip's format.
    pub requirements: &'static str,
    /// What is said while they are installed.
    pub about: &'static str,
}

impl PythonPackages {
    /// A Python that knows them. They are installed first where they are not there.
    pub async fn python(self, console: Console) -> Result<Invocation> {
        let folder = self.folder(console).await?;
        // The checkout is not ours to write into.
        Ok(interpreter().env("PYTHONPATH", folder).env("PYTHONDONTWRITEBYTECODE", "1"))
    }

    /// Where they are, for this version of Python. Without a virtual environment, for which plain Debian lacks a part.
    pub async fn folder(self, console: Console) -> Result<PathBuf> {
        let requirements = std::fs::read_to_string(self.requirements)?;
        let version = interpreter()
            .arg("--version")
            .run("Restock needs Python 3.10 or later: install python3")
            .await?;
        let mut hasher = DefaultHasher::new();
        (requirements, version).hash(&mut hasher);
        let name = format!("{}-{:016x}", self.name, hasher.finish());
        Cache::open()?
            .folder(&name, async |folder| {
                console
                    .note(format_args!("installing {}, from PyPI: once, about 20 s", self.about));
                self.install(folder).await
            })
            .await
    }

    async fn install(self, folder: &Path) -> Result<()> {
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"];
        let pip = pip.into_iter().fold(Invocation::inheriting(python3()), Invocation::arg);
        pip.arg("-r")
            .arg(self.requirements)
            .arg("--target")
            .arg(folder)
            .run(&format!("{} cannot be installed from PyPI", self.name))
            .await
            .map(drop)
            .context("Restock needs pip (apt-get install python3-pip) and PyPI the first time")
    }
}

fn interpreter() -> Invocation {
    Invocation::new(python3())
}

fn python3() -> OsString {
    std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into())
}
