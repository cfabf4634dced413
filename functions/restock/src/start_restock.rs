//! `start-restock`: starts a restock for each depletion in `stock_queue`, one for each product and
//! cycle, however many messages ask for it.
//!
//! The execution's name only keeps the many from starting many; the database is what guarantees that
//! there is one. What purchases notice is not looked into any further than that: it may come a thousand
//! times. What the sweep or an operator asks for is started anew if the execution of that name has ended,
//! for they know that it has not helped.
//!
//! A message that is no depletion becomes an execution too, which reports it, so that it
//! does not hold up the others and somebody hears of it.

use std::{collections::HashMap, convert::Infallible};

use aws::{Started, StateMachine};
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use domain::Depletion;
use lambda_support::Answer;
use serde_json::json;

/// An execution's input holds 256 KiB, and so may a message. A body that cannot be read needs not be
/// told whole.
const LARGEST_REJECTED_BODY: usize = 64 * 1024;

/// What is wrong with it may quote it.
const LONGEST_REASON: usize = 1024;

/// Starts what a batch asks for. Messages that fail go back to the queue, the others do not.
pub async fn handle(
    machine: &StateMachine,
    batch: SqsEvent,
) -> Result<Answer<SqsBatchResponse>, Infallible> {
    let mut response = SqsBatchResponse::default();
    let mut started = Batch { machine, done: HashMap::new() };
    let mut sentences = Vec::new();
    for message in &batch.records {
        let id = message.message_id.clone().unwrap_or_default();
        match started.take(message, &id).await {
            Ok(sentence) => sentences.push(sentence),
            Err(error) => {
                sentences.push(format!("message {id} goes back to the queue: {error}"));
                response.add_failure(id);
            }
        }
    }
    sentences.dedup();
    let returned = u64::try_from(response.batch_item_failures.len()).unwrap_or(u64::MAX);
    Ok(Answer::new(response, sentences.join("; ")).counted("MessagesReturned", returned))
}

/// A batch, and what it has started so far: many messages of a crowd ask for the same. But who insists
/// is not answered with what a purchase was.
struct Batch<'a> {
    machine: &'a StateMachine,
    done: HashMap<(String, bool), String>,
}

impl Batch<'_> {
    async fn take(&mut self, message: &SqsMessage, id: &str) -> Result<String, aws::Error> {
        let body = message.body.as_deref().unwrap_or_default();
        match http_api::depletion::read(body) {
            Ok(depletion) => self.restock(&depletion, id).await,
            Err(why) => self.reject(id, body, &why.to_string()).await,
        }
    }

    /// The execution is told what was read, not the text that it was read from: others may read that in
    /// another way, or find it too long.
    async fn restock(&mut self, depletion: &Depletion, id: &str) -> Result<String, aws::Error> {
        let (name, insists) =
            (depletion.restock().to_string(), depletion.reason.outlasts_a_restock());
        let asked = (name.clone(), insists);
        if let Some(sentence) = self.done.get(&asked) {
            return Ok(sentence.clone());
        }
        let input = json!(depletion).to_string();
        let started = if insists {
            self.machine.start_again(&name, &suffix(id), &input, |_| false).await?
        } else {
            self.machine.start(&name, &input).await?
        };
        let sentence = match started {
            Started::Now(name) => format!("started restock {name}"),
            Started::Already(name) => format!("restock {name} was started before"),
        };
        self.done.insert(asked, sentence.clone());
        Ok(sentence)
    }

    async fn reject(&self, id: &str, body: &str, why: &str) -> Result<String, aws::Error> {
        let (body, why) = (beginning(body, LARGEST_REJECTED_BODY), beginning(why, LONGEST_REASON));
        let input = json!({"rejected": {"message_id": id, "body": body, "why": why}});
        self.machine.start(&format!("rejected_{id}"), &input.to_string()).await?;
        Ok(format!("message {id} is no depletion and is reported: {why}"))
    }
}

/// Sets an execution apart from others for the same restock, and is the same when the message comes again.
fn suffix(message_id: &str) -> String {
    message_id.chars().filter(char::is_ascii_alphanumeric).take(12).collect()
}

fn beginning(text: &str, length: usize) -> &str {
    &text[..text.floor_char_boundary(length)]
}
