//! What a command that is up leaves in `.restock`, for as long as it is up.

use std::{
    fs::{File, OpenOptions},
    hash::{DefaultHasher, Hash, Hasher},
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use nix::fcntl::Flock;
use serde::Serialize;

use crate::cloud::Cache;

/// `.restock/NAME.ENDING`. Beside another of that name in the same folder it has a number: `NAME-2.ENDING`.
pub struct Note {
    path: PathBuf,
    _lock: Flock<File>,
}

impl Note {
    /// The first that nobody has. Its file is not made yet.
    pub fn take(name: &str, ending: &str) -> Result<Self> {
        let folder = std::env::current_dir()?.join(".restock");
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("{} cannot be made", folder.display()))?;
        let mut hasher = DefaultHasher::new();
        folder.hash(&mut hasher);
        for number in 1..=100 {
            let name = if number == 1 { name.to_owned() } else { format!("{name}-{number}") };
            // Not beside it: nothing is to be left in people's folders.
            let lock = Cache::open()?.try_lock(&format!("{name}-{:016x}", hasher.finish()))?;
            if let Some(lock) = lock {
                return Ok(Self { path: folder.join(format!("{name}.{ending}")), _lock: lock });
            }
        }
        bail!("a hundred systems are up in {}: end one first", folder.display())
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// What was written about a system that is no longer up would lead nowhere.
impl Drop for Note {
    fn drop(&mut self) {
        // Not written yet, if the system did not come up.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Writes JSON for its owner alone: a password may be in it.
pub fn write(path: &Path, value: &impl Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(value)? + "\n";
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes()))
        .with_context(|| format!("{} cannot be written", path.display()))
}
