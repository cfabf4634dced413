//! Switches the active fault.

use std::io;
use std::sync::Arc;

use tokio::sync::Mutex;

use super::active_fault::ActiveFault;
use super::fault::Fault;
use super::listener::HttpListener;
use super::server::OrderService;

/// Switches the fault of the order service and closes or opens its port accordingly.
pub(super) struct FaultState {
    service: Arc<OrderService>,
    /// `None` after the factory has stopped.
    listener: Mutex<Option<HttpListener>>,
}

impl FaultState {
    pub(super) fn new(service: Arc<OrderService>, listener: HttpListener) -> Self {
        Self { service, listener: Mutex::new(Some(listener)) }
    }

    pub(super) fn service(&self) -> &OrderService {
        &self.service
    }

    /// Takes effect before it returns.
    pub(super) async fn set(&self, fault: Option<ActiveFault>) -> io::Result<()> {
        let mut listener = self.listener.lock().await;
        self.service.set_fault(fault);
        let Some(listener) = listener.as_mut() else {
            return Ok(());
        };
        match fault.map(ActiveFault::fault) {
            Some(Fault::RefusesConnections) => listener.close().await,
            _ => listener.reopen().await?,
        }
        Ok(())
    }

    pub(super) async fn shut_down(&self) {
        if let Some(listener) = self.listener.lock().await.take() {
            listener.shut_down().await;
        }
    }
}
