use std::fmt::Display;

use aws_sdk_ses::types::{Body, Content, Destination, Message};
use domain::{ProductionOrderId, Sku, Units};

use super::{Cause, ExecutionEnded, Operations, Report, RestockFailed, ended::Work};
use aws::Error;

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
        let letter = match report {
            Report::RestockFailed(failed) => restock_failed(failed, links),
            Report::MessageRejected { message_id, body, why, .. } => {
                message_rejected(message_id, body, why)
            }
            Report::CallbackRefused { production_order, sku, stock, why, .. } => {
                callback_refused(*production_order, sku, *stock, why)
            }
            Report::CompletionFailed { production_order, delivered, failure, execution } => {
                completion_failed(*production_order, *delivered, failure, execution)
            }
            Report::Recovered { sku, failures, quantity, stock, .. } => {
                recovered(sku, *failures, *quantity, *stock)
            }
            Report::ArrivedAfterFailure { production_order, sku, quantity, stock, .. } => {
                arrived_after_failure(*production_order, sku, *quantity, *stock)
            }
            Report::ExecutionEnded(ended) => execution_ended(ended, links),
        };
        letter.fact("Execution:", links.console(report.execution())).mail()
    }
}

/// A mail in its parts.
struct Letter {
    subject: String,
    happened: String,
    facts: String,
    next: String,
}

impl Letter {
    fn new(subject: String, happened: impl Into<String>, next: impl Into<String>) -> Self {
        Self { subject, happened: happened.into(), facts: String::new(), next: next.into() }
    }

    fn fact(mut self, name: &str, value: impl Display) -> Self {
        self.facts += &format!("{name:<11}{value}\n");
        self
    }

    fn failure(self, Cause { state, error, cause }: &Cause) -> Self {
        self.fact("State:", state).fact("Error:", error).fact("Cause:", cause)
    }

    fn mail(self) -> Mail {
        let Self { subject, happened, facts, next } = self;
        let text = format!("{happened}\n\n{facts}\nWhat happens next: {next}\n");
        Mail { subject: format!("Restock: {subject}"), text }
    }
}

fn restock_failed(failed: &RestockFailed, links: &Links) -> Letter {
    let RestockFailed { sku, restock_cycle, attempts, failure, .. } = failed;
    let stock =
        failed.stock.map_or("unknown: the database was not to be reached".to_owned(), |stock| {
            stock.to_string()
        });
    let next = format!(
        "a dead letter is in dead_letter_queue. The sweep looks every few minutes and restocks {sku} \
         by itself as long as it is at or below its reorder point; you will hear when it has succeeded, \
         not each time it fails.\n\nTo restock it now:\n\n    {} --sku {sku}",
        links.redrive_command
    );
    Letter::new(
        format!("restock {sku}_{restock_cycle} failed: {}", failure.error),
        format!("The restock of {sku} failed. No goods are on the way that we know of."),
        next,
    )
    .fact("Product:", sku)
    .fact("Restock:", format_args!("{sku}_{restock_cycle}"))
    .fact("Orders:", attempts)
    .failure(failure)
    .fact("Stock now:", stock)
}

fn message_rejected(message_id: &str, body: &str, why: &str) -> Letter {
    Letter::new(
        format!("message {message_id} in stock_queue is no depletion"),
        "A message in stock_queue could not be read. It is in dead_letter_queue.",
        "nothing. A redrive leaves it where it is. Find out who sent it, send what was meant to \
         stock_queue, and delete it from dead_letter_queue.",
    )
    .fact("Message:", message_id)
    .fact("Problem:", why)
    .fact("Body:", body)
}

fn callback_refused(order: ProductionOrderId, sku: &Sku, stock: u32, why: &str) -> Letter {
    Letter::new(
        format!("a callback for {sku} was refused"),
        "The factory called back with something that cannot be counted. Nothing was put in stock.",
        "the restock goes on waiting for a good callback, and orders again when none comes. Ask the \
         factory what it has delivered. The dead letter in dead_letter_queue is of use only when no \
         restock is under way any more.",
    )
    .fact("Product:", sku)
    .fact("Order:", order)
    .fact("Problem:", why)
    .fact("Stock now:", stock)
}

