//! The factory as a whole: starts and stops both ports, and switches faults.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::sync::broadcast;

use super::active_fault::ActiveFault;
use super::callback::CallbackClient;
use super::event::Event;
use super::fault::Fault;
use super::fault_state::FaultState;
use super::listener::HttpListener;
use super::order_log::OrderLog;
use super::order_record::OrderRecord;
use super::server::OrderService;
use super::worker::Worker;
use super::{admin, server};

/// The ports of the factory and its speed.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The port for orders on 127.0.0.1; 0 chooses a free port.
    pub port: u16,
    /// The port of the admin interface on 127.0.0.1; 0 chooses a free port.
    pub admin_port: u16,
    /// The duration of each of the four stages.
    pub stage: Duration,
    /// A header that each order must have, as name and value. Other orders are answered 401 and not taken.
    pub required_header: Option<(String, String)>,
}

impl Default for Settings {
    /// The speed of the real factory: four stages of 10 s.
    fn default() -> Self {
        Self { port: 0, admin_port: 0, stage: Duration::from_secs(10), required_header: None }
    }
}

/// A factory that runs until it is stopped or dropped.
pub struct Factory {
    fault_state: Arc<FaultState>,
    service: Arc<OrderService>,
    admin: HttpListener,
    url: String,
}

impl Factory {
    /// Opens both ports on 127.0.0.1.
    ///
    /// # Errors
    /// If a port is in use.
    pub async fn start(settings: Settings) -> anyhow::Result<Self> {
        let log = Arc::new(OrderLog::new(CallbackClient::new()?));
        let worker = Worker::new(log, settings.stage);
        let service = Arc::new(OrderService::new(worker, settings.required_header));
        let listener =
            HttpListener::open(settings.port, server::app(Arc::clone(&service)))
                .await
                .with_context(|| format!("the factory cannot listen on port {}", settings.port))?;
        let url = listener.url();
        let fault_state = Arc::new(FaultState::new(Arc::clone(&service), listener));
        let admin = HttpListener::open(settings.admin_port, admin::app(Arc::clone(&fault_state)));
        let admin = admin.await.with_context(|| {
            format!("the factory's admin interface cannot listen on port {}", settings.admin_port)
        })?;
        Ok(Self { fault_state, service, admin, url })
    }

    /// The base URL for orders: `http://127.0.0.1:PORT`, without `/api/manufactures`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The base URL of the admin interface: `http://127.0.0.1:PORT`, without `/simulator/…`.
    #[must_use]
    pub fn admin_url(&self) -> String {
        self.admin.url()
    }

    /// Activates a fault until [`Self::behave`] is called. Replaces the active fault. Takes effect before this returns.
    ///
    /// # Errors
    /// If the port was closed by [`Fault::RefusesConnections`] and cannot be opened again.
    pub async fn misbehave(&self, fault: Fault) -> anyhow::Result<()> {
        Ok(self.fault_state.set(Some(ActiveFault::lasting(fault))).await?)
    }

    /// Activates a fault for the next `orders` orders.
    ///
    /// # Errors
    /// As [`Self::misbehave`]; if `orders` is 0; and for [`Fault::RefusesConnections`], because its orders never
    /// arrive and cannot be counted.
    pub async fn misbehave_for(&self, fault: Fault, orders: u32) -> anyhow::Result<()> {
        let orders = NonZeroU32::try_from(orders).context("a fault needs at least one order")?;
        let fault = ActiveFault::counted(fault, orders)?;
        Ok(self.fault_state.set(Some(fault)).await?)
    }

    /// Deactivates the fault. Takes effect before this returns; orders under way keep the effects of their fault.
    ///
    /// # Errors
    /// If the port was closed by [`Fault::RefusesConnections`] and cannot be opened again.
    pub async fn behave(&self) -> anyhow::Result<()> {
        Ok(self.fault_state.set(None).await?)
    }

    /// The active fault.
    #[must_use]
    pub fn active_fault(&self) -> Option<ActiveFault> {
        self.service.active_fault()
    }

    /// Makes the callbacks that [`Fault::HoldsCallback`] has held so far, also those of accepted orders whose stages
    /// are still under way. Callbacks of later orders are held again.
    pub fn release(&self) {
        self.service.worker().release();
    }

    /// Loses all work at once, without a callback. The ports stay open.
    pub async fn crash(&self) {
        self.service.worker().crash().await;
    }

    /// Every order that was ever accepted, oldest first.
    #[must_use]
    pub fn orders(&self) -> Vec<OrderRecord> {
        self.service.worker().log().orders()
    }

    /// The number of readable orders received, accepted or not.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.service.requests()
    }

    /// All events from now on. A receiver that is 1,024 events behind loses the oldest.
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.service.worker().log().events()
    }

    /// Waits until `done` accepts the orders, and returns them. Has no timeout of its own.
    pub async fn wait_until(
        &self,
        mut done: impl FnMut(&[OrderRecord]) -> bool,
    ) -> Vec<OrderRecord> {
        let mut events = self.events();
        loop {
            let orders = self.orders();
            if done(&orders) {
                return orders;
            }
            // An error means that events were missed, which is also a reason to look at the orders again.
            let _ = events.recv().await;
        }
    }

    /// Closes both ports, drops all connections and ends all work before it returns.
    ///
    /// Dropping the factory does the same without waiting.
    pub async fn stop(self) {
        self.admin.shut_down().await;
        self.fault_state.shut_down().await;
        self.service.worker().stop().await;
    }
}
