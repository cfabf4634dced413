//! What can be seen of the factory while it works.

use serde::Serialize;
use uuid::Uuid;

use super::{CallbackAnswer, Fault};

/// Something that happened in the factory. As JSON: `{"event":"stage","id":"…","stage":1}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A fault hit an order; what comes of the order follows as events of its own, if it was taken.
    Misbehaved {
        /// The fault.
        fault: Fault,
    },
    /// An order was taken.
    Ordered {
        /// The factory's own id of it.
        id: Uuid,
        /// `MessageAttributeProductId`; empty where the order named none.
        product: String,
        /// `MessageAttributeProductCnt`; 0 where it was missing or not a whole number.
        count: i64,
    },
    /// A stage of an order has begun.
    Stage {
        /// The order.
        id: Uuid,
        /// 1 to 4.
        stage: u8,
    },
    /// The goods are made and the callback waits for [`Factory::release`](super::Factory::release).
    Held {
        /// The order.
        id: Uuid,
    },
    /// The callback was made, and this came of it.
    CalledBack {
        /// The order.
        id: Uuid,
        /// What the other side said.
        answer: CallbackAnswer,
    },
    /// The goods are made and nobody is told.
    CallbackDropped {
        /// The order.
        id: Uuid,
    },
    /// A crash lost the order. (The real factory says nothing; this is for who watches the stand-in.)
    Lost {
        /// The order.
        id: Uuid,
    },
}
