use domain::Sku;

use super::{Cause, EndStatus, Report, Work};

/// Reports of one kind need the same action, so they can share a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    RestockFailed { error: String },
    MessageRejected,
    CallbackRefused,
    CompletionFailed { error: String },
    Recovered,
    ArrivedAfterFailure,
    ExecutionEnded { status: EndStatus, machine: String },
    MessageUndelivered { queue: String },
    Unreadable,
    LateArrival,
    RowsUnreadable,
}

impl Report {
    pub fn kind(&self) -> Kind {
        match self {
            Self::RestockFailed(failed) => {
                Kind::RestockFailed { error: failed.failure.error.clone() }
            }
            Self::MessageRejected(_) => Kind::MessageRejected,
            Self::CallbackRefused(_) => Kind::CallbackRefused,
            Self::CompletionFailed { failure: Cause { error, .. }, .. } => {
                Kind::CompletionFailed { error: error.clone() }
            }
            Self::Recovered { .. } => Kind::Recovered,
            Self::ArrivedAfterFailure { .. } => Kind::ArrivedAfterFailure,
            Self::ExecutionEnded(ended) => {
                Kind::ExecutionEnded { status: ended.status, machine: ended.machine.clone() }
            }
            Self::MessageUndelivered(message) => {
                Kind::MessageUndelivered { queue: message.queue.clone() }
            }
            Self::Unreadable(_) => Kind::Unreadable,
            Self::LateArrival(_) => Kind::LateArrival,
            Self::RowsUnreadable { .. } => Kind::RowsUnreadable,
        }
    }

    /// The product that the report is about, if it is about one.
    pub fn sku(&self) -> Option<Sku> {
        match self {
            Self::RestockFailed(failed) => Some(failed.sku.clone()),
            Self::CallbackRefused(refused) => Some(refused.sku.clone()),
            Self::LateArrival(late) => Some(late.sku.clone()),
            Self::Recovered { sku, .. } | Self::ArrivedAfterFailure { sku, .. } => {
                Some(sku.clone())
            }
            Self::ExecutionEnded(ended) => match ended.work() {
                Work::Restock(restock) => Some(restock.sku),
                _ => None,
            },
            Self::MessageRejected(_)
            | Self::CompletionFailed { .. }
            | Self::MessageUndelivered(_)
            | Self::RowsUnreadable { .. }
            | Self::Unreadable(_) => None,
        }
    }

    /// Id of the message that the report is about, if it is about one.
    pub fn message_id(&self) -> Option<&str> {
        match self {
            Self::MessageRejected(rejected) => Some(&rejected.message_id),
            Self::MessageUndelivered(undelivered) => Some(&undelivered.message_id),
            Self::Unreadable(unreadable) => Some(&unreadable.message_id),
            _ => None,
        }
    }

    /// The message of the error that is reported, if there is one.
    pub fn cause(&self) -> Option<&str> {
        match self {
            Self::RestockFailed(failed) => Some(&failed.failure.cause),
            Self::CompletionFailed { failure, .. } => Some(&failure.cause),
            Self::MessageRejected(rejected) => Some(&rejected.why),
            Self::CallbackRefused(refused) => Some(&refused.why),
            _ => None,
        }
    }
}
