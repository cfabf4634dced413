//! `receive-completion`: starts the `completion` state machine for each callback in `completion_queue`.
//!
//! API Gateway puts the callbacks of the factory into the queue and answers them, so no callback depends on this
//! function. The signature is verified before anything else is read. A forged or expired callback is dropped. For a valid
//! callback, starts an execution with the production order as its name, so that a repeated callback starts no second
//! execution. A callback that cannot be handled now returns to the queue. Without the keys, all of them do.

use std::convert::Infallible;

use aws::{CallbackKeys, KeyError, Restart, Started, StateMachine};
use aws_lambda_events::sqs::SqsBatchResponse;
use domain::{
    Arrival, ProductionOrderId,
    callback::{Claim, Keys},
};
use errors::{ErrorName, NamedError};
use http_api::callback::{self, Message, Refusal};
use lambda_support::StepOutput;
use serde::Deserialize;
use serde_json::json;

#[derive(Debug)]
pub struct Receiver {
    /// The `completion` state machine.
    pub machine: StateMachine,
    pub keys: CallbackKeys,
}

/// The event with which Lambda delivers messages.
#[derive(Deserialize)]
pub struct Batch {
    #[serde(rename = "Records")]
    records: Vec<Message>,
}

/// Handles a batch of callbacks. Only callbacks that cannot be handled now return to the queue.
pub async fn handle(
    receiver: &Receiver,
    batch: Batch,
) -> Result<StepOutput<SqsBatchResponse>, Infallible> {
    let handled = match receiver.keys.get().await {
        Ok(keys) => receiver.handle(&batch.records, keys).await,
        Err(error) => Handled::without_keys(&batch.records, &error),
    };
    Ok(handled.output())
}

impl Receiver {
    async fn handle(&self, messages: &[Message], keys: &Keys) -> Handled {
        let mut handled = Handled::default();
        for message in messages {
            match callback::authenticate(message, keys) {
                Ok(claim) => handled.add(message, self.receive(message, claim).await),
                Err(error) => handled.add_forged(message, &error),
            }
        }
        handled
    }

    async fn receive(&self, message: &Message, claim: Claim) -> Result<Receipt, aws::Error> {
        match callback::read(message, claim) {
            Ok(arrival) => self.accept(message, &arrival).await,
            Err(refusal) => self.refuse(claim.production_order, &refusal).await,
        }
    }

    async fn accept(&self, message: &Message, arrival: &Arrival) -> Result<Receipt, aws::Error> {
        let Arrival { production_order: order, quantity } = arrival;
        let input = json!(arrival).to_string();
        // If the execution of an earlier callback has failed, this callback gets its own.
        let (name, suffix) = (order.to_string(), suffix(&message.message_id));
        let restart = Restart::UnlessSucceeded;
        let sentence = match self.machine.start_again(&name, &suffix, &input, restart).await? {
            Started::Now(_) => "accepted the callback",
            Started::Already(_) => "accepted an earlier callback",
        };
        let sentence = format!("{sentence} for production order {order}: {quantity} units");
        Ok(Receipt { sentence, is_refused: false })
    }

    /// Refuses an invalid callback, and starts an execution that reports it. This execution has another name, so that a
    /// valid callback for the same order is still accepted.
    async fn refuse(&self, order: ProductionOrderId, why: &Refusal) -> Result<Receipt, aws::Error> {
        let input = json!({"production_order": order, "refused": why.to_string()}).to_string();
        self.machine.start(&format!("refused_{order}"), &input).await?;
        let sentence = format!("refused the callback for production order {order}: {why}");
        Ok(Receipt { sentence, is_refused: true })
    }
}

/// A suffix for the name of an execution. It is the same if the message is delivered again, so a repeated delivery
/// starts no second execution.
fn suffix(message_id: &str) -> String {
    message_id.chars().filter(char::is_ascii_alphanumeric).take(12).collect()
}

/// What was done with a callback whose signature is valid.
struct Receipt {
    sentence: String,
    is_refused: bool,
}

/// What was done with the callbacks of a batch.
#[derive(Default)]
struct Handled {
    response: SqsBatchResponse,
    sentences: Vec<String>,
    forged: u64,
    refused: u64,
    returned: u64,
    /// Why callbacks return to the queue.
    error: Option<ErrorName>,
}

impl Handled {
    fn without_keys(messages: &[Message], error: &KeyError) -> Self {
        let mut handled = Self::default();
        let returned = format!("{} callbacks return to the queue: {error}", messages.len());
        handled.sentences.push(returned);
        for message in messages {
            handled.give_back(message, error.name());
        }
        handled
    }

    fn add(&mut self, message: &Message, receipt: Result<Receipt, aws::Error>) {
        match receipt {
            Ok(Receipt { sentence, is_refused }) => {
                self.refused += u64::from(is_refused);
                self.sentences.push(sentence);
            }
            Err(error) => {
                let id = &message.message_id;
                self.sentences.push(format!("callback {id} returns to the queue: {error}"));
                self.give_back(message, error.name());
            }
        }
    }

    fn give_back(&mut self, message: &Message, error: ErrorName) {
        self.returned += 1;
        self.error = Some(error);
        self.response.add_failure(&message.message_id);
    }

    /// Without what the message contains: strangers may have sent it, and it may be long.
    fn add_forged(&mut self, message: &Message, why: &domain::Error) {
        self.forged += 1;
        self.sentences.push(format!("dropped callback {}: {why}", message.message_id));
    }

    fn output(self) -> StepOutput<SqsBatchResponse> {
        StepOutput::new(self.response, self.sentences.join("; "))
            .counted("ForgedCallbacks", self.forged)
            .counted("RefusedCallbacks", self.refused)
            .counted("CallbacksReturned", self.returned)
            .failed(self.error)
    }
}

#[cfg(test)]
mod tests;
