//! Ctrl-C and SIGTERM.

use std::{
    pin::{Pin, pin},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use operations::stop::Stop;
use tokio::{
    signal::unix::{SignalKind, signal},
    time::timeout,
};

/// Waits for Ctrl-C or SIGTERM.
pub async fn wait_for_signal() -> Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

/// Runs a future until it is done or a signal arrives. On a signal the future is dropped, which stops what it started.
pub async fn until_signal<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::select! {
        done = work => done,
        signal = wait_for_signal() => {
            signal?;
            bail!("stopped by a signal; nothing is left running")
        }
    }
}

/// Runs work that ends soon after a request to stop, with a result. The first signal is such a request, the second ends it.
pub async fn until_second_signal<T>(
    stop: &Stop,
    work: impl Future<Output = Result<T>>,
) -> Result<T> {
    let mut work = pin!(work);
    match done_or_asked_to_stop(stop, work.as_mut()).await? {
        Some(done) => Ok(done),
        None => until_signal(work).await,
    }
}

/// How long work may take to clean up after a signal.
const CLEANING_UP: Duration = Duration::from_secs(20);

/// Runs work that must clean up. On a signal it is asked to stop, and not dropped.
pub async fn stop_on_signal<T>(stop: &Stop, work: impl Future<Output = Result<T>>) -> Result<T> {
    let mut work = pin!(work);
    if let Some(done) = done_or_asked_to_stop(stop, work.as_mut()).await? {
        return Ok(done);
    }
    let done = timeout(CLEANING_UP, work).await;
    done.context("stopped by a signal. What was hidden is visible again within 30 seconds")?
}

/// Runs work until it is done or a signal arrives. On a signal, asks it to stop and returns `None`.
async fn done_or_asked_to_stop<T>(
    stop: &Stop,
    work: Pin<&mut impl Future<Output = Result<T>>>,
) -> Result<Option<T>> {
    tokio::select! {
        done = work => return done.map(Some),
        signal = wait_for_signal() => signal?,
    }
    stop.request();
    Ok(None)
}
