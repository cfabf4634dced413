//! A folder that keeps the data of a server.

use std::{
    fs::{self, File},
    io::{Read, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result, bail, ensure};
use nix::fcntl::{Flock, FlockArg};

use crate::server_program::{ServerProgram, copy_folder};

/// Whether a folder is empty or was used before. The lock is the first file in it.
fn is_ours(path: &Path) -> std::io::Result<bool> {
    Ok(path.join("lock").is_file() || fs::read_dir(path)?.next().is_none())
}

/// A folder that keeps the data of a server between its runs. One process uses it at a time.
#[derive(Debug, Clone)]
pub struct DataFolder {
    path: PathBuf,
    _lock: Arc<Flock<File>>,
}

impl DataFolder {
    /// Opens the folder, or creates it.
    ///
    /// # Errors
    /// If another process uses it, or it holds other files. The error names the process.
    pub fn open(path: &Path) -> Result<Self> {
        let problem = || format!("the data folder {} cannot be opened", path.display());
        ensure!(
            path.is_dir() || !path.exists(),
            "{} is not a folder: name a new folder for the data",
            path.display()
        );
        fs::create_dir_all(path).with_context(problem)?;
        ensure!(
            is_ours(path).with_context(problem)?,
            "the folder {} holds other files: name a new folder for the data",
            path.display()
        );
        let path = path.canonicalize().with_context(problem)?;
        let mut options = File::options();
        options.create(true).truncate(false).read(true).write(true);
        let file = options.open(path.join("lock")).with_context(problem)?;
        let mut lock = match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
            Ok(lock) => lock,
            Err((file, _)) => bail!(in_use(&path, file)),
        };
        lock.set_len(0)?;
        writeln!(lock, "{}", std::process::id())?;
        Ok(Self { path, _lock: Arc::new(lock) })
    }

    /// The data of the server, a copy of the empty database in `template` the first time.
    pub(crate) async fn data(&self, server: &ServerProgram, template: &Path) -> Result<PathBuf> {
        let data = self.path.join("database");
        if data.is_dir() {
            self.check_product(server)?;
            // MySQL leaves it behind after a crash, and does not start if its process id is in use again.
            let _ = fs::remove_file(data.join("mysqld.sock.lock"));
            return Ok(data);
        }
        // A run that was killed here has left an incomplete copy.
        let draft = self.path.join("database.incomplete");
        if draft.exists() {
            fs::remove_dir_all(&draft)?;
        }
        copy_folder(template, &draft).await?;
        fs::write(self.product_file(), server.product())?;
        fs::rename(draft, &data)?;
        Ok(data)
    }

    /// MySQL and MariaDB cannot read the data of each other.
    fn check_product(&self, server: &ServerProgram) -> Result<()> {
        let made_by = fs::read_to_string(self.product_file()).unwrap_or_default();
        ensure!(
            made_by == server.product(),
            "the data folder {} belongs to {made_by}, and the database server of this machine is {}: set \
             RESTOCK_MYSQLD=/path/to/mysqld to a server of {made_by}, or use another folder",
            self.path.display(),
            server.name(),
        );
        Ok(())
    }

    fn product_file(&self) -> PathBuf {
        self.path.join("product")
    }
}

/// Whoever holds the lock has written its process id into the file.
fn in_use(path: &Path, mut lock: File) -> String {
    let mut text = String::new();
    // Without the id, the sentence is still true.
    let _ = lock.read_to_string(&mut text);
    format!(
        "the data folder {} is in use by process {}: stop it first, or use another folder",
        path.display(),
        text.trim()
    )
}
