//! An accepted order and its progress.

use std::fmt;
use std::time::SystemTime;

use serde::{Serialize, Serializer};
use serde_json::Value;
use uuid::Uuid;

/// An accepted order and its progress.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OrderRecord {
    /// The factory's id of the order, as in its `201` answer.
    pub id: Uuid,
    /// When the order was accepted. As JSON: RFC 3339 in UTC with milliseconds.
    #[serde(serialize_with = "rfc3339")]
    pub received_at: SystemTime,
    /// The request body as received.
    pub body: Value,
    /// The progress of the order.
    pub progress: Progress,
    /// How each callback was answered, in order.
    pub callbacks: Vec<CallbackAnswer>,
}

/// The progress of an order. As JSON: `"taken"`, `{"stage":2}`, `"called_back"`, …
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// Accepted; no stage has begun.
    Taken,
    /// In this stage, 1 to 4. An order with a late callback stays in stage 4 until the callback.
    Stage(u8),
    /// Made; the callback waits to be released.
    Held,
    /// Made, and called back at least once, whatever the answer.
    CalledBack,
    /// Made; the callback is never made.
    CallbackDropped,
    /// Lost in a crash before the callback.
    Lost,
}

impl Progress {
    /// Whether the progress can no longer change. A crash does not affect such an order.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::CalledBack | Self::CallbackDropped | Self::Lost)
    }
}

/// How a callback was answered. As JSON: `{"status":202}` or `{"unreachable":"reason"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CallbackAnswer {
    /// With this HTTP status.
    Status(u16),
    /// Not at all (invalid URL, no connection, no answer in 30 s), for this reason.
    Unreachable(String),
}

impl fmt::Display for CallbackAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "{status}"),
            Self::Unreachable(reason) => write!(f, "no answer: {reason}"),
        }
    }
}

fn rfc3339<S: Serializer>(time: &SystemTime, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&humantime::format_rfc3339_millis(*time))
}
