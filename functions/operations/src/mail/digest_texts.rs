//! The text of each mail about several reports.

use super::{Links, MENDED, MailTemplate, data_texts, queue_texts, texts};
use crate::report::{EndStatus, Kind};

/// What the mail says about `number` reports of this kind.
pub(super) fn template(kind: &Kind, number: usize, links: &Links) -> MailTemplate {
    match kind {
        Kind::RestockFailed { error } => restocks_failed(error, number, links),
        Kind::MessageRejected => messages_rejected(number, links),
        Kind::CallbackRefused => callbacks_refused(number, links),
        Kind::CompletionFailed { error } => completions_failed(error, number),
        Kind::Recovered => recovered(number),
        Kind::ArrivedAfterFailure => arrived_after_failure(number),
        Kind::ExecutionEnded { status, machine } => executions_ended(*status, machine, number),
        Kind::MessageUndelivered { queue } => messages_undelivered(queue, number, links),
        Kind::Unreadable => unreadable(number),
        Kind::LateArrival => late_arrivals(number),
        Kind::RowsUnreadable => rows_unreadable(number),
    }
}

fn restocks_failed(error: &str, number: usize, links: &Links) -> MailTemplate {
    MailTemplate::new(
        format!("{number} restocks failed: {error}"),
        format!(
            "{number} restocks failed with the same error. {}No delivery is expected.",
            texts::meaning(error)
        ),
    )
    .meaning(
        "The products may sell out. The sweep runs every few minutes and starts a new restock of each \
         product that is at or below its reorder point. You get a mail when a restock succeeds.",
    )
    .action(format!(
        "Find the cause in the errors below and fix it. If the factory caused the errors, contact the \
         factory. Then wait for the sweep, or start the new restocks yourself:\n\n    {}\n\n\
         The command moves all dead letters from dead_letter_queue to stock_queue.",
        links.redrive(None, MENDED)
    ))
    .fact("Error:", error)
}

fn messages_rejected(number: usize, links: &Links) -> MailTemplate {
    MailTemplate::new(
        format!("{number} messages in stock_queue are not valid depletions"),
        format!(
            "stock_queue received {number} messages that are not valid depletions. They were moved to \
             dead_letter_queue."
        ),
    )
    .meaning("These messages restock no product. Other messages are not affected.")
    .action(format!(
        "Find out who sent the messages. Send corrected messages to stock_queue, then delete these from \
         dead_letter_queue. A redrive leaves them in dead_letter_queue. To list them:\n\n    {} --dry-run",
        links.redrive_command
    ))
}

fn callbacks_refused(number: usize, links: &Links) -> MailTemplate {
    MailTemplate::new(
        format!("{number} callbacks were refused"),
        format!(
            "The factory sent {number} callbacks that cannot be counted. Nothing was credited to the \
             stock for them."
        ),
    )
    .meaning(texts::GOODS_OF_A_REFUSED_CALLBACK)
    .action(texts::ask_the_factory("these orders", &links.redrive(None, texts::NOTHING_DELIVERED)))
}

fn completions_failed(error: &str, number: usize) -> MailTemplate {
    MailTemplate::new(
        format!("{number} callbacks failed: {error}"),
        format!(
            "The factory sent {number} callbacks that could not be processed. {}",
            texts::meaning(error)
        ),
    )
    .meaning(format!("The goods may not be in stock yet. {}", texts::MAY_BE_RECORDED))
    .action(AUDIT_CALLBACKS)
    .fact("Error:", error)
}

/// The audit has the input of each execution, and with it the quantity.
const AUDIT_CALLBACKS: &str = "Fix the cause. Then run the audit (restock audit). For each callback whose arrival is not \
     recorded, it prints the command that processes the callback again.";

fn recovered(number: usize) -> MailTemplate {
    MailTemplate::new(
        format!("{number} restocks succeeded after failures"),
        format!("{number} restocks succeeded after earlier restocks of their products had failed."),
    )
    .meaning("Customers can buy the products below.")
    .action(texts::OLD_DEAD_LETTER)
}

fn arrived_after_failure(number: usize) -> MailTemplate {
    MailTemplate::new(
        format!("{number} arrivals came after their restocks had failed"),
        format!("Goods arrived for {number} orders of restocks that were reported as failed. They are in stock."),
    )
    .meaning("Customers can buy the products below.")
    .action(texts::OLD_DEAD_LETTER)
}

fn executions_ended(status: EndStatus, machine: &str, number: usize) -> MailTemplate {
    let error = status.error();
    MailTemplate::new(
        format!("{number} executions ended without a report: {error}"),
        format!(
            "{number} executions ended and could not report by themselves. For each: {}",
            error.meaning()
        ),
    )
    .meaning(
        "Restocks that are still open are closed by the sweep. Goods of callbacks that were not processed \
         may not be in stock yet.",
    )
    .action(AUDIT_CALLBACKS)
    .fact("Machine:", machine)
    .fact("Error:", error)
}

fn messages_undelivered(queue: &str, number: usize, links: &Links) -> MailTemplate {
    MailTemplate::new(
        format!("{number} messages in {queue} could not be handled"),
        format!(
            "{queue} delivered {number} messages too often without success. They were moved to \
             dead_letter_queue."
        ),
    )
    .meaning(queue_texts::meaning_of_undelivered(queue))
    .action(queue_texts::redrive_undelivered(queue, links))
    .fact("Queue:", queue)
}

fn unreadable(number: usize) -> MailTemplate {
    MailTemplate::new(
        format!("{number} messages in operations_queue are not reports"),
        format!(
            "operations_queue received {number} messages that are not reports of this release. They are \
             deleted when this mail is sent."
        ),
    )
    .meaning(queue_texts::UNREADABLE_MEANING)
    .action(queue_texts::UNREADABLE_ACTION)
}

fn late_arrivals(number: usize) -> MailTemplate {
    MailTemplate::new(
        format!("{number} arrivals came late"),
        format!(
            "The goods of {number} orders came after the restocks had stopped waiting for them. They are in \
             stock."
        ),
    )
    .meaning(
        "A restock that stops waiting orders again. If the factory stays this slow, the stock rises above its \
         target.",
    )
    .action(data_texts::LONGER_WAIT)
}

fn rows_unreadable(number: usize) -> MailTemplate {
    MailTemplate::new(
        format!("{number} sweeps found rows that cannot be read"),
        format!(
            "{number} sweeps found values in the database that the system does not allow. They skipped the \
             rows and did all other work."
        ),
    )
    .meaning(data_texts::SKIPPED)
    .action(data_texts::MEND_ROWS)
}
