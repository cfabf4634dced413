//! Findings between the database and the executions or queues.

use super::{Remediation, RepairCommands, duration};
use crate::audit::runtime_finding::StalledRestock;

pub(super) fn restock_without_execution(
    stalled: &StalledRestock,
    commands: &RepairCommands,
) -> Remediation {
    let StalledRestock { sku, cycle, execution, status, seconds, closed_in } = stalled;
    let ended = match status {
        Some(status) => format!("has ended with status {status}"),
        None => "does not exist: it never started, or ended more than 90 days ago".to_owned(),
    };
    let what = format!(
        "{sku}: restock {cycle} has been open for {}, but its execution {execution} {ended}. Nothing \
         continues this restock.",
        duration(*seconds)
    );
    let overdue =
        if *closed_in > 0 { "" } else { " The sweep should have closed it: does the sweep run?" };
    let arrived = match status.as_deref() {
        Some("SUCCEEDED") => {
            "The database was probably restored. If another finding has a callback for an order of this restock, \
             process that callback first: it credits the goods and completes the restock. Otherwise:\n\n"
        }
        _ => "",
    };
    let repair = format!(
        "{arrived}Run the sweep now. It closes the restock, credits what has arrived, and requests a new restock if one is \
         still needed. Do not change the row by hand: goods that are on the way would be ordered again.{overdue}\n\n{}",
        commands.start_sweep()
    );
    Remediation::new(what, repair)
}

pub(super) fn restock_too_old(
    sku: &str,
    cycle: u32,
    execution: &str,
    seconds: i64,
    commands: &RepairCommands,
) -> Remediation {
    let what = format!(
        "{sku}: restock {cycle} has been open for {}, longer than an execution can run, but its execution \
         {execution} is still running.",
        duration(seconds)
    );
    let repair = format!(
        "Stop the execution. Then run the sweep, which closes the restock and requests a new one:\n\n{}\n{}",
        commands.stop_restock(execution),
        commands.start_sweep()
    );
    Remediation::new(what, repair)
}

pub(super) fn execution_without_restock(
    execution: &str,
    seconds: i64,
    commands: &RepairCommands,
) -> Remediation {
    let what = format!(
        "Execution {execution} has been running for {}, but has no open restock.",
        duration(seconds)
    );
    let repair = format!(
        "No action is needed: the execution sends no orders and ends by itself. To stop it now:\n\n{}",
        commands.stop_restock(execution)
    );
    Remediation::new(what, repair)
}

pub(super) fn unreported_failure(
    sku: &str,
    cycle: u32,
    execution: &str,
    failure: &str,
    commands: &RepairCommands,
) -> Remediation {
    let what = format!(
        "{sku}: restock {cycle} failed with {failure}, but execution {execution} could not send a dead letter \
         and a mail."
    );
    let repair = format!(
        "Find out why the restock failed. Check that the function `report`, the dead letter queue and SES \
         work. The sweep restocks {sku} if its stock is at or below the reorder point. To run the sweep \
         now:\n\n{}\n\n\
         The finding disappears when a later restock of {sku} succeeds.",
        commands.start_sweep()
    );
    Remediation::new(what, repair)
}

pub(super) fn unprocessed_callback(
    order: &str,
    execution: &str,
    input: &str,
    commands: &RepairCommands,
) -> Remediation {
    let what = format!(
        "The factory called back for production order {order}, but the arrival is not recorded. Execution \
         {execution} of `completion` failed, or the database was restored to a time before the callback."
    );
    let repair = format!(
        "The factory does not call back again. Process the callback once more:\n\n{}",
        commands.process_callback(order, input)
    );
    Remediation::new(what, repair)
}

pub(super) fn dead_letters(
    sku: &str,
    queued: (usize, u64),
    error: &str,
    commands: &RepairCommands,
) -> Remediation {
    let what = format!("{sku}: {}", in_queue(queued, error));
    let repair = format!(
        "Repair the cause. Then redrive the dead letters. A redrive orders only what is needed, so it is safe \
         if goods have arrived since:\n\n{}",
        commands.redrive(sku)
    );
    Remediation::new(what, repair)
}

pub(super) fn malformed_dead_letters(
    queued: (usize, u64),
    error: &str,
    commands: &RepairCommands,
) -> Remediation {
    let what = format!("Messages that are not valid depletions; {}", in_queue(queued, error));
    let repair = format!(
        "Read the messages. Send a corrected message to stock_queue for each, then delete the messages from \
         dead_letter_queue. To read them:\n\n{}",
        commands.list_dead_letters()
    );
    Remediation::new(what, repair)
}

pub(super) fn in_flight(hidden: &str, commands: &RepairCommands) -> Remediation {
    let repair = format!(
        "Wait until then, and run the audit again. Or show the dead letters then:\n\n{}",
        commands.list_dead_letters()
    );
    Remediation::new(format!("In dead_letter_queue, {hidden}."), repair)
}

fn in_queue((count, oldest_seconds): (usize, u64), error: &str) -> String {
    format!(
        "dead letters in dead_letter_queue: {count}. The oldest has been there for {}. The error of the latest: {error}.",
        duration(oldest_seconds)
    )
}

pub(super) fn late_sweep(seconds: Option<i64>, commands: &RepairCommands) -> Remediation {
    let last = match seconds {
        Some(seconds) => format!("last ran without failing {} ago", duration(seconds)),
        None => "has never run without failing".to_owned(),
    };
    let what = format!("The sweep, which repairs what was forgotten, {last}.");
    let repair = format!(
        "See how the latest sweeps ended. Check that the schedule `sweep` is enabled. Then run the sweep \
         now:\n\n{}\n{}",
        commands.list_sweeps(),
        commands.start_sweep()
    );
    Remediation::new(what, repair)
}
