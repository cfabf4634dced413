//! A request to stop, for example by Ctrl-C.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::Relaxed},
};

use anyhow::{Result, ensure};

/// Shared by the one who asks and the one who stops. Work that must clean up asks between its steps; it is not just
/// dropped, because an answer of AWS that is on its way may hold something to clean up.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Asks to stop.
    pub fn request(&self) {
        self.0.store(true, Relaxed);
    }

    /// Fails after [`request`](Self::request).
    pub fn check(&self) -> Result<()> {
        ensure!(!self.0.load(Relaxed), "stopped by a signal");
        Ok(())
    }
}
