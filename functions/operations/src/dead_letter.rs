//! Dead letters: what waits in `dead_letter_queue` until a person redrives or deletes it.

use std::collections::HashMap;

use aws::Error;
use aws_lambda_events::sqs::SqsMessageAttribute;
use aws_sdk_sqs::{primitives::Blob, types::MessageAttributeValue};
use domain::{Depletion, Reason, RestockCycle, Sku, Stock};
use errors::ErrorName;
use serde::Deserialize;

use crate::report::{CallbackRefused, MessageRejected, RestockFailed};

/// A longer value is cut. SQS limits the size of a message, and a cause may be as long as a stack trace.
const LONGEST_ATTRIBUTE: usize = 2048;

/// SQS allows ten attributes, and three say why a message is a dead letter. Our messages have at most four.
const MOST_OWN_ATTRIBUTES: usize = 7;

/// What leaves a dead letter. The input has the form of the [`Report`](crate::Report) about the same failure.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "report", rename_all = "snake_case", deny_unknown_fields)]
pub enum Failure {
    RestockFailed(RestockFailed),
    MessageRejected(MessageRejected),
    CallbackRefused(CallbackRefused),
}

/// The attributes of a message.
pub type Attributes = HashMap<String, MessageAttributeValue>;

/// `dead_letter_queue`.
#[derive(Debug, Clone)]
pub struct DeadLetterQueue {
    pub sqs: aws_sdk_sqs::Client,
    pub url: String,
}

/// A message for `dead_letter_queue`. A redrive moves its body unchanged. Its attributes say why it is there.
#[derive(Debug, PartialEq)]
pub struct DeadLetter {
    body: String,
    attributes: Attributes,
}

impl DeadLetter {
    pub fn of(failure: &Failure) -> Result<Self, Error> {
        match failure {
            Failure::RestockFailed(failed) => {
                let RestockFailed { sku, next_cycle, stock, failure, execution, .. } = failed;
                let body = redrive(sku, *next_cycle, *stock)?;
                Self::about(body, &failure.error, &failure.cause, execution)
            }
            Failure::MessageRejected(MessageRejected { body, why, execution, .. }) => {
                Self::about(body.clone(), ErrorName::MessageMalformed.as_str(), why, execution)
            }
            Failure::CallbackRefused(refused) => {
                let CallbackRefused { sku, restock_cycle, stock, why, execution, .. } = refused;
                let body = redrive(sku, restock_cycle.next(), Some(*stock))?;
                Self::about(body, ErrorName::CallbackRefused.as_str(), why, execution)
            }
        }
    }

    fn about(body: String, error: &str, cause: &str, execution: &str) -> Result<Self, Error> {
        let mut attributes = Attributes::new();
        for (name, value) in [("error", error), ("cause", cause), ("execution", execution)] {
            attributes.insert(name.to_owned(), text(value)?);
        }
        Ok(Self { body, attributes })
    }

    /// The dead letter of a message that another queue has set aside: the message with its own attributes.
    pub fn of_undelivered(
        queue: &str,
        body: &str,
        own: &HashMap<String, SqsMessageAttribute>,
    ) -> Result<Self, Error> {
        let mut attributes = Attributes::new();
        for (name, value) in own.iter().take(MOST_OWN_ATTRIBUTES) {
            attributes.insert(name.clone(), value_of(value)?);
        }
        let error = ErrorName::MessageUndelivered;
        let why = [("error", error.as_str()), ("cause", error.meaning()), ("queue", queue)];
        for (name, value) in why {
            attributes.insert(name.to_owned(), text(value)?);
        }
        Ok(Self { body: body.to_owned(), attributes })
    }
}

/// The body of a depletion that asks for a restock once more.
fn redrive(sku: &Sku, restock_cycle: RestockCycle, stock: Option<Stock>) -> Result<String, Error> {
    let reason = Reason::Redrive;
    let depletion = Depletion { sku: sku.clone(), restock_cycle, stock, reason, purchase_id: None };
    Ok(serde_json::to_string(&depletion)?)
}

/// SQS does not accept an empty value.
fn text(text: &str) -> Result<MessageAttributeValue, Error> {
    let text = if text.is_empty() { "unknown" } else { text };
    MessageAttributeValue::builder()
        .data_type("String")
        .string_value(&text[..text.floor_char_boundary(LONGEST_ATTRIBUTE)])
        .build()
        .map_err(|e| Error::Unwritable(e.to_string()))
}

/// An attribute as Lambda delivers it, as SQS accepts it.
fn value_of(attribute: &SqsMessageAttribute) -> Result<MessageAttributeValue, Error> {
    let SqsMessageAttribute { data_type, string_value, binary_value, .. } = attribute;
    MessageAttributeValue::builder()
        .set_data_type(data_type.clone())
        .set_string_value(string_value.clone())
        .set_binary_value(binary_value.as_ref().map(|bytes| Blob::new(bytes.0.clone())))
        .build()
        .map_err(|e| Error::Unwritable(e.to_string()))
}

impl DeadLetterQueue {
    /// Returns the id of the message.
    pub(crate) async fn send(&self, letter: DeadLetter) -> Result<Option<String>, Error> {
        let send = self.sqs.send_message().queue_url(&self.url).message_body(letter.body);
        let send = send.set_message_attributes(Some(letter.attributes));
        Ok(send.send().await?.message_id)
    }
}
