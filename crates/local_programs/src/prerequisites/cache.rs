use std::{
    fs::File,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use nix::fcntl::{Flock, FlockArg};
use tempfile::TempDir;

/// The folder `~/.cache/restock`, for things that are created once.
#[derive(Debug, Clone)]
pub struct Cache(PathBuf);

impl Cache {
    /// Opens the cache of the current user; `XDG_CACHE_HOME` takes precedence over `HOME`.
    pub fn open() -> Result<Self> {
        let home = || std::env::home_dir().map(|home| home.join(".cache"));
        let base = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or_else(home);
        let folder = base
            .context("neither HOME nor XDG_CACHE_HOME is set: there is no place for the cache")?
            .join("restock");
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("{} cannot be created", folder.display()))?;
        Ok(Self(folder))
    }

    /// The folder with this name. If it does not exist, `make` fills it, in one process while others wait. The folder
    /// gets its name only when it is complete.
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

    /// Whether the folder with this name is there.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.join(name).is_dir()
    }

    /// Takes the lock with this name, or returns `None` if it is taken. The lock file is never removed: another process
    /// may be about to lock it.
    pub fn try_lock(&self, name: &str) -> Result<Option<Flock<File>>> {
        let path = self.0.join(format!("{name}.lock"));
        let file =
            File::create(&path).with_context(|| format!("{} cannot be created", path.display()))?;
        Ok(Flock::lock(file, FlockArg::LockExclusiveNonblock).ok())
    }

    async fn lock(&self, name: &str) -> Result<Flock<File>> {
        let path = self.0.join(format!("{name}.lock"));
        let file =
            File::create(&path).with_context(|| format!("{} cannot be created", path.display()))?;
        let lock = || Flock::lock(file, FlockArg::LockExclusive).map_err(|(_, error)| error);
        let locked = tokio::task::spawn_blocking(lock).await?;
        locked.with_context(|| format!("{} cannot be locked", path.display()))
    }
}
