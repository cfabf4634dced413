//! The factory's callbacks for the orders of a scenario. As the real factory, it repeats none, whatever the answer.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeSet, VecDeque},
    convert::Infallible,
    time::Duration,
};

use tokio::time::sleep;

use system_testkit::{Callback, System};

/// How often the factory looks for new orders.
const INTERVAL: Duration = Duration::from_millis(10);

/// The callbacks for one order.
#[derive(Debug, Clone, Copy, Default)]
pub enum Callbacks {
    /// One, once the restock waits for it.
    #[default]
    Awaited,
    /// One, before the factory has answered the order.
    BeforeTheAnswer,
    /// The same one twice.
    Twice,
    /// One with a count of 0, and then a valid one.
    InvalidThenValid,
    /// None.
    Never,
}

/// Makes the callbacks for the orders that the factory simulator receives.
#[derive(Default)]
pub struct CallbackMaker {
    handled_orders: Cell<usize>,
    planned: RefCell<VecDeque<Callbacks>>,
    /// The orders of the valid callbacks that were made.
    stored: RefCell<BTreeSet<String>>,
}

impl CallbackMaker {
    /// Makes these callbacks for the next order.
    pub fn plan(&self, callbacks: Callbacks) {
        self.planned.borrow_mut().push_back(callbacks);
    }

    /// Makes the callbacks for one order after the other, for ever.
    pub async fn run(&self, system: &System) -> Infallible {
        loop {
            while let Some(order) = system.factory().orders().get(self.handled_orders.get()) {
                self.handled_orders.set(self.handled_orders.get() + 1);
                let callbacks = self.planned.borrow_mut().pop_front().unwrap_or_default();
                self.call_back(system, &Callback::of(&order.body), callbacks).await;
            }
            sleep(INTERVAL).await;
        }
    }

    async fn call_back(&self, system: &System, callback: &Callback, callbacks: Callbacks) {
        if !matches!(callbacks, Callbacks::BeforeTheAnswer | Callbacks::Never) {
            while !is_due(system, &callback.order()).await {
                sleep(INTERVAL).await;
            }
        }
        match callbacks {
            Callbacks::Awaited | Callbacks::BeforeTheAnswer => {
                self.send_valid(system, callback).await
            }
            Callbacks::Twice => {
                self.send_valid(system, callback).await;
                self.send_valid(system, callback).await;
            }
            Callbacks::InvalidThenValid => {
                send(system, &callback.with_count(0)).await;
                self.send_valid(system, callback).await;
            }
            Callbacks::Never => {}
        }
    }

    async fn send_valid(&self, system: &System, callback: &Callback) {
        send(system, callback).await;
        self.stored.borrow_mut().insert(callback.order());
    }

    /// The goods of every valid callback are credited, although each was made once.
    pub async fn assert_none_is_lost(&self, system: &System) {
        let credited = "SELECT reference FROM stock_movement WHERE kind = 'arrival'";
        let credited = sqlx::query_scalar::<_, String>(credited);
        let credited = credited.fetch_all(&mut system.admin_connection().await).await;
        let credited = BTreeSet::from_iter(credited.expect("arrivals"));
        let lost = self.stored.borrow().difference(&credited).cloned().collect::<Vec<_>>();
        assert!(lost.is_empty(), "the callbacks of {lost:?} are lost");
    }
}

/// No function is needed to store a callback, so also a crash does not keep it from being stored.
async fn send(system: &System, callback: &Callback) {
    assert_eq!(system.call_back(callback).await, 200, "order {}", callback.order());
}

/// Whether the restock waits for the order, or is closed.
async fn is_due(system: &System, order: &str) -> bool {
    let due = "SELECT task_token IS NOT NULL OR NOT EXISTS (
                   SELECT 1 FROM restock
                   WHERE open_sku = production_order.sku AND cycle = production_order.cycle)
               FROM production_order WHERE id = ?";
    let due = sqlx::query_scalar::<_, bool>(due).bind(order);
    due.fetch_one(&mut system.admin_connection().await).await.expect("an order")
}
