//! The text of each mail.

use std::fmt::Display;

use domain::{ProductionOrderId, Sku, Stock, Units};
use errors::ErrorName;

use super::{Links, MENDED, MailTemplate};
use crate::report::{CallbackRefused, Cause, ExecutionEnded, RestockFailed, Work};

pub(super) fn restock_failed(failed: &RestockFailed, links: &Links) -> MailTemplate {
    let RestockFailed { sku, restock_cycle, attempts, failure, stock, .. } = failed;
    let restock = format!("{sku}_{restock_cycle}");
    let stock_now = stock.map_or_else(
        || "unknown, because the step CloseRestock failed, which reads it".to_owned(),
        |stock| stock.to_string(),
    );
    MailTemplate::new(
        format!("restock {restock} failed: {}", failure.error),
        format!("The restock of {sku} failed. {}No delivery is expected.", meaning(&failure.error)),
    )
    .meaning(format!(
        "{} The sweep runs every few minutes and starts a new restock as long as {sku} is at or below its \
         reorder point. You get a mail when a restock succeeds. Further failures are not reported, \
         except those of restocks that you start.",
        consequence(sku, *stock)
    ))
    .action(format!(
        "Find the cause in the error below and fix it. If the factory caused the error, contact the \
         factory. Then wait for the sweep, or start a new restock yourself:\n\n    {}\n\n\
         The command moves the dead letter of this restock from dead_letter_queue to stock_queue.",
        links.redrive(Some(sku), MENDED)
    ))
    .fact("Product:", sku)
    .fact("Restock:", restock)
    .fact("Orders:", attempts)
    .failure(failure)
    .fact("Stock now:", stock_now)
}

/// The meaning of the error, with a space. Empty for errors of AWS itself.
pub(super) fn meaning(error: &str) -> String {
    let known = ErrorName::ALL.iter().find(|name| name.as_str() == error);
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

pub(super) fn callback_refused(refused: &CallbackRefused, links: &Links) -> MailTemplate {
    let CallbackRefused { production_order, sku, stock, why, .. } = refused;
    MailTemplate::new(
        format!("a callback for {sku} was refused"),
        format!(
            "The factory sent a callback that cannot be counted: {why}. Nothing was credited to the stock."
        ),
    )
    .meaning(GOODS_OF_A_REFUSED_CALLBACK)
    .action(ask_the_factory("this order", &links.redrive(Some(sku), NOTHING_DELIVERED)))
    .fact("Product:", sku)
    .fact("Order:", production_order)
    .fact("Problem:", why)
    .fact("Stock now:", stock)
}

pub(super) const GOODS_OF_A_REFUSED_CALLBACK: &str = "If the factory delivered goods, they are not in stock. A restock \
     that still waits for this callback sends another order if no valid callback arrives in time.";

/// The reason in the redrive command of a refused callback.
pub(super) const NOTHING_DELIVERED: &str = "the factory delivered nothing";

/// What to do with a refused callback. The count by hand is the one in docs/how-to.md.
pub(super) fn ask_the_factory(orders: &str, redrive_command: &str) -> String {
    format!(
        "Ask the factory how many units it delivered for {orders}, and ask it to call back once more with \
         that count: a valid callback is credited once, also when it is late. If the factory cannot call \
         back and goods were delivered, count the stock by hand (docs/how-to.md, Correct the stock after a \
         count). If nothing was delivered and no restock is open, order again:\n\n    {redrive_command}\n\n\
         Otherwise delete the dead letter."
    )
}

pub(super) fn completion_failed(
    order: ProductionOrderId,
    quantity: Option<Units>,
    failure: &Cause,
    again: &Again<'_>,
) -> MailTemplate {
    let template = MailTemplate::new(
        format!("the callback for order {order} failed"),
        format!(
            "The factory sent a callback that could not be processed. {}",
            meaning(&failure.error)
        ),
    )
    .fact("Order:", order);
    let template = match quantity {
        Some(quantity) => template
            .meaning(format!("{quantity} units may not be in stock yet. {MAY_BE_RECORDED}"))
            .action(again.command(order, quantity))
            .fact("Quantity:", quantity),
        None => template
            .meaning("The callback was invalid and had already been refused. There is nothing to credit.")
            .action("Nothing."),
    };
    template.failure(failure)
}

pub(super) const MAY_BE_RECORDED: &str = "If the arrival was recorded, the sweep credits it. If it was not recorded, it \
     is lost unless you act, because the factory does not repeat a callback.";

/// An execution of `completion` whose work is to be done again.
pub(super) struct Again<'a> {
    pub links: &'a Links,
    pub execution: &'a str,
}

impl Again<'_> {
    /// The command that processes the callback again. The failed execution cannot be redriven, because it ended in a
    /// Fail state. Each run of the command has a name of its own, so it may be repeated.
    fn command(&self, order: ProductionOrderId, quantity: impl Display) -> String {
        let machine = self.execution.replacen(":execution:", ":stateMachine:", 1);
        let machine = machine.rsplit_once(':').map_or("", |(machine, _)| machine);
        let aws = &self.links.aws_command;
        format!(
            "Process the callback again. This is safe: an arrival is credited only once.\n\n    \
             {aws} stepfunctions start-execution --state-machine-arn {machine} --name {order}_$(date +%s) \
             --input '{{\"production_order\":\"{order}\",\"quantity\":{quantity}}}'"
        )
    }
}

/// A dead letter of a failure that is over.
pub(super) const OLD_DEAD_LETTER: &str = "Nothing. If the dead letter of the failed restock is still in \
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
            let (meaning, action) = restock_ended(&restock.sku);
            (format!("restock {restock}"), meaning, action)
        }
        Work::Callback(order) => {
            let (meaning, action) =
                callback_ended(order, &Again { links, execution: &ended.execution });
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

fn restock_ended(sku: &Sku) -> (String, String) {
    let meaning = format!(
        "If the restock is still open, no other restock of {sku} can start until the sweep has closed it, \
         within the hour. After that, the sweep starts a new restock as long as {sku} is at or below its \
         reorder point. Goods that arrive for the orders of this restock are still credited."
    );
    let action =
        "Wait for the sweep. If it closes the restock, it leaves a dead letter and sends a mail.";
    (meaning, action.to_owned())
}

/// The quantity is only in the input of the execution, which EventBridge may leave out.
fn callback_ended(order: ProductionOrderId, again: &Again<'_>) -> (String, String) {
    let meaning = format!("The delivered units may not be in stock yet. {MAY_BE_RECORDED}");
    let again = again.command(order, "QUANTITY");
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
