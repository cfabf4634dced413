//! Ctrl-C and SIGTERM.

use anyhow::{Result, bail};
use tokio::signal::unix::{SignalKind, signal};

/// Waits for either.
pub async fn wait_for_signal() -> Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

/// Does some work, but gives up on a signal: what it had started ends when it is dropped.
pub async fn until_signal<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::select! {
        done = work => done,
        signal = wait_for_signal() => {
            signal?;
            bail!("ended by a signal; nothing is left running")
        }
    }
}
