//! How the factory misbehaves at the moment, and for how long.

use std::fmt;
use std::io;
use std::num::NonZeroU32;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use super::Fault;
use super::listener::Door;
use super::server::Plant;

/// A fault, and for how many orders. As JSON: `{"fault":"crashes","orders":1}`; `null`, or nothing, for
/// `orders` means until told otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wish")]
pub struct Misbehaviour {
    fault: Fault,
    orders: Option<NonZeroU32>,
}

impl Misbehaviour {
    /// Until told otherwise.
    #[must_use]
    pub fn lasting(fault: Fault) -> Self {
        Self { fault, orders: None }
    }

    /// For the next `orders` orders.
    ///
    /// # Errors
    /// For [`Fault::RefusesConnections`].
    pub fn counted(fault: Fault, orders: NonZeroU32) -> Result<Self, Uncountable> {
        if fault == Fault::RefusesConnections {
            return Err(Uncountable);
        }
        Ok(Self { fault, orders: Some(orders) })
    }

    /// The fault.
    #[must_use]
    pub fn fault(self) -> Fault {
        self.fault
    }

    /// For how many more orders; none means until told otherwise.
    #[must_use]
    pub fn orders(self) -> Option<NonZeroU32> {
        self.orders
    }

    /// What is left of it when one more order has been hit.
    pub(super) fn after_one(self) -> Option<Self> {
        let Some(orders) = self.orders else {
            return Some(self);
        };
        let orders = NonZeroU32::new(orders.get() - 1)?;
        Some(Self { orders: Some(orders), ..self })
    }
}

/// An order that is refused a connection never arrives, so it cannot be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uncountable;

impl fmt::Display for Uncountable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fault = Fault::RefusesConnections;
        write!(f, "{fault} cannot be counted in orders: none arrives; leave the number out")
    }
}

impl std::error::Error for Uncountable {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    fault: Fault,
    orders: Option<NonZeroU32>,
}

impl TryFrom<Wish> for Misbehaviour {
    type Error = Uncountable;

    fn try_from(wish: Wish) -> Result<Self, Uncountable> {
        match wish.orders {
            Some(orders) => Self::counted(wish.fault, orders),
            None => Ok(Self::lasting(wish.fault)),
        }
    }
}

/// Turns the factory's mood, which its door goes along with.
pub(super) struct Mood {
    plant: Arc<Plant>,
    /// None once the factory has stopped.
    door: Mutex<Option<Door>>,
}

impl Mood {
    pub(super) fn new(plant: Arc<Plant>, door: Door) -> Self {
        Self { plant, door: Mutex::new(Some(door)) }
    }

    pub(super) fn plant(&self) -> &Plant {
        &self.plant
    }

    /// In force when this returns.
    pub(super) async fn turn(&self, misbehaviour: Option<Misbehaviour>) -> io::Result<()> {
        let mut door = self.door.lock().await;
        self.plant.set_misbehaviour(misbehaviour);
        let Some(door) = door.as_mut() else {
            return Ok(());
        };
        match misbehaviour.map(Misbehaviour::fault) {
            Some(Fault::RefusesConnections) => door.close().await,
            _ => door.reopen().await?,
        }
        Ok(())
    }

    pub(super) async fn shut(&self) {
        if let Some(door) = self.door.lock().await.take() {
            door.shut().await;
        }
    }
}
