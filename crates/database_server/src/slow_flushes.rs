//! Flushes that take as long as on the disk of a database in the cloud, whatever the disk of this machine does.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use local_programs::process::Invocation;

/// The source of the library that is preloaded into the server.
const SOURCE: &str = include_str!("slow_flushes.c");

/// A library with another `fsync` and `fdatasync` for the server.
#[derive(Debug, Clone)]
pub(crate) struct SlowFlushes {
    library: PathBuf,
    flush: Duration,
}

impl SlowFlushes {
    /// Compiles the library into the folder, with the C compiler that a build of Rust needs as well.
    pub(crate) async fn compile(folder: &Path, flush: Duration) -> Result<Self> {
        ensure!(cfg!(target_os = "linux"), "flushes of a server can be slowed down on Linux only");
        let (source, library) = (folder.join("slow_flushes.c"), folder.join("slow_flushes.so"));
        std::fs::write(&source, SOURCE)?;
        let compile = Invocation::inheriting("cc").arg("-O2").arg("-shared").arg("-fPIC");
        let compile = compile.arg("-o").arg(&library).arg(&source);
        compile
            .run("cc")
            .await
            .context("the library that slows down flushes cannot be compiled")?;
        Ok(Self { library, flush })
    }

    /// The same server with these flushes.
    pub(crate) fn add_to(&self, server: Invocation) -> Invocation {
        server
            .env("LD_PRELOAD", &self.library)
            .env("RESTOCK_FLUSH_US", self.flush.as_micros().to_string())
    }
}
