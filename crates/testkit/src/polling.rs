//! Waiting for what must come.

use std::{fmt::Debug, time::Duration};

use tokio::time::{Instant, sleep};

/// Looks until something is found, a thousand times at most.
pub async fn within<T: Debug>(
    patience: Duration,
    what: &str,
    look: impl AsyncFn() -> Option<T>,
) -> T {
    let deadline = Instant::now() + patience;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < deadline, "it did not happen in time that {what}");
        sleep(patience / 1000).await;
    }
}
