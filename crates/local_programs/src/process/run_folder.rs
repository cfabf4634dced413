//! A temporary folder of one run.

use std::{
    fs::{Permissions, set_permissions},
    os::unix::fs::PermissionsExt,
    path::Path,
};

use anyhow::{Context, Result};
use tempfile::TempDir;

use super::process_reaper;

/// A temporary folder that is removed on drop, and also when this process dies without dropping it.
#[derive(Debug)]
pub struct RunFolder(TempDir);

impl RunFolder {
    /// Makes `restock-NAME-XXXXXX` in the folder for temporary files (`TMPDIR`, else `/tmp`).
    ///
    /// Others may pass through it, but not list it: a database server that is started by root runs as
    /// another user, and must reach its data below.
    pub fn create(name: &str) -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix(&format!("restock-{name}-"))
            .permissions(Permissions::from_mode(0o711))
            .tempdir()
            .context("cannot make a temporary folder: is the disk full, or TMPDIR wrong?")?;
        // The mode above is subject to the umask.
        set_permissions(folder.path(), Permissions::from_mode(0o711))
            .context("cannot open the temporary folder to the database server")?;
        process_reaper::remove_folder(folder.path())?;
        Ok(Self(folder))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.0.path()
    }
}
