//! The factory's side: which orders it calls back for, and when. It calls once for each and never again,
//! whatever it is answered.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    convert::Infallible,
    time::Duration,
};

use tokio::time::sleep;

use system_testkit::{Callback, System};

/// How often the factory's floor looks for work.
const PACE: Duration = Duration::from_millis(10);

/// What becomes of an order.
#[derive(Debug, Clone, Copy, Default)]
pub enum Make {
    /// Made, and called back when the restock waits for it.
    #[default]
    InTime,
    /// Called back before the factory has answered the order.
    AtOnce,
    /// Called back twice.
    Twice,
    /// Called back with a count of nothing, and then as it should be.
    Uncountable,
    /// Never called back.
    Nothing,
}

/// The factory's floor.
#[derive(Default)]
pub struct Floor {
    taken: Cell<usize>,
    plan: RefCell<VecDeque<Make>>,
}

impl Floor {
    /// Does something else with the next order.
    pub fn next(&self, make: Make) {
        self.plan.borrow_mut().push_back(make);
    }

    /// Makes one order after the other.
    pub async fn work(&self, system: &System) -> Infallible {
        loop {
            while let Some(order) = system.factory().orders().get(self.taken.get()) {
                self.taken.set(self.taken.get() + 1);
                let make = self.plan.borrow_mut().pop_front().unwrap_or_default();
                call_back(system, &Callback::of(&order.body), make).await;
            }
            sleep(PACE).await;
        }
    }
}

async fn call_back(system: &System, callback: &Callback, make: Make) {
    if !matches!(make, Make::AtOnce | Make::Nothing) {
        while !is_due(system, &callback.order()).await {
            sleep(PACE).await;
        }
    }
    match make {
        Make::InTime | Make::AtOnce => say(system, callback).await,
        Make::Twice => {
            say(system, callback).await;
            say(system, callback).await;
        }
        Make::Uncountable => {
            say(system, &callback.with_count(0)).await;
            say(system, callback).await;
        }
        Make::Nothing => {}
    }
}

/// What the factory is answered does not matter to it.
async fn say(system: &System, callback: &Callback) {
    let answered = system.call_back(callback).await;
    eprintln!("the callback for order {} was answered {answered}", callback.order());
}

/// Whether the restock waits for the order, or will not do so any more.
async fn is_due(system: &System, order: &str) -> bool {
    let due = "SELECT task_token IS NOT NULL OR NOT EXISTS (
                   SELECT 1 FROM restock
                   WHERE open_sku = production_order.sku AND cycle = production_order.cycle)
               FROM production_order WHERE id = ?";
    let due = sqlx::query_scalar::<_, bool>(due).bind(order);
    due.fetch_one(&mut system.admin_connection().await).await.expect("an order")
}
