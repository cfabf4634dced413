//! `restock why SKU`: the history of a product's stock and what happens next. Changes nothing.

mod timeline;

use std::fmt::Write;

use anyhow::Result;
use deployment::outputs::Outputs;
use domain::Sku;
use warehouse::{
    DatabaseUrl,
    audit::{History, OpenRestock, Snapshot},
};

use crate::executions::Executions;

/// The history of a product as text, with every sale or with one line for consecutive sales.
pub async fn why(
    outputs: &Outputs,
    database: &DatabaseUrl,
    sku: &Sku,
    all: bool,
) -> Result<String> {
    let history = Snapshot::take(database).await?.history(sku).await?;
    let execution = match &history.open {
        Some(open) => execution_status(outputs, open).await,
        None => String::new(),
    };
    text(sku, &history, all, &execution)
}

fn text(sku: &Sku, history: &History, all: bool, execution: &str) -> Result<String> {
    let mut text = format!("{sku} ({}). Times are in UTC.\n\n", history.name);
    for line in timeline::lines(&history.events, all) {
        writeln!(text, "{line}")?;
    }
    writeln!(text, "\n{}\n{}", current(history), next(history, execution))?;
    Ok(text)
}

fn current(History { stock, ledger, .. }: &History) -> String {
    if stock == ledger {
        format!("Now: {stock} in stock, which is the sum of the ledger.")
    } else {
        format!(
            "Now: {stock} in stock, BUT THE SUM OF THE LEDGER IS {ledger}. `restock audit` prints the repair."
        )
    }
}

fn next(history: &History, execution: &str) -> String {
    let History { stock, reorder_point, .. } = history;
    match &history.open {
        Some(OpenRestock { cycle, seconds, attempts, .. }) => format!(
            "Next: restock {cycle} has been open for {} (production orders: {attempts}); {execution}.",
            humantime::format_duration(std::time::Duration::from_secs(seconds.unsigned_abs()))
        ),
        None if stock <= reorder_point => format!(
            "Next: the stock is at or below the reorder point of {reorder_point}. The next sweep requests a \
             restock within 5 minutes, unless a purchase has already requested one."
        ),
        None => format!("Next: nothing. The stock is above the reorder point of {reorder_point}."),
    }
}

/// Never fails: the rest of the text is useful without the status.
async fn execution_status(outputs: &Outputs, open: &OpenRestock) -> String {
    let machines = outputs.clients().await.machines;
    let executions = Executions::of(machines, &outputs.restock_machine_arn);
    let name = &open.execution;
    match executions.describe(name).await {
        Ok(Some(execution)) => format!("its execution {name} has status {}", execution.status()),
        Ok(None) => format!("its execution {name} does not exist"),
        Err(error) => format!("its execution {name} could not be read ({error:#})"),
    }
}
