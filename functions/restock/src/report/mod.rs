//! `report`: informs operations. Sends the dead letter first, because a redrive needs it, and then the mail.

mod dead_letter;
mod ended;
mod mail;

use domain::{ProductionOrderId, RestockCycle, Sku, Stock, Units};
use lambda_support::StepOutput;
use serde::{Deserialize, Deserializer, Serialize};

use aws::Error;
pub use dead_letter::DeadLetter;
pub use ended::{EndStatus, ExecutionEnded};
pub use mail::{Links, Mail};

/// Where reports are sent.
#[derive(Debug)]
pub struct Operations {
    pub sqs: aws_sdk_sqs::Client,
    pub dead_letter_queue_url: String,
    pub ses: aws_sdk_ses::Client,
    /// Sender of the mails.
    pub from: String,
    /// Recipient of the mails.
    pub to: String,
    pub links: Links,
}

/// What is reported. In each variant, `execution` is the ARN of the execution that the report is about.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "report", rename_all = "snake_case", deny_unknown_fields)]
pub enum Report {
    RestockFailed(RestockFailed),
    /// A message in `stock_queue` is not a valid depletion.
    MessageRejected {
        /// Id of the message in the queue.
        message_id: String,
        /// Body of the message. A very long body is cut.
        body: String,
        /// Why the message is invalid.
        why: String,
        execution: String,
    },
    /// The factory sent an invalid callback.
    CallbackRefused {
        production_order: ProductionOrderId,
        sku: Sku,
        /// The restock of the production order.
        restock_cycle: RestockCycle,
        stock: Stock,
        /// Why the callback is invalid.
        why: String,
        execution: String,
    },
    /// A callback could not be processed.
    CompletionFailed {
        production_order: ProductionOrderId,
        /// The reported quantity. `None` for a callback that was refused.
        #[serde(default)]
        quantity: Option<Units>,
        failure: Cause,
        execution: String,
    },
    /// A restock succeeded after failed ones.
    Recovered {
        sku: Sku,
        /// Number of failed restocks in a row before this one.
        failures: u32,
        quantity: Units,
        stock: Stock,
        execution: String,
    },
    /// Goods arrived for a restock that was reported as failed.
    ArrivedAfterFailure {
        production_order: ProductionOrderId,
        sku: Sku,
        quantity: Units,
        stock: Stock,
        execution: String,
    },
    /// An execution was stopped or timed out. Sent by EventBridge.
    ExecutionEnded(ExecutionEnded),
}

impl Report {
    fn execution(&self) -> &str {
        match self {
            Self::RestockFailed(failed) => &failed.execution,
            Self::ExecutionEnded(ended) => &ended.execution,
            Self::MessageRejected { execution, .. }
            | Self::CallbackRefused { execution, .. }
            | Self::CompletionFailed { execution, .. }
            | Self::Recovered { execution, .. }
            | Self::ArrivedAfterFailure { execution, .. } => execution,
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RestockFailed {
    pub sku: Sku,
    pub restock_cycle: RestockCycle,
    /// The restock that a redrive asks for.
    pub next_cycle: RestockCycle,
    /// `None` if the database could not be read.
    pub stock: Option<Stock>,
    /// Number of orders recorded. The last one may not have been sent.
    pub attempts: u32,
    pub failure: Cause,
    /// ARN of the execution that failed.
    pub execution: String,
}

/// The error that ended an execution.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cause {
    /// The state that failed.
    pub state: String,
    /// Name of the error, for example `Factory.Refused`.
    pub error: String,
    /// Message of the error.
    #[serde(deserialize_with = "message")]
    pub cause: String,
}

/// Reads the message of a function's error. Step Functions wraps it into JSON text together with the name of the error.
fn message<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let cause = String::deserialize(deserializer)?;
    let wrapped: Option<Wrapped> = serde_json::from_str(&cause).ok();
    Ok(wrapped.map_or(cause, |wrapped| wrapped.error_message))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wrapped {
    error_message: String,
}

#[derive(Debug, Serialize)]
pub struct Sent {
    dead_letter: bool,
    mail: bool,
}

/// Sends the dead letter, if the report has one, and the mail.
pub async fn handle(operations: &Operations, report: Report) -> Result<StepOutput<Sent>, Error> {
    let dead_letter = DeadLetter::of(&report)?;
    let mail = Mail::of(&report, &operations.links);
    if let Some(letter) = &dead_letter {
        operations.send_dead_letter(letter).await?;
    }
    operations.send(&mail).await?;
    let sentence = format!("sent a mail to operations: {}", mail.subject);
    Ok(StepOutput::new(Sent { dead_letter: dead_letter.is_some(), mail: true }, sentence)
        .counted("DeadLetters", u64::from(dead_letter.is_some()))
        .counted("Mails", 1))
}