fn completion_failed(
    order: ProductionOrderId,
    delivered: Option<Units>,
    failure: &Cause,
    execution: &str,
) -> Letter {
    let letter = |next| {
        Letter::new(
            format!("a callback for order {order} is not dealt with"),
            "The factory called back, and what it said could not be dealt with.",
            next,
        )
        .fact("Order:", order)
    };
    let letter = match delivered {
        Some(count) => letter(again(order, count, execution)).fact("Delivered:", count),
        None => letter("nothing: that callback had been refused anyway.".to_owned()),
    };
    letter.failure(failure)
}

/// An execution that has failed cannot be gone on with, since it ended in a state that fails.
fn again(order: ProductionOrderId, count: impl Display, execution: &str) -> String {
    let machine = execution.replacen(":execution:", ":stateMachine:", 1);
    let machine = machine.rsplit_once(':').map_or("", |(machine, _)| machine);
    format!(
        "goods that were recorded are credited by the sweep. The factory does not call again, so if they \
         were not recorded, or to credit them now, start it anew:\n\n    \
         aws stepfunctions start-execution --state-machine-arn {machine} --name {order}_again \
         --input '{{\"production_order\":\"{order}\",\"delivered\":{count}}}'"
    )
}

fn recovered(sku: &Sku, failures: u32, quantity: Units, stock: u32) -> Letter {
    Letter::new(
        format!("{sku} is restocked again"),
        format!("Restocks of {sku} had failed ({failures} of them). Now one has succeeded."),
        "nothing. A dead letter of the failure that is still in dead_letter_queue may be redriven or \
         deleted: it orders only what is needed.",
    )
    .fact("Product:", sku)
    .fact("Arrived:", quantity)
    .fact("Stock now:", stock)
}

fn arrived_after_failure(
    order: ProductionOrderId,
    sku: &Sku,
    quantity: Units,
    stock: u32,
) -> Letter {
    Letter::new(
        format!("{quantity} {sku} have come after all"),
        "Goods have come for a restock that had been reported as failed. They are in stock.",
        "nothing. If its dead letter is still in dead_letter_queue, a redrive does no harm: it orders \
         only what is needed.",
    )
    .fact("Product:", sku)
    .fact("Order:", order)
    .fact("Arrived:", quantity)
    .fact("Stock now:", stock)
}

fn execution_ended(ended: &ExecutionEnded, links: &Links) -> Letter {
    let (what, next) = match ended.work() {
        Work::Restock(restock) => (format!("restock {restock}"), restock_ended(&restock.sku, links)),
        Work::Callback(order) => {
            (format!("a callback for order {order}"), callback_ended(order, ended))
        }
        Work::Rejection | Work::Refusal(_) => (
            format!("the report {}", ended.name),
            "nothing. It was to report what stands in the execution's input, and perhaps has: look at it \
             and see whether there is something to do."
                .to_owned(),
        ),
        Work::Unknown => (
            format!("the execution {}", ended.name),
            "nothing that we know of: it has a name that only a person gives. Look at the execution's \
             input."
                .to_owned(),
        ),
    };
    Letter::new(
        format!("{what} has ended without reporting: {}", ended.status.error()),
        ended.status.cause(),
        next,
    )
    .fact("Machine:", &ended.machine)
    .fact("Error:", ended.status.error())
}

fn restock_ended(sku: &Sku, links: &Links) -> String {
    format!(
        "a dead letter is in dead_letter_queue. Goods that come for its orders are credited. If the \
         restock is still open, no other of {sku} begins until the sweep has closed it, within the hour; \
         then the sweep restocks {sku} by itself as long as it is at or below its reorder point.\n\n\
         If it is closed, you can restock it now:\n\n    {} --sku {sku}",
        links.redrive_command
    )
}

/// What came stands in the input alone, which EventBridge may leave out.
fn callback_ended(order: ProductionOrderId, ended: &ExecutionEnded) -> String {
    let again = again(order, "COUNT", &ended.execution);
    format!("{again}\n\nCOUNT is what stands under \"delivered\" in the execution's input.")
}

impl Links {
    fn console(&self, execution: &str) -> String {
        let region = &self.region;
        format!(
            "https://{region}.console.aws.amazon.com/states/home?region={region}\
             #/v2/executions/details/{execution}"
        )
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
        send.send().await?;
        Ok(())
    }
}

fn utf8(text: &str) -> Result<Content, Error> {
    let content = Content::builder().charset("UTF-8").data(text).build();
    content.map_err(|e| Error::Unwritable(e.to_string()))
}
