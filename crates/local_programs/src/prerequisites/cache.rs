use std::{
    fs::File,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use nix::fcntl::{Flock, FlockArg};
use tempfile::TempDir;

/// A folder of things that are made once: `~/.cache/restock`.
#[derive(Debug, Clone)]
pub struct Cache(PathBuf);

impl Cache {
    /// The cache of whoever runs this.
    pub fn open() -> Result<Self> {
        let home = || std::env::home_dir().map(|home| home.join(".cache"));
        let base = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or_else(home);
        let folder =
            base.context("HOME is not set: there is nowhere to keep a cache")?.join("restock");
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("{} cannot be made", folder.display()))?;
        Ok(Self(folder))
    }

    /// A folder of this name, filled by `make` if it is not there. It is made elsewhere and then moved,
    /// so that a half-made one is never used, and by one process while others wait.
    pub async fn folder(
        &self,
        name: &str,
        make: impl AsyncFnOnce(&Path) -> Result<()>,
    ) -> Result<PathBuf> {
        let folder = self.0.join(name);
        let _lock = self.lock(name).await?;
        if !folder.is_dir() {
            let making = TempDir::new_in(&self.0)?;
            make(making.path()).await?;
            std::fs::rename(making.keep(), &folder)?;
        }
        Ok(folder)
    }

    /// The lock of this name, if nobody has it. Its file stays: another process may be about to lock it.
    pub fn try_lock(&self, name: &str) -> Result<Option<Flock<File>>> {
        let path = self.0.join(format!("{name}.lock"));
        let file =
            File::create(&path).with_context(|| format!("{} cannot be made", path.display()))?;
        Ok(Flock::lock(file, FlockArg::LockExclusiveNonblock).ok())
    }

    async fn lock(&self, name: &str) -> Result<Flock<File>> {
        let path = self.0.join(format!("{name}.lock"));
        let file =
            File::create(&path).with_context(|| format!("{} cannot be made", path.display()))?;
        let lock = || Flock::lock(file, FlockArg::LockExclusive).map_err(|(_, error)| error);
        let locked = tokio::task::spawn_blocking(lock).await?;
        locked.with_context(|| format!("{} cannot be locked", path.display()))
    }
}
