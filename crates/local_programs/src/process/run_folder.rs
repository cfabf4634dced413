//! Temporary folders.

use std::{
    fs::{Permissions, set_permissions},
    os::unix::fs::PermissionsExt,
    path::Path,
};

use anyhow::{Context, Result};
use tempfile::TempDir;

use super::process_reaper;

/// A temporary folder that is removed when it is dropped or when this process ends, however it ends.
#[derive(Debug)]
pub struct RunFolder(TempDir);

impl RunFolder {
    /// Creates `restock-NAME-XXXXXX` in `TMPDIR`, or in `/tmp`.
    ///
    /// Mode 711: a database server that is started by root changes its user and must still reach its data.
    pub fn create(name: &str) -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix(&format!("restock-{name}-"))
            .permissions(Permissions::from_mode(0o711))
            .tempdir()
            .context("a temporary folder cannot be created: check free disk space and TMPDIR")?;
        // Again, because the mode above is subject to the umask.
        set_permissions(folder.path(), Permissions::from_mode(0o711))
            .context("the permissions of the temporary folder cannot be set")?;
        process_reaper::remove_folder(folder.path())?;
        Ok(Self(folder))
    }

    /// The path of the folder.
    pub fn path(&self) -> &Path {
        self.0.path()
    }
}
