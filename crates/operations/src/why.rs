//! `restock why SKU`: how a product's stock came to be what it is, and what comes next. It changes nothing.

mod story;

use std::fmt::Write;

use anyhow::Result;
use deployment::outputs::Outputs;
use domain::Sku;
use warehouse::{
    DatabaseUrl,
    audit::{History, Open, Snapshot},
};

use crate::executions::Executions;

/// Reads the product's history and says it in text.
pub async fn why(
    outputs: &Outputs,
    database: &DatabaseUrl,
    sku: &Sku,
    all: bool,
) -> Result<String> {
    let history = Snapshot::take(database).await?.history(sku).await?;
    let execution = match &history.open {
        Some(open) => status(outputs, open).await,
        None => String::new(),
    };
    told(sku, &history, all, &execution)
}

/// The whole story: what happened, what is, and what comes next.
pub fn told(sku: &Sku, history: &History, all: bool, execution: &str) -> Result<String> {
    let mut text = format!("{sku} {}. Times are UTC.\n\n", history.name);
    for line in story::lines(&history.events, all) {
        writeln!(text, "{line}")?;
    }
    writeln!(text, "\n{}\n{}", sum(history), next(history, execution))?;
    Ok(text)
}

fn sum(History { stock, ledger, .. }: &History) -> String {
    if stock == ledger {
        format!("Now: {stock} in stock, and that is what all of it adds up to.")
    } else {
        format!(
            "Now: {stock} in stock, AND ALL OF IT ADDS UP TO {ledger}: `restock audit` says how to repair \
             it."
        )
    }
}

fn next(history: &History, execution: &str) -> String {
    let History { stock, reorder_point, .. } = history;
    match &history.open {
        Some(Open { cycle, seconds, attempts, .. }) => format!(
            "Next: restock {cycle} is open for {}, order {attempts} of it is waited for; {execution}.",
            humantime::format_duration(std::time::Duration::from_secs(seconds.unsigned_abs()))
        ),
        None if stock <= reorder_point => format!(
            "Next: depleted (the reorder point is {reorder_point}): if no purchase has asked for a restock, \
             the next sweep does, within 5 minutes."
        ),
        None => format!("Next: nothing; it is above the reorder point of {reorder_point}."),
    }
}

/// That it cannot be looked at is no reason not to tell the rest.
async fn status(outputs: &Outputs, open: &Open) -> String {
    let machines = outputs.clients().await.machines;
    let executions = Executions::of(machines, &outputs.restock_machine_arn);
    let name = &open.execution;
    match executions.describe(name).await {
        Ok(Some(execution)) => format!("its execution {name} is {}", execution.status()),
        Ok(None) => format!("its execution {name} is not there"),
        Err(error) => format!("its execution {name} could not be looked at ({error:#})"),
    }
}
