//! Waiting with a deadline.

use std::{fmt::Debug, time::Duration};

use tokio::time::{Instant, sleep};

/// Calls `look` until it finds something, a thousand times at most. Panics when `timeout` has passed.
pub async fn within<T: Debug>(
    timeout: Duration,
    what: &str,
    look: impl AsyncFn() -> Option<T>,
) -> T {
    let deadline = Instant::now() + timeout;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < deadline, "not within {timeout:?}: {what}");
        sleep(timeout / 1000).await;
    }
}
