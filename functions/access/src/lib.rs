//! The functions through which operators reach the database, which accepts only functions. No state machine and no queue
//! invokes them: the command `restock` does, with the credentials of its user.

use lambda_support::StepOutput;
use serde::Serialize;
use warehouse::{
    ChangeError, ChangeRequest, Changed, DatabaseUrl, ProductError, Warehouse,
    audit::{Answer, Question, Snapshot},
};

/// The output of `inspect-warehouse`.
#[derive(Debug, Serialize)]
pub struct Inspected {
    answer: Answer,
}

/// Answers a question about the database. Changes nothing: its database user may only read.
pub async fn inspect_warehouse(
    database: &DatabaseUrl,
    question: Question,
) -> Result<StepOutput<Inspected>, ProductError> {
    let mut snapshot = Snapshot::take(database).await?;
    let answer = question.ask(&mut snapshot).await?;
    Ok(StepOutput::new(Inspected { answer }, format!("answered {question:?}")))
}

/// Makes a change that an operator asks for, and records who asked for it and why.
pub async fn change_warehouse(
    warehouse: &Warehouse,
    request: ChangeRequest,
) -> Result<StepOutput<Changed>, ChangeError> {
    let changed = warehouse.change(&request).await?;
    let ChangeRequest { id, by, change, reason } = request;
    let again = if changed.repeated { ", which was made before" } else { "" };
    let sentence = format!("change {id} by {by}{again}: {change:?} ({reason})");
    Ok(StepOutput::new(changed, sentence))
}
