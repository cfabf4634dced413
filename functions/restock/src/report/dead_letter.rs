use aws_sdk_sqs::types::MessageAttributeValue;
use domain::{Depletion, Reason, RestockCycle, Sku, Stock};
use errors::ErrorName;

use super::{Operations, Report, RestockFailed, ended::Work};
use aws::Error;

/// A longer value is cut. SQS limits the size of a message, and a cause may be as long as a stack trace.
const LONGEST_ATTRIBUTE: usize = 2048;

/// A message for `dead_letter_queue`. A redrive moves it to `stock_queue` unchanged. Its attributes say why it is
/// there.
#[derive(Debug, PartialEq, Eq)]
pub struct DeadLetter {
    body: String,
    error: String,
    cause: String,
    execution: String,
}

impl DeadLetter {
    /// Returns the dead letter of a report, or `None` if there is nothing to redrive.
    pub fn of(report: &Report) -> Result<Option<Self>, Error> {
        let (body, error, cause) = match report {
            Report::RestockFailed(failed) => (
                body(&next_depletion(failed))?,
                failed.failure.error.as_str(),
                &failed.failure.cause,
            ),
            Report::MessageRejected { body, why, .. } => {
                (body.clone(), ErrorName::MessageMalformed.as_str(), why)
            }
            Report::CallbackRefused { sku, restock_cycle, stock, why, .. } => {
                let depletion = redriven(sku.clone(), restock_cycle.next(), Some(*stock));
                (body(&depletion)?, ErrorName::CallbackRefused.as_str(), why)
            }
            Report::ExecutionEnded(ended) => match ended.work() {
                Work::Restock(restock) => {
                    let depletion = redriven(restock.sku, restock.cycle.next(), None);
                    let error = ended.status.error();
                    (body(&depletion)?, error.as_str(), &error.meaning().to_owned())
                }
                _ => return Ok(None),
            },
            Report::CompletionFailed { .. }
            | Report::Recovered { .. }
            | Report::ArrivedAfterFailure { .. } => return Ok(None),
        };
        let (error, cause) = (error.to_owned(), cause.clone());
        Ok(Some(Self { body, error, cause, execution: report.execution().to_owned() }))
    }
}

/// The depletion that asks for the next restock.
fn next_depletion(failed: &RestockFailed) -> Depletion {
    redriven(failed.sku.clone(), failed.next_cycle, failed.stock)
}

fn redriven(sku: Sku, restock_cycle: RestockCycle, stock: Option<Stock>) -> Depletion {
    Depletion { sku, restock_cycle, stock, reason: Reason::Redrive, purchase_id: None }
}

fn body(depletion: &Depletion) -> Result<String, Error> {
    serde_json::to_string(depletion).map_err(|e| Error::Unwritable(e.to_string()))
}

impl Operations {
    pub(super) async fn send_dead_letter(&self, letter: &DeadLetter) -> Result<(), Error> {
        let send = self
            .sqs
            .send_message()
            .queue_url(&self.dead_letter_queue_url)
            .message_body(&letter.body)
            .message_attributes("error", attribute(&letter.error)?)
            .message_attributes("cause", attribute(&letter.cause)?)
            .message_attributes("execution", attribute(&letter.execution)?);
        send.send().await?;
        Ok(())
    }
}

/// SQS does not accept an empty value.
fn attribute(text: &str) -> Result<MessageAttributeValue, Error> {
    let text = if text.is_empty() { "unknown" } else { text };
    MessageAttributeValue::builder()
        .data_type("String")
        .string_value(&text[..text.floor_char_boundary(LONGEST_ATTRIBUTE)])
        .build()
        .map_err(|e| Error::Unwritable(e.to_string()))
}
