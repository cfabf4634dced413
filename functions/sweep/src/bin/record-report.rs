//! Step `RecordReport` of the state machines `restock` and `sweep`.

use lambda_support::{StartError, config::setting};
use sweep_workflow::record_report;
use warehouse::Warehouse;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::RunError> {
    lambda_support::run(start().await, record_report).await
}

async fn start() -> Result<Warehouse, StartError> {
    Ok(Warehouse::open(iam_login::enable(setting("DATABASE_URL")?)?).await)
}
