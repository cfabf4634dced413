//! The text of each mail.

use std::fmt::Display;

use domain::{ProductionOrderId, Sku, Stock, Units};
use errors::ErrorName;

use super::{
    super::{Cause, ExecutionEnded, RestockFailed, ended::Work},
    Links, MailTemplate,
};

pub(super) fn restock_failed(failed: &RestockFailed, links: &Links) -> MailTemplate {
    let RestockFailed { sku, restock_cycle, attempts, failure, stock, .. } = failed;
    let restock = format!("{sku}_{restock_cycle}");
    let stock_now = stock.map_or_else(
        || "unknown: the database could not be reached".to_owned(),
        |stock| stock.to_string(),
    );
    MailTemplate::new(
        format!("restock {restock} failed: {}", failure.error),
        format!("The restock of {sku} failed. {}No delivery is expected.", meaning(failure)),
    )
    .meaning(format!(
        "{} The sweep runs every few minutes and starts a new restock as long as {sku} is at or below its \
         reorder point. You get a mail when a restock succeeds. Further failures are not reported, \
         except those of restocks that you start.",
        consequence(sku, *stock)
    ))
    .action(format!(
        "Find the cause in the error below and fix it. If the factory caused the error, contact the \
         factory. Then wait for the sweep, or start a new restock yourself:\n\n    {} --sku {sku}\n\n\
         The command moves the dead letter of this restock from dead_letter_queue to stock_queue.",
        links.redrive_command
    ))
    .fact("Product:", sku)
    .fact("Restock:", restock)
    .fact("Orders:", attempts)
    .failure(failure)
    .fact("Stock now:", stock_now)
}

/// The meaning of the error, with a space. Empty for errors of AWS itself.
fn meaning(failure: &Cause) -> String {
    let known = ErrorName::ALL.iter().find(|name| name.as_str() == failure.error);
    known.map_or_else(String::new, |name| format!("{} ", name.meaning()))
}

/// What customers notice.
fn consequence(sku: &Sku, stock: Option<Stock>) -> String {
    match stock.map(Stock::get) {
        None => format!("When {sku} is sold out, customers can no longer buy it."),
        Some(0) => format!("{sku} is sold out: customers cannot buy it until it is restocked."),
        Some(left) => format!("Customers can buy the remaining {left} units of {sku}."),
    }
}

pub(super) fn message_rejected(message_id: &str, body: &str, problem: &str) -> MailTemplate {
    MailTemplate::new(
        format!("message {message_id} in stock_queue is not a valid depletion"),
        "stock_queue received a message that is not a valid depletion. It was moved to \
         dead_letter_queue.",
    )
    .meaning("This message restocks no product. Other messages are not affected.")
    .action(
        "Find out who sent the message. Send a corrected message to stock_queue, then delete this one from \
         dead_letter_queue. A redrive leaves this message in dead_letter_queue.",
    )
    .fact("Message:", message_id)
    .fact("Problem:", problem)
    .fact("Body:", body)
}

pub(super) fn callback_refused(
    order: ProductionOrderId,
    sku: &Sku,
    stock: Stock,
    problem: &str,
    links: &Links,
) -> MailTemplate {
    MailTemplate::new(
        format!("a callback for {sku} was refused"),
        "The factory sent a callback with an invalid count. Nothing was credited to the stock.",
    )
    .meaning(
        "If the factory delivered goods, they are not in stock. The restock still waits for a valid \
         callback. If none arrives in time, the restock sends another order.",
    )
    .action(format!(
        "Ask the factory how many units it delivered for this order. Redrive the dead letter in \
         dead_letter_queue only if no restock of {sku} is open any more:\n\n    {} --sku {sku}",
        links.redrive_command
    ))
    .fact("Product:", sku)
    .fact("Order:", order)
    .fact("Problem:", problem)
    .fact("Stock now:", stock)
}

pub(super) fn completion_failed(
    order: ProductionOrderId,
    quantity: Option<Units>,
    failure: &Cause,
    execution: &str,
) -> MailTemplate {
    let template = MailTemplate::new(
        format!("the callback for order {order} failed"),
        format!("The factory sent a callback that could not be processed. {}", meaning(failure)),
    )
    .fact("Order:", order);
    let template = match quantity {
        Some(quantity) => template
            .meaning(format!("{quantity} units may not be in stock yet. {MAY_BE_RECORDED}"))
            .action(process_again(order, quantity, execution))
            .fact("Quantity:", quantity),
        None => template
            .meaning("The callback was invalid and had already been refused. There is nothing to credit.")
            .action("Nothing."),
    };
    template.failure(failure)
}

const MAY_BE_RECORDED: &str = "If the arrival was recorded, the sweep credits it. If it was not recorded, it \
     is lost unless you act, because the factory does not repeat a callback.";

