//! `restock record-lost-restock`: records again what an execution has ordered and a restored database has lost.

use anyhow::Result;
use clap::Args;
use operations::executions::Executions;
use warehouse::Change;

use super::changes::ChangeArguments;

/// Arguments of `restock record-lost-restock`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The execution of the state machine restock, such as CP-502101_3. `restock audit` names it.
    execution: String,
    #[command(flatten)]
    change: ChangeArguments,
}

/// Reads the orders in the history of the execution, and records those that the database does not have.
pub async fn run(Arguments { execution, change }: Arguments) -> Result<()> {
    let (outputs, _) = change.deployment.read().await?;
    let machines = outputs.clients().await.machines;
    let executions = Executions::of(machines, &outputs.restock_machine_arn);
    let sent = executions.sent_orders(&execution).await?;
    let done = format!("the orders of {execution} are recorded");
    change.make(Change::RecordSentOrders(sent), &done).await
}
