//! Child processes that end with this process, however it ends.

mod invocation;
mod process_reaper;
mod program;
mod run_folder;
mod starter;
#[cfg(test)]
mod tests;

use anyhow::{Context, Result};
use tokio::net::TcpListener;

pub use invocation::Invocation;
pub use program::Program;
pub use run_folder::RunFolder;

/// A free port. Another program may take it at any time, so the caller has to handle a port in use.
pub async fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.context("no port is free")?;
    Ok(listener.local_addr()?.port())
}
