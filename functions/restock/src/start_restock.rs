//! `start-restock`: starts a restock for each depletion in `stock_queue`, one for each product and cycle, even if many
//! messages ask for the same.
//!
//! The name of the execution only avoids needless executions; the database guarantees that there is one open restock.
//! A depletion from a purchase starts nothing if the execution of its cycle exists, because many purchases send the
//! same depletion. A depletion from the sweep or an operator starts another execution if that one has ended, because
//! it did not restock the product.
//!
//! For a message that is not a valid depletion, an execution is started that reports it. Such a message does not block
//! other messages.

use std::{collections::HashMap, convert::Infallible};

use aws::{Restart, Started, StateMachine};
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use domain::Depletion;
use lambda_support::StepOutput;
use serde_json::json;

/// A longer body is cut. The input of an execution has at most 256 KiB, and a message may be as long.
const LARGEST_REJECTED_BODY: usize = 64 * 1024;

/// A longer error message is cut. It may quote the body.
const LONGEST_REASON: usize = 1024;

/// Starts the executions for a batch of messages. Only messages that fail return to the queue.
pub async fn handle(
    machine: &StateMachine,
    batch: SqsEvent,
) -> Result<StepOutput<SqsBatchResponse>, Infallible> {
    let mut response = SqsBatchResponse::default();
    let mut starter = Starter { machine, done: HashMap::new() };
    let mut sentences = Vec::new();
    for message in &batch.records {
        let id = message.message_id.clone().unwrap_or_default();
        match starter.handle(message, &id).await {
            Ok(sentence) => sentences.push(sentence),
            Err(error) => {
                sentences.push(format!("message {id} returns to the queue: {error}"));
                response.add_failure(id);
            }
        }
    }
    sentences.dedup();
    let returned = u64::try_from(response.batch_item_failures.len()).unwrap_or(u64::MAX);
    Ok(StepOutput::new(response, sentences.join("; ")).counted("MessagesReturned", returned))
}

/// Caches the result for each restock, because many messages of a batch may ask for the same one. Requests of the
/// sweep and of operators are cached separately from those of purchases.
struct Starter<'a> {
    machine: &'a StateMachine,
    done: HashMap<(String, bool), String>,
}

impl Starter<'_> {
    async fn handle(&mut self, message: &SqsMessage, id: &str) -> Result<String, aws::Error> {
        let body = message.body.as_deref().unwrap_or_default();
        match http_api::depletion::read(body) {
            Ok(depletion) => self.restock(&depletion, id).await,
            Err(error) => self.reject(id, body, &error.to_string()).await,
        }
    }

    /// The input of the execution is the parsed depletion and not the text of the message. Step Functions could read
    /// the text in another way, or reject it because of its length.
    async fn restock(&mut self, depletion: &Depletion, id: &str) -> Result<String, aws::Error> {
        let name = depletion.restock().to_string();
        let request = (name.clone(), depletion.reason.outlasts_a_restock());
        if let Some(sentence) = self.done.get(&request) {
            return Ok(sentence.clone());
        }
        let input = json!(depletion).to_string();
        let started = if depletion.reason.outlasts_a_restock() {
            self.machine.start_again(&name, &suffix(id), &input, Restart::Always).await?
        } else {
            self.machine.start(&name, &input).await?
        };
        let sentence = match started {
            Started::Now(name) => format!("started restock {name}"),
            Started::Already(name) => format!("restock {name} was started before"),
        };
        self.done.insert(request, sentence.clone());
        Ok(sentence)
    }

    /// Starts an execution that reports the message.
    async fn reject(&self, id: &str, body: &str, error: &str) -> Result<String, aws::Error> {
        let body = cut(body, LARGEST_REJECTED_BODY);
        let error = cut(error, LONGEST_REASON);
        let input = json!({"rejected": {"message_id": id, "body": body, "why": error}});
        self.machine.start(&format!("rejected_{id}"), &input.to_string()).await?;
        Ok(format!("message {id} is not a valid depletion and is reported: {error}"))
    }
}

/// A suffix for the name of the execution. It is the same if the message is delivered again, so a repeated delivery
/// starts no second execution.
fn suffix(message_id: &str) -> String {
    message_id.chars().filter(char::is_ascii_alphanumeric).take(12).collect()
}

fn cut(text: &str, length: usize) -> &str {
    &text[..text.floor_char_boundary(length)]
}
