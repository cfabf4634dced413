//! What observers of the factory receive while it works.

use serde::Serialize;
use uuid::Uuid;

use super::fault::Fault;
use super::order_record::CallbackAnswer;

/// An event in the factory. As JSON: `{"event":"stage","id":"…","stage":1}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A fault affects an order. If the order is accepted, its own events follow.
    Misbehaved {
        /// The fault.
        fault: Fault,
    },
    /// An order was accepted.
    Ordered {
        /// The factory's id of the order.
        id: Uuid,
        /// `MessageAttributeProductId`; empty if missing.
        product: String,
        /// `MessageAttributeProductCnt`; 0 if missing or not an integer.
        count: i64,
    },
    /// A stage of an order has begun.
    Stage {
        /// The order.
        id: Uuid,
        /// 1 to 4.
        stage: u8,
    },
    /// The goods are made, and the callback waits for [`Factory::release`](super::Factory::release).
    Held {
        /// The order.
        id: Uuid,
    },
    /// A callback was made.
    CalledBack {
        /// The order.
        id: Uuid,
        /// How the callback was answered.
        answer: CallbackAnswer,
    },
    /// The goods are made, but the callback is never made.
    CallbackDropped {
        /// The order.
        id: Uuid,
    },
    /// A crash lost the order. Only the simulator reports this; the real factory does not.
    Lost {
        /// The order.
        id: Uuid,
    },
}
