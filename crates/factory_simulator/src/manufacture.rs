//! What became of an order that was taken.

use std::fmt;
use std::time::SystemTime;

use serde::{Serialize, Serializer};
use serde_json::Value;
use uuid::Uuid;

/// An order that was taken, and what has come of it so far.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Manufacture {
    /// The factory's own id, as its `201` gave it.
    pub id: Uuid,
    /// When it was taken (as JSON: RFC 3339, UTC, milliseconds).
    #[serde(serialize_with = "rfc3339")]
    pub received_at: SystemTime,
    /// The request body as received.
    pub body: Value,
    /// How far it is.
    pub progress: Progress,
    /// What each callback was answered, in the order in which they were made.
    pub callbacks: Vec<CallbackAnswer>,
}

/// How far an order is. As JSON: `"taken"`, `{"stage":2}`, `"called_back"`, …
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// Taken; no stage has begun.
    Taken,
    /// In this stage, 1 to 4; one that is called back late stays in the last.
    Stage(u8),
    /// Made; the callback waits to be released.
    Held,
    /// Made, and called back at least once, whatever that was answered.
    CalledBack,
    /// Made; nobody is told.
    CallbackDropped,
    /// Lost in a crash before it was called back.
    Lost,
}

impl Progress {
    /// Whether a crash can no longer undo it.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(self, Self::CalledBack | Self::CallbackDropped | Self::Lost)
    }
}

/// What came of one callback. As JSON: `{"status":202}` or `{"unreachable":"why"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CallbackAnswer {
    /// It was answered with this HTTP status.
    Status(u16),
    /// It was not answered (no such URL, no connection, no answer in 30 s), and this is why.
    Unreachable(String),
}

impl fmt::Display for CallbackAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "{status}"),
            Self::Unreachable(why) => write!(f, "no answer: {why}"),
        }
    }
}

fn rfc3339<S: Serializer>(time: &SystemTime, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&humantime::format_rfc3339_millis(*time))
}
