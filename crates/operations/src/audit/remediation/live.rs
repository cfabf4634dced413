//! Findings between the database and what runs.

use super::{super::Orphan, Commands, Remediation, quoted, time};

pub(super) fn no_execution(orphan: &Orphan, commands: &Commands) -> Remediation {
    let Orphan { sku, cycle, execution, status, seconds, closed_in } = orphan;
    let ended = match status {
        Some(status) => format!("is {status}"),
        None => "is not there: it never was, or ended 90 days ago".to_owned(),
    };
    let what = format!(
        "{sku}: restock {cycle} is open for {}, and its execution {execution} {ended}. Nobody goes on with \
         it.",
        time(*seconds)
    );
    let waiting = if *closed_in > 0 {
        format!("The sweep closes it in {}, tells operations, and restocks it.", time(*closed_in))
    } else {
        "The sweep should have closed it: see whether it runs.".to_owned()
    };
    let repair = format!(
        "{waiting} Goods that come until then are credited. {}",
        close(sku, *cycle, commands)
    );
    Remediation::new(what, repair)
}

/// What the sweep does, done by hand.
fn close(sku: &str, cycle: u32, commands: &Commands) -> String {
    let sku = quoted(sku);
    format!(
        "To restock it now, close it and have the sweep look:\n\n\
         START TRANSACTION;\n\
         UPDATE product SET restock_cycle = {} WHERE sku = {sku} AND restock_cycle = {cycle};\n\
         UPDATE restock SET status = 'failed', failure = 'Restock.ClosedByHand',\n    \
         closed_at = CURRENT_TIMESTAMP(6) WHERE open_sku = {sku} AND cycle = {cycle};\n\
         COMMIT;\n\n{}",
        cycle.saturating_add(1),
        commands.sweep()
    )
}

pub(super) fn too_old(
    sku: &str,
    cycle: u32,
    execution: &str,
    seconds: i64,
    commands: &Commands,
) -> Remediation {
    let what = format!(
        "{sku}: restock {cycle} is open for {}, longer than an execution lives, and {execution} runs all \
         the same.",
        time(seconds)
    );
    let repair = format!(
        "Stop it, and have the sweep close its restock and open the next:\n\n{}\n{}",
        commands.stop(execution),
        commands.sweep()
    );
    Remediation::new(what, repair)
}

pub(super) fn idle(execution: &str, seconds: i64, commands: &Commands) -> Remediation {
    let what = format!(
        "Execution {execution} runs for {} and has no open restock: whatever it waits for is of no use.",
        time(seconds)
    );
    let repair = format!(
        "Nothing needs to be done: it ends by itself and orders nothing. To end it now:\n\n{}",
        commands.stop(execution)
    );
    Remediation::new(what, repair)
}

pub(super) fn untold(
    sku: &str,
    cycle: u32,
    execution: &str,
    failure: &str,
    commands: &Commands,
) -> Remediation {
    let what = format!(
        "{sku}: restock {cycle} failed with {failure}, and nobody was told: execution {execution} could \
         leave no dead letter and no mail."
    );
    let repair = format!(
        "See why it failed, and whether queue and mail work. The sweep restocks {sku} by itself when it is \
         depleted; to have it look now:\n\n{}\n\nThis is over when a restock has succeeded.",
        commands.sweep()
    );
    Remediation::new(what, repair)
}

pub(super) fn undealt(
    order: &str,
    execution: &str,
    input: &str,
    commands: &Commands,
) -> Remediation {
    let what = format!(
        "The factory called back for production order {order}, execution {execution} of completion failed, \
         and the goods are not recorded."
    );
    let repair = format!(
        "The factory does not call again. Deal with what it said once more:\n\n{}",
        commands.complete(order, input)
    );
    Remediation::new(what, repair)
}

pub(super) fn letters(
    sku: Option<&str>,
    letters: usize,
    oldest: u64,
    error: &str,
    commands: &Commands,
) -> Remediation {
    let what = format!(
        "{}: {letters} in dead_letter_queue, the oldest for {}; the latest failed with {error}.",
        sku.unwrap_or("Messages that are no depletion"),
        time(oldest)
    );
    let redrive = &commands.redrive;
    let repair = match sku {
        Some(sku) => format!(
            "When what failed is mended, move them back. That orders only what is needed, so it does no \
             harm where goods have come since:\n\n{redrive} --sku {sku}"
        ),
        None => format!(
            "See what they are, send to stock_queue what was meant, and delete them:\n\n{redrive} --dry-run"
        ),
    };
    Remediation::new(what, repair)
}

pub(super) fn late_sweep(seconds: Option<i64>, commands: &Commands) -> Remediation {
    let last = match seconds {
        Some(seconds) => format!("last looked {} ago", time(seconds)),
        None => "has never looked".to_owned(),
    };
    let what = format!("The sweep, which finds what was lost, {last}.");
    let repair = format!(
        "See how the latest ended, and whether the schedule `sweep` is enabled; then have it look \
         now:\n\n{}\n{}",
        commands.sweeps(),
        commands.sweep()
    );
    Remediation::new(what, repair)
}
