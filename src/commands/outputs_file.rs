//! `.restock/outputs.json`, the file that `restock up` writes.

use std::{
    fs::File,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use local_programs::prerequisites::Cache;
use nix::fcntl::Flock;

/// The file that the commands read unless they are given another.
const DEFAULT_NAME: &str = "outputs.json";

/// How many systems may be up in one folder at the same time.
const LIMIT: u32 = 100;

/// The path of the outputs, reserved for this process: `outputs.json`, or `outputs-2.json` and so on if other systems are
/// up in the same folder. The file is removed on drop.
pub struct OutputsFile {
    path: PathBuf,
    _lock: Flock<File>,
}

impl OutputsFile {
    /// Reserves the first free name in `.restock` of the current folder.
    pub fn reserve() -> Result<Self> {
        let folder = std::env::current_dir()?.join(".restock");
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("{} cannot be created", folder.display()))?;
        let mut hasher = DefaultHasher::new();
        folder.hash(&mut hasher);
        for number in 1..=LIMIT {
            let name = if number == 1 { "outputs".to_owned() } else { format!("outputs-{number}") };
            // The lock file stays, so it is in the cache and not in the user's folder.
            let lock = Cache::open()?.try_lock(&format!("{name}-{:016x}", hasher.finish()))?;
            if let Some(lock) = lock {
                return Ok(Self { path: folder.join(format!("{name}.json")), _lock: lock });
            }
        }
        bail!("{LIMIT} systems are up in {}: stop one first", folder.display())
    }

    /// The path of the file, which the caller writes.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The command that redrives dead letters of this system.
    pub fn redrive_command(&self) -> String {
        format!("cargo run -- dead-letters redrive --deployment {}", self.path.display())
    }

    /// A command line for this system, for a reader in the folder of the project.
    pub fn command(&self, arguments: &str) -> String {
        match self.path.file_name().is_some_and(|name| name == DEFAULT_NAME) {
            true => format!("cargo run -- {arguments}"),
            false => format!("cargo run -- {arguments} --deployment {}", self.path.display()),
        }
    }
}

impl Drop for OutputsFile {
    fn drop(&mut self) {
        // Fails if the system did not start, so that the file was never written.
        let _ = std::fs::remove_file(&self.path);
    }
}
