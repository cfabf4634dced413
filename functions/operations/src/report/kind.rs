use domain::Sku;
use errors::ErrorName;

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

/// The pages of the runbook about mails, in `docs/runbook/mails`. A test compares them with the files.
pub const MAIL_PAGES: [&str; 11] = [
    "restock-failed",
    "message-rejected",
    "callback-refused",
    "callback-not-handled",
    "restocked-again",
    "arrived-after-failure",
    "execution-ended",
    "message-not-handled",
    "not-a-report",
    "arrived-late",
    "row-unreadable",
];

/// Errors of AWS that have a page of their own.
const AWS_ERRORS: [&str; 3] =
    ["Lambda.TooManyRequestsException", "Runtime.ExitError", "States.Timeout"];

impl Kind {
    /// The page of the runbook: that of the error, or of the mail if the error has none. Without the ending `.md`.
    pub fn page(&self) -> String {
        let [
            failed,
            rejected,
            refused,
            not_handled,
            again,
            after,
            ended,
            undelivered,
            no_report,
            late,
            row,
        ] = MAIL_PAGES.map(|page| format!("mails/{page}"));
        match self {
            Self::RestockFailed { error } => error_page(error).unwrap_or(failed),
            Self::CompletionFailed { .. } => not_handled,
            Self::MessageRejected => rejected,
            Self::CallbackRefused => refused,
            Self::Recovered => again,
            Self::ArrivedAfterFailure => after,
            Self::ExecutionEnded { .. } => ended,
            Self::MessageUndelivered { .. } => undelivered,
            Self::Unreadable => no_report,
            Self::LateArrival => late,
            Self::RowsUnreadable => row,
        }
    }
}

fn error_page(error: &str) -> Option<String> {
    let ours = ErrorName::ALL.iter().any(|name| name.as_str() == error);
    (ours || AWS_ERRORS.contains(&error)).then(|| format!("errors/{error}"))
}