/// The command that processes a callback again. The failed execution cannot be redriven, because it ended in a Fail
/// state.
fn process_again(order: ProductionOrderId, quantity: impl Display, execution: &str) -> String {
    let machine = execution.replacen(":execution:", ":stateMachine:", 1);
    let machine = machine.rsplit_once(':').map_or("", |(machine, _)| machine);
    format!(
        "Process the callback again. This is safe: an arrival is credited only once.\n\n    \
         aws stepfunctions start-execution --state-machine-arn {machine} --name {order}_again \
         --input '{{\"production_order\":\"{order}\",\"quantity\":{quantity}}}'"
    )
}

/// A dead letter of a failure that is over.
const OLD_DEAD_LETTER: &str = "Nothing. If the dead letter of the failed restock is still in \
     dead_letter_queue, you can redrive it or delete it. A redrive orders only what is needed.";

pub(super) fn recovered(sku: &Sku, failures: u32, quantity: Units, stock: Stock) -> MailTemplate {
    MailTemplate::new(
        format!("{sku} is restocked again"),
        format!("A restock of {sku} succeeded after {}.", failed_restocks(failures)),
    )
    .meaning(format!("Customers can buy {sku}: the stock is now {stock}."))
    .action(OLD_DEAD_LETTER)
    .fact("Product:", sku)
    .fact("Arrived:", quantity)
    .fact("Stock now:", stock)
}

fn failed_restocks(number: u32) -> String {
    if number == 1 { "a failed restock".to_owned() } else { format!("{number} failed restocks") }
}

pub(super) fn arrived_after_failure(
    order: ProductionOrderId,
    sku: &Sku,
    quantity: Units,
    stock: Stock,
) -> MailTemplate {
    MailTemplate::new(
        format!("{quantity} {sku} arrived after the restock had failed"),
        "Goods arrived for a restock that was reported as failed. They are in stock.",
    )
    .meaning(format!("Customers can buy {sku}: the stock is now {stock}."))
    .action(OLD_DEAD_LETTER)
    .fact("Product:", sku)
    .fact("Order:", order)
    .fact("Arrived:", quantity)
    .fact("Stock now:", stock)
}

pub(super) fn execution_ended(ended: &ExecutionEnded, links: &Links) -> MailTemplate {
    let (what, meaning, action) = match ended.work() {
        Work::Restock(restock) => {
            let (meaning, action) = restock_ended(&restock.sku, links);
            (format!("restock {restock}"), meaning, action)
        }
        Work::Callback(order) => {
            let (meaning, action) = callback_ended(order, ended);
            (format!("the callback for order {order}"), meaning, action)
        }
        Work::Rejection | Work::Refusal(_) => {
            let (meaning, action) = report_ended();
            (format!("the report {}", ended.name), meaning, action)
        }
        Work::Unknown => {
            let (meaning, action) = unknown_ended();
            (format!("the execution {}", ended.name), meaning, action)
        }
    };
    let error = ended.status.error();
    MailTemplate::new(
        format!("{what} ended without a report: {error}"),
        format!("{} It could not report by itself.", error.meaning()),
    )
    .meaning(meaning)
    .action(action)
    .fact("Machine:", &ended.machine)
    .fact("Error:", error)
}

fn restock_ended(sku: &Sku, links: &Links) -> (String, String) {
    let meaning = format!(
        "If the restock is still open, no other restock of {sku} can start until the sweep has closed it, \
         within the hour. After that, the sweep starts a new restock as long as {sku} is at or below its \
         reorder point. Goods that arrive for the orders of this restock are still credited."
    );
    let action = format!(
        "Wait for the sweep. If the restock is already closed, you can start a new one now:\n\n    {} \
         --sku {sku}\n\n\
         The command moves the dead letter of this restock from dead_letter_queue to stock_queue.",
        links.redrive_command
    );
    (meaning, action)
}

/// The quantity is only in the input of the execution, which EventBridge may leave out.
fn callback_ended(order: ProductionOrderId, ended: &ExecutionEnded) -> (String, String) {
    let meaning = format!("The delivered units may not be in stock yet. {MAY_BE_RECORDED}");
    let again = process_again(order, "QUANTITY", &ended.execution);
    let action = format!(
        "{again}\n\nReplace QUANTITY by the value of \"quantity\" in the input of the execution."
    );
    (meaning, action)
}

fn report_ended() -> (String, String) {
    let meaning = "This execution should have reported the problem in its input to operations. The \
                   report may be missing.";
    let action = "Open the execution, read its input, and check whether there is something to do.";
    (meaning.to_owned(), action.to_owned())
}

fn unknown_ended() -> (String, String) {
    let meaning = "A person started this execution: the system uses other names.";
    let action = "Usually nothing. Open the execution and check its input.";
    (meaning.to_owned(), action.to_owned())
}
