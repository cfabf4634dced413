//! `start-restock`: starts a restock for each depletion in `stock_queue`, one for each product and cycle, even if many
//! messages ask for the same.
//!
//! The name of the execution only avoids needless executions; the database guarantees that there is one open restock.
//! Many purchases send the same depletion, so it starts the execution that is named after its product and cycle. While
//! that execution runs, and if it has restocked the product since the depletion was sent, nothing more is started. If it
//! ended in another way, another one is started under the name and the id of the message. So an execution that restocked
//! nothing does not use up the name, also if the database was restored to an earlier cycle.
//!
//! A depletion from the sweep or an operator always starts an execution under the name and the id of the message.
//!
//! For a message that is not a valid depletion, an execution is started that reports it. Such a message does not block
//! other messages.

use std::{collections::HashMap, convert::Infallible};

use aws::{Restart, Started, StateMachine};
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use domain::Depletion;
use errors::NamedError;
use lambda_support::StepOutput;
use serde_json::json;

/// A longer body is cut. The input of an execution has at most 256 KiB, and a message may be as long.
const LARGEST_REJECTED_BODY: usize = 64 * 1024;

/// The outcome of an execution that has restocked the product.
const RESTOCKED: &str = "restocked";

/// A longer error message is cut. It may quote the body.
const LONGEST_REASON: usize = 1024;

/// Starts the executions for a batch of messages. Only messages that fail return to the queue.
pub async fn handle(
    machine: &StateMachine,
    batch: SqsEvent,
) -> Result<StepOutput<SqsBatchResponse>, Infallible> {
    let mut response = SqsBatchResponse::default();
    let sent = batch.records.iter().map(sent_at).max().unwrap_or(i64::MAX);
    let mut starter = Starter { machine, sent, done: HashMap::new() };
    let (mut sentences, mut failed) = (Vec::new(), None);
    for message in &batch.records {
        let id = message.message_id.clone().unwrap_or_default();
        match starter.handle(message, &id).await {
            Ok(sentence) => sentences.push(sentence),
            Err(error) => {
                sentences.push(format!("message {id} returns to the queue: {error}"));
                failed = Some(error.name());
                response.add_failure(id);
            }
        }
    }
    sentences.dedup();
    let returned = u64::try_from(response.batch_item_failures.len()).unwrap_or(u64::MAX);
    let output = StepOutput::new(response, sentences.join("; "));
    Ok(output.counted("MessagesReturned", returned).failed(failed))
}

/// Caches the result for each restock, because many messages of a batch may ask for the same one. Requests of the
/// sweep and of operators are cached separately from those of purchases.
struct Starter<'a> {
    machine: &'a StateMachine,
    /// When the latest message of the batch was sent, in milliseconds since 1970.
    sent: i64,
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
            self.machine.start(&format!("{name}_{}", suffix(id)), &input).await?
        } else {
            let restart =
                Restart::UnlessOutcomeAfter { outcome: RESTOCKED, milliseconds: self.sent };
            self.machine.start_again(&name, &suffix(id), &input, restart).await?
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

/// When the message was sent to the queue, in milliseconds since 1970. If SQS does not say, later than everything: then
/// no execution has restocked the product since.
fn sent_at(message: &SqsMessage) -> i64 {
    let sent = message.attributes.get("SentTimestamp").and_then(|sent| sent.parse().ok());
    sent.unwrap_or(i64::MAX)
}

fn cut(text: &str, length: usize) -> &str {
    &text[..text.floor_char_boundary(length)]
}
