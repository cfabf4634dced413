//! A stand-in for the legacy factory (Factory-States): as good and as bad as the real one, on demand.
//!
//! Like the real one it takes `POST /api/manufactures`, answers `201`, works through four stages in
//! memory, and then POSTs the body it was given to `CallbackUrl`, once, without authentication. Asked
//! twice, it makes the goods twice. Unlike the real one it can be told to [misbehave](Fault), and a
//! second port, which stays open whatever the first one does, shows what it did.

mod admin;
mod callback;
mod event;
mod fault;
mod fault_effects;
mod fault_state;
mod listener;
mod manufacture;
mod order;
mod order_log;
mod server;
#[cfg(test)]
mod tests;
mod worker;

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Context;
use tokio::sync::broadcast;

use self::callback::Courier;
use self::fault_state::Mood;
use self::listener::Door;
use self::order_log::Book;
use self::server::Plant;
use self::worker::Floor;

pub use self::event::Event;
pub use self::fault::{Fault, UnknownFault};
pub use self::fault_state::{Misbehaviour, Uncountable};
pub use self::manufacture::{CallbackAnswer, Manufacture, Progress};

/// Where the factory listens and how fast it works.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// The port of the factory on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// The port of the admin interface on 127.0.0.1; 0 takes a free one.
    pub admin_port: u16,
    /// How long each of the four stages takes.
    pub stage: Duration,
}

impl Default for Settings {
    /// As the real one works: four stages of 10 s.
    fn default() -> Self {
        Self { port: 0, admin_port: 0, stage: Duration::from_secs(10) }
    }
}

/// A factory that runs until it is stopped or dropped.
pub struct Factory {
    mood: Arc<Mood>,
    plant: Arc<Plant>,
    admin: Door,
    url: String,
}

impl Factory {
    /// Opens both ports on 127.0.0.1.
    ///
    /// # Errors
    /// When a port is taken.
    pub async fn start(settings: Settings) -> anyhow::Result<Self> {
        let book = Arc::new(Book::new(Courier::new()?));
        let plant = Arc::new(Plant::new(Floor::new(book, settings.stage)));
        let door = Door::open(settings.port, server::app(Arc::clone(&plant)))
            .await
            .with_context(|| format!("cannot open the factory on port {}", settings.port))?;
        let url = door.url();
        let mood = Arc::new(Mood::new(Arc::clone(&plant), door));
        let admin = Door::open(settings.admin_port, admin::app(Arc::clone(&mood)))
            .await
            .with_context(|| format!("cannot open its admin on port {}", settings.admin_port))?;
        Ok(Self { mood, plant, admin, url })
    }

    /// Where orders go: `http://127.0.0.1:PORT`, to which `/api/manufactures` is added.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where the admin interface is: `http://127.0.0.1:PORT`, to which `/stand-in/…` is added.
    #[must_use]
    pub fn admin_url(&self) -> String {
        self.admin.url()
    }

    /// Misbehaves until told otherwise, from when this returns. Replaces the fault before it.
    ///
    /// # Errors
    /// When it was refusing connections and its port cannot be opened again.
    pub async fn misbehave(&self, fault: Fault) -> anyhow::Result<()> {
        Ok(self.mood.turn(Some(Misbehaviour::lasting(fault))).await?)
    }

    /// Misbehaves for the next `orders` orders, then behaves.
    ///
    /// # Errors
    /// As [`Self::misbehave`]; for no orders at all; and for [`Fault::RefusesConnections`], whose
    /// orders never arrive to be counted.
    pub async fn misbehave_for(&self, fault: Fault, orders: u32) -> anyhow::Result<()> {
        let orders = NonZeroU32::try_from(orders).context("for the next 0 orders is never")?;
        let misbehaviour = Misbehaviour::counted(fault, orders)?;
        Ok(self.mood.turn(Some(misbehaviour)).await?)
    }

    /// Behaves again, from when this returns; work in memory goes on as it was begun.
    ///
    /// # Errors
    /// When it was refusing connections and its port cannot be opened again.
    pub async fn behave(&self) -> anyhow::Result<()> {
        Ok(self.mood.turn(None).await?)
    }

    /// How it misbehaves now.
    #[must_use]
    pub fn misbehaviour(&self) -> Option<Misbehaviour> {
        self.plant.misbehaviour()
    }

    /// Makes the callbacks that [`Fault::HoldsCallback`] holds back, also those of orders taken
    /// before now whose stages are still under way. Later orders are held anew.
    pub fn release(&self) {
        self.plant.floor().release();
    }

    /// Loses all work at once and in silence; the ports stay open.
    pub async fn crash(&self) {
        self.plant.floor().crash().await;
    }

    /// Every order that was ever taken, oldest first, also those that are done or lost.
    #[must_use]
    pub fn orders(&self) -> Vec<Manufacture> {
        self.plant.floor().book().orders()
    }

    /// How many readable orders reached it, whether it took them or not.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.plant.requests()
    }

    /// What happens from now on, as it happens; a reader that is 1,024 events behind loses the oldest.
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.plant.floor().book().events()
    }

    /// Waits until the orders are as `done` wants them and answers them; set a deadline around it.
    pub async fn until(&self, mut done: impl FnMut(&[Manufacture]) -> bool) -> Vec<Manufacture> {
        let mut events = self.events();
        loop {
            let orders = self.orders();
            if done(&orders) {
                return orders;
            }
            // Having missed some events is news as well: look again.
            let _news = events.recv().await;
        }
    }

    /// Stops: when this returns, both ports are closed, every connection is cut and no work is left.
    ///
    /// Dropping the factory does the same, only without waiting for it.
    pub async fn stop(self) {
        self.admin.shut().await;
        self.mood.shut().await;
        self.plant.floor().halt().await;
    }
}

/// Nothing here panics while it holds a lock, so a poisoned one is as good as any.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
