//! The `sweep` workflow: finds in the database what was lost elsewhere, and asks whether the executions of restocks still
//! run.

use aws::StateMachine;
use lambda_support::StepOutput;
use serde::{Deserialize, Serialize};
use warehouse::{ReportSubject, SweepRequest, SweepResult, Warehouse};

/// Lists forgotten arrivals, restocks that nothing may take care of, and products to restock. Changes nothing.
pub async fn find_depleted(
    warehouse: &Warehouse,
    request: SweepRequest,
) -> Result<StepOutput<SweepResult>, warehouse::Error> {
    let swept = warehouse.sweep(request).await?;
    let (oldest, unreadable) = (swept.oldest_open_seconds, swept.unreadable_rows);
    let to_restock = swept.depletions.len();
    let sentence = format!(
        "found {to_restock} products to restock, {} forgotten arrivals, {} restocks to check and \
         {unreadable} rows that cannot be read",
        swept.forgotten.len(),
        swept.unsettled.len()
    );
    Ok(StepOutput::new(swept, sentence)
        .counted("SweptDepletions", to_restock as u64)
        .counted("UnreadableRows", unreadable)
        .counted("OldestOpenRestockSeconds", oldest))
}

/// Names an execution of the `restock` state machine.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExecutionName {
    execution: String,
}

/// The output of `CheckExecution`.
#[derive(Debug, Serialize)]
pub struct CheckedExecution {
    /// `false` also if Step Functions does not know the execution.
    running: bool,
}

/// Asks whether the execution of a restock still runs.
pub async fn check_execution(
    restocks: &StateMachine,
    ExecutionName { execution }: ExecutionName,
) -> Result<StepOutput<CheckedExecution>, aws::Error> {
    let running = restocks.is_running(&execution).await?;
    let state = if running { "runs" } else { "does not run" };
    Ok(StepOutput::new(CheckedExecution { running }, format!("execution {execution} {state}"))
        .counted("RestocksAbandoned", u64::from(!running)))
}

/// The output of `RecordReport`: an object without fields.
#[derive(Debug, Serialize)]
pub struct Recorded {}

/// Records what operations were told of, after the report is on its way.
pub async fn record_report(
    warehouse: &Warehouse,
    told: ReportSubject,
) -> Result<StepOutput<Recorded>, warehouse::Error> {
    warehouse.record_report(&told).await?;
    let sentence = match told {
        ReportSubject::Restock { sku, execution } => {
            format!("recorded that operations were told of the restock of {sku} by {execution}")
        }
        ReportSubject::Unreadable(rows) => {
            format!("recorded that operations were told of {}", rows.join(", "))
        }
    };
    Ok(StepOutput::new(Recorded {}, sentence))
}
