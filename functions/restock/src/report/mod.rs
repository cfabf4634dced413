//! `report`: tells operations what went wrong, and what to do. First the dead letter, which a redrive
//! needs, then the mail.

mod dead_letter;
mod ended;
mod mail;

use domain::{ProductionOrderId, RestockCycle, Sku, Units};
use lambda_support::Answer;
use serde::{Deserialize, Deserializer, Serialize};

use aws::Error;
pub use dead_letter::DeadLetter;
pub use ended::{EndStatus, ExecutionEnded};
pub use mail::{Links, Mail};

/// Where reports go.
#[derive(Debug)]
pub struct Operations {
    /// A client of SQS.
    pub sqs: aws_sdk_sqs::Client,
    /// The URL of `dead_letter_queue`.
    pub dead_letter_queue_url: String,
    /// A client of SES.
    pub ses: aws_sdk_ses::Client,
    /// Who sends the mails.
    pub from: String,
    /// Who gets them.
    pub to: String,
    /// What a mail refers to.
    pub links: Links,
}

/// What there is to tell.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "report", rename_all = "snake_case", deny_unknown_fields)]
pub enum Report {
    /// A restock failed.
    RestockFailed(RestockFailed),
    /// A message in `stock_queue` is no depletion.
    MessageRejected {
        /// The message's id in the queue.
        message_id: String,
        /// Its body, or the beginning of a very long one.
        body: String,
        /// What is wrong with it.
        why: String,
        /// The ARN of the execution that reports.
        execution: String,
    },
    /// The factory called back with something that cannot be counted.
    CallbackRefused {
        /// The order that it called back for.
        production_order: ProductionOrderId,
        /// The product.
        sku: Sku,
        /// The restock that the order belongs to.
        restock_cycle: RestockCycle,
        /// The stock now.
        stock: u32,
        /// What is wrong with the callback.
        why: String,
        /// The ARN of the execution that reports.
        execution: String,
    },
    /// A good callback could not be dealt with.
    CompletionFailed {
        /// The order whose goods came.
        production_order: ProductionOrderId,
        /// How many came. `None` for a callback that was refused.
        #[serde(default)]
        delivered: Option<Units>,
        /// What went wrong.
        failure: Cause,
        /// The ARN of the execution that reports.
        execution: String,
    },
    /// A product is restocked again, after operations were told that it was not.
    Recovered {
        /// The product.
        sku: Sku,
        /// How many had failed before it.
        failures: u32,
        /// How many came.
        quantity: Units,
        /// The stock now.
        stock: u32,
        /// The ARN of the execution that reports.
        execution: String,
    },
    /// Goods came for a restock that had been reported as failed.
    ArrivedAfterFailure {
        /// The order whose goods came.
        production_order: ProductionOrderId,
        /// The product.
        sku: Sku,
        /// How many came.
        quantity: Units,
        /// The stock now.
        stock: u32,
        /// The ARN of the execution that reports.
        execution: String,
    },
    /// An execution ended without being able to report, as EventBridge says.
    ExecutionEnded(ExecutionEnded),
}

impl Report {
    /// The ARN of the execution that it is about.
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

/// A restock that failed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RestockFailed {
    /// The product.
    pub sku: Sku,
    /// The restock.
    pub restock_cycle: RestockCycle,
    /// The restock that a redrive asks for.
    pub next_cycle: RestockCycle,
    /// The stock now, if the database could be asked.
    pub stock: Option<u32>,
    /// How many orders were sent, perhaps.
    pub attempts: u32,
    /// What went wrong.
    pub failure: Cause,
    /// The ARN of the execution that failed.
    pub execution: String,
}

/// What went wrong in an execution.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cause {
    /// The state that failed.
    pub state: String,
    /// The fixed name of the error.
    pub error: String,
    /// What the error said.
    #[serde(deserialize_with = "said")]
    pub cause: String,
}

/// What a function's error said: Step Functions wraps it into a JSON text, with the error's name.
fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let cause = String::deserialize(deserializer)?;
    let wrapped: Option<Wrapped> = serde_json::from_str(&cause).ok();
    Ok(wrapped.map_or(cause, |wrapped| wrapped.error_message))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wrapped {
    error_message: String,
}

/// What was sent.
#[derive(Debug, Serialize)]
pub struct Sent {
    dead_letter: bool,
    mail: bool,
}

/// Sends the dead letter, if the report has one, then the mail.
pub async fn handle(operations: &Operations, report: Report) -> Result<Answer<Sent>, Error> {
    let dead_letter = DeadLetter::of(&report)?;
    let mail = Mail::of(&report, &operations.links);
    if let Some(letter) = &dead_letter {
        operations.put_down(letter).await?;
    }
    operations.send(&mail).await?;
    let sentence = format!("told operations: {}", mail.subject);
    Ok(Answer::new(Sent { dead_letter: dead_letter.is_some(), mail: true }, sentence)
        .counted("DeadLetters", u64::from(dead_letter.is_some()))
        .counted("Mails", 1))
}
