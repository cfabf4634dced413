use aws_sdk_ses::types::{Body, Content, Destination, Message};

use super::{Cause, Operations, Report, RestockFailed};
use crate::Error;

/// What a mail refers to, which only the deployment knows.
#[derive(Debug, Clone)]
pub struct Links {
    /// The region, for links to the console.
    pub region: String,
    /// The command that moves all dead letters back: `restock redrive --outputs outputs.json`.
    pub redrive_command: String,
}

/// A mail to operations, in plain text.
#[derive(Debug, PartialEq, Eq)]
pub struct Mail {
    /// One line.
    pub subject: String,
    /// What happened, and what to do.
    pub text: String,
}

impl Mail {
    /// The mail of a report.
    pub fn of(report: &Report, links: &Links) -> Self {
        match report {
            Report::RestockFailed(failed) => restock_failed(failed, links),
            Report::MessageRejected { message_id, body, why, execution } => Self {
                subject: format!("Restock: message {message_id} in stock_queue is no depletion"),
                text: format!(
                    "A message in stock_queue could not be read. It is in dead_letter_queue.\n\n\
                     Message:   {message_id}\nProblem:   {why}\nBody:      {body}\n{console}\n\
                     What happens next: nothing. A redrive would bring it back here: find out who sent \
                     it, send what was meant to stock_queue, and delete it from dead_letter_queue.\n",
                    console = links.console(execution),
                ),
            },
            Report::CallbackRefused { production_order, sku, stock, why, execution, .. } => Self {
                subject: format!("Restock: a callback for {sku} was refused"),
                text: format!(
                    "The factory called back with something that cannot be counted. Nothing was put \
                     in stock.\n\n\
                     Product:   {sku}\nOrder:     {production_order}\nProblem:   {why}\n\
                     Stock now: {stock}\n{console}\n\
                     What happens next: the restock goes on waiting for a good callback, and orders \
                     again when none comes. Ask the factory what it has delivered.\n{redrive}",
                    console = links.console(execution),
                    redrive = links.redrive(sku.as_str()),
                ),
            },
            Report::CompletionFailed { production_order, delivered, failure, execution } => Self {
                subject: format!(
                    "Restock: a callback for order {production_order} is not dealt with"
                ),
                text: format!(
                    "The factory called back, and what it said could not be dealt with.\n\n\
                     Order:     {production_order}\nDelivered: {count}\n{cause}{console}\n\
                     What happens next: goods that were recorded are credited by the sweep. To do it \
                     now, or if they were not recorded, run the execution again:\n\n    \
                     aws stepfunctions redrive-execution --execution-arn {execution}\n",
                    count = delivered.map_or("refused".to_owned(), |units| units.to_string()),
                    cause = told(failure),
                    console = links.console(execution),
                ),
            },
            Report::Recovered { sku, restock_cycle, failures, quantity, stock, execution } => {
                Self {
                    subject: format!("Restock: {sku} is restocked again"),
                    text: format!(
                        "After {failures} restocks of {sku} that failed, one has succeeded.\n\n\
                     Product:   {sku}\nRestock:   {sku}_{restock_cycle}\nArrived:   {quantity}\n\
                     Stock now: {stock}\n{console}\n\
                     What happens next: nothing. A dead letter of the failure that is still in \
                     dead_letter_queue may be redriven or deleted: it orders only what is needed.\n",
                        console = links.console(execution),
                    ),
                }
            }
            Report::ArrivedAfterFailure { production_order, sku, quantity, stock, execution } => {
                Self {
                    subject: format!("Restock: {quantity} {sku} have come after all"),
                    text: format!(
                        "Goods have come for a restock that had been reported as failed. They are in \
                     stock.\n\n\
                     Product:   {sku}\nOrder:     {production_order}\nArrived:   {quantity}\n\
                     Stock now: {stock}\n{console}\n\
                     What happens next: nothing. If its dead letter is still in dead_letter_queue, a \
                     redrive does no harm: it orders only what is needed.\n",
                        console = links.console(execution),
                    ),
                }
            }
        }
    }
}

fn restock_failed(failed: &RestockFailed, links: &Links) -> Mail {
    let RestockFailed { sku, restock_cycle, attempts, execution, .. } = failed;
    let stock = failed
        .stock
        .map_or("unknown: the database was not to be reached".to_owned(), |n| n.to_string());
    Mail {
        subject: format!("Restock: restock {sku}_{restock_cycle} failed: {}", failed.failure.error),
        text: format!(
            "The restock of {sku} failed. No goods are on the way that we know of.\n\n\
             Product:   {sku}\nRestock:   {sku}_{restock_cycle}\nOrders:    {attempts}\n\
             {cause}Stock now: {stock}\n{console}\n\
             What happens next: a dead letter is in dead_letter_queue. The sweep looks every few \
             minutes and restocks {sku} by itself as long as it is at or below its reorder point.\n{redrive}",
            cause = told(&failed.failure),
            console = links.console(execution),
            redrive = links.redrive(sku.as_str()),
        ),
    }
}

fn told(failure: &Cause) -> String {
    let Cause { state, error, cause } = failure;
    format!("State:     {state}\nError:     {error}\nCause:     {cause}\n")
}

impl Links {
    fn console(&self, execution: &str) -> String {
        let region = &self.region;
        format!(
            "Execution: https://{region}.console.aws.amazon.com/states/home?region={region}\
             #/v2/executions/details/{execution}\n"
        )
    }

    fn redrive(&self, sku: &str) -> String {
        format!("\nTo restock it now:\n\n    {} --sku {sku}\n", self.redrive_command)
    }
}

impl Operations {
    pub(super) async fn send(&self, mail: &Mail) -> Result<(), Error> {
        let body = Body::builder().text(utf8(&mail.text)?).build();
        let message = Message::builder().subject(utf8(&mail.subject)?).body(body).build();
        let send = self
            .ses
            .send_email()
            .source(&self.from)
            .destination(Destination::builder().to_addresses(&self.to).build())
            .message(message);
        send.send().await.map_err(door::Error::from)?;
        Ok(())
    }
}

fn utf8(text: &str) -> Result<Content, Error> {
    let content = Content::builder().charset("UTF-8").data(text).build();
    content.map_err(|e| Error::Message(e.to_string()))
}
