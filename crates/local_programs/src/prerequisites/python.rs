use std::{
    ffi::OsString,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use tokio::sync::OnceCell;

use super::Cache;
use crate::{console::Console, process::Invocation};

/// A set of packages from PyPI.
#[derive(Debug, Clone, Copy)]
pub struct PythonPackages {
    /// Their name in the cache.
    pub name: &'static str,
    /// The path of the requirements file of pip, with exact versions.
    pub requirements: &'static str,
    /// Their description in the progress message.
    pub about: &'static str,
}

impl PythonPackages {
    /// A Python that can import the packages, which are installed first if necessary.
    pub async fn python(self, console: Console) -> Result<Invocation> {
        let folder = self.folder(console).await?;
        // No bytecode: nothing is written into the checkout.
        let python = &Interpreter::this().await?.path;
        let python = Invocation::new(python).env("PYTHONPATH", folder);
        Ok(python.env("PYTHONDONTWRITEBYTECODE", "1"))
    }

    /// The folder with the packages, for this version of Python. Not a virtual environment: Debian's Python alone cannot
    /// create one.
    pub async fn folder(self, console: Console) -> Result<PathBuf> {
        let name = self.name_in_cache(&Interpreter::this().await?.version)?;
        Cache::open()?
            .folder(&name, async |folder| {
                console
                    .note(format_args!("installing {}, from PyPI: once, about 20 s", self.about));
                self.install(folder).await
            })
            .await
    }

    /// Whether the packages are in the cache, for this version of Python.
    pub(super) fn is_installed(self, version: &str) -> Result<bool> {
        Ok(Cache::open()?.has(&self.name_in_cache(version)?))
    }

    fn name_in_cache(self, version: &str) -> Result<String> {
        let requirements = std::fs::read_to_string(self.requirements)?;
        let mut hasher = DefaultHasher::new();
        (requirements, version).hash(&mut hasher);
        Ok(format!("{}-{:016x}", self.name, hasher.finish()))
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
            .context("Restock needs pip (apt-get install python3-pip) and, the first time, access to PyPI")
    }
}

/// The Python that `python3` or the environment variable `PYTHON` starts.
#[derive(Debug)]
pub(super) struct Interpreter {
    /// The interpreter itself: `python3` can be a script of pyenv, which takes longer than Python to start.
    path: PathBuf,
    /// For example `Python 3.11.2`.
    pub version: String,
}

impl Interpreter {
    /// Asks Python the first time only.
    pub async fn this() -> Result<&'static Self> {
        static THIS: OnceCell<Interpreter> = OnceCell::const_new();
        THIS.get_or_try_init(Self::ask).await
    }

    async fn ask() -> Result<Self> {
        let program =
            "import sys; print(sys.executable); print('Python ' + sys.version.split()[0])";
        let answer = interpreter().arg("-c").arg(program);
        let answer = answer.run("Restock needs Python 3.10 or later: install python3").await?;
        let (path, version) = answer.split_once('\n').context("Python does not tell its path")?;
        Ok(Self { path: path.into(), version: version.to_owned() })
    }
}

/// Whether this Python has pip.
pub(super) async fn has_pip() -> bool {
    let pip = ["-m", "pip", "--version"].into_iter().fold(interpreter(), Invocation::arg);
    pip.run("pip").await.is_ok()
}

fn interpreter() -> Invocation {
    Invocation::new(python3())
}

fn python3() -> OsString {
    std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into())
}
