//! A request to stop, for example by Ctrl-C.

use std::sync::Arc;

use anyhow::{Result, ensure};
use tokio::sync::watch;

/// Shared by the one who asks and the one who stops. Work that must clean up asks between its steps; it is not just
/// dropped, because an answer of AWS that is on its way may hold something to clean up.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<watch::Sender<bool>>);

impl Stop {
    /// Asks to stop.
    pub fn request(&self) {
        self.0.send_replace(true);
    }

    /// Whether somebody has asked to stop.
    pub fn is_requested(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits for the request.
    pub async fn requested(&self) {
        // It fails if the sender is gone. `self` holds the sender.
        let _ = self.0.subscribe().wait_for(|is_requested| *is_requested).await;
    }

    /// Fails after [`request`](Self::request).
    pub fn check(&self) -> Result<()> {
        ensure!(!self.is_requested(), "stopped by a signal");
        Ok(())
    }
}
