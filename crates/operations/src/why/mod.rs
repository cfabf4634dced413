//! `restock why SKU`: the history of a product's stock and what happens next. Changes nothing.

mod account;
mod timeline;

use std::{collections::BTreeMap, fmt::Write, time::Duration};

use anyhow::Result;
use deployment::outputs::Outputs;
use domain::Sku;
use terminal::zone::Zone;
use warehouse::audit::{History, OpenRestock};

use account::Account;

use crate::{access::WarehouseAccess, executions::Executions};

/// The accounts of executions by restock cycle, or why an execution could not be read.
type Accounts = BTreeMap<u32, Result<Account, String>>;

/// The history of a product as text, with every sale or with one line for consecutive sales.
pub async fn why(
    outputs: &Outputs,
    warehouse: &WarehouseAccess,
    sku: &Sku,
    all: bool,
    zone: &Zone,
) -> Result<String> {
    let history = warehouse.history(sku).await?;
    let machines = outputs.clients().await.machines;
    let executions = Executions::of(machines, &outputs.restock_machine_arn);
    let accounts = account::accounts(&executions, &history.events).await;
    text(sku, &history, all, &accounts, zone)
}

fn text(
    sku: &Sku,
    history: &History,
    all: bool,
    accounts: &Accounts,
    zone: &Zone,
) -> Result<String> {
    let made = made_by(history);
    let mut text =
        format!("{sku} ({}), made by {made}. Times are in {}.\n\n", history.name, zone.name());
    if history.left_out > 0 {
        writeln!(text, "{} older movements of the stock are not shown.", history.left_out)?;
    }
    for line in timeline::lines(&history.events, all, accounts, zone) {
        writeln!(text, "{line}")?;
    }
    writeln!(text, "\n{}\n{}", current(history), next(history, accounts))?;
    Ok(text)
}

/// The factory, the lead time that it promises, and whom to ask.
fn made_by(History { factory, lead_time_seconds, contact, .. }: &History) -> String {
    let seconds = lead_time_seconds.map(|seconds| Duration::from_secs(seconds.into()));
    let promised = seconds.map(|seconds| format!(" in {}", humantime::format_duration(seconds)));
    let contact = contact.as_deref().unwrap_or("nobody is named");
    format!("{factory}{} (contact: {contact})", promised.unwrap_or_default())
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

fn next(history: &History, accounts: &Accounts) -> String {
    let History { stock, reorder_point, .. } = history;
    match &history.open {
        Some(open) => open_restock(open, accounts),
        None if stock <= reorder_point => format!(
            "Next: the stock is at or below the reorder point of {reorder_point}. The next sweep requests a \
             restock within 5 minutes, unless a purchase has already requested one."
        ),
        None => format!("Next: nothing. The stock is above the reorder point of {reorder_point}."),
    }
}

fn open_restock(open: &OpenRestock, accounts: &Accounts) -> String {
    let OpenRestock { cycle, seconds, attempts, execution, .. } = open;
    let open_for = humantime::format_duration(Duration::from_secs(seconds.unsigned_abs()));
    let doing = match accounts.get(cycle) {
        Some(Ok(account)) => doing(execution, account),
        Some(Err(sentence)) => sentence.clone(),
        None => format!("its execution {execution} was not read"),
    };
    format!(
        "Next: restock {cycle} has been open for {open_for} (production orders: {attempts}); {doing}."
    )
}

/// Only the state `AwaitCompletion` waits for the factory. An order that is being placed may still fail.
fn doing(execution: &str, account: &Account) -> String {
    let Account { status, state, .. } = account;
    let last = account.failures().last();
    match (status.as_str(), state.as_str()) {
        ("RUNNING", "AwaitCompletion") => {
            format!("its execution {execution} waits for the callback of the factory")
        }
        ("RUNNING", state) => match last {
            Some(error) => format!("its execution {execution} is in {state} after {error}"),
            None => format!("its execution {execution} is in {state}"),
        },
        (status, _) => format!(
            "its execution {execution} has ended with status {status}. The sweep closes the restock; run \
             `restock audit` for the command"
        ),
    }
}
