//! The active fault and how many orders it still affects.

use std::fmt;
use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use super::fault::Fault;

/// A fault and the number of orders that it still affects. As JSON: `{"fault":"crashes","orders":1}`. `orders` that is
/// `null` or missing means: until the fault is deactivated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "FaultRequest")]
pub struct ActiveFault {
    fault: Fault,
    orders: Option<NonZeroU32>,
}

impl ActiveFault {
    /// A fault that lasts until it is deactivated.
    #[must_use]
    pub fn lasting(fault: Fault) -> Self {
        Self { fault, orders: None }
    }

    /// A fault for the next `orders` orders.
    ///
    /// # Errors
    /// For [`Fault::RefusesConnections`].
    pub fn counted(fault: Fault, orders: NonZeroU32) -> Result<Self, UncountableFault> {
        if fault == Fault::RefusesConnections {
            return Err(UncountableFault);
        }
        Ok(Self { fault, orders: Some(orders) })
    }

    /// The fault.
    #[must_use]
    pub fn fault(self) -> Fault {
        self.fault
    }

    /// The number of orders that it still affects; `None` means until it is deactivated.
    #[must_use]
    pub fn orders(self) -> Option<NonZeroU32> {
        self.orders
    }

    /// The active fault after it has affected one more order.
    pub(super) fn after_one(self) -> Option<Self> {
        let Some(orders) = self.orders else {
            return Some(self);
        };
        let orders = NonZeroU32::new(orders.get() - 1)?;
        Some(Self { orders: Some(orders), ..self })
    }
}

/// [`Fault::RefusesConnections`] cannot be limited to a number of orders: an order that is refused a connection never
/// arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UncountableFault;

impl fmt::Display for UncountableFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fault = Fault::RefusesConnections;
        write!(
            f,
            "{fault} cannot be limited to a number of orders, because none arrives: omit `orders`"
        )
    }
}

impl std::error::Error for UncountableFault {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FaultRequest {
    fault: Fault,
    orders: Option<NonZeroU32>,
}

impl TryFrom<FaultRequest> for ActiveFault {
    type Error = UncountableFault;

    fn try_from(request: FaultRequest) -> Result<Self, UncountableFault> {
        match request.orders {
            Some(orders) => Self::counted(request.fault, orders),
            None => Ok(Self::lasting(request.fault)),
        }
    }
}
