//! Step `RecordArrival` of the `completion` state machine.

use completion_workflow::record_arrival;
use lambda_support::{StartError, config::setting};
use warehouse::Warehouse;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::RunError> {
    lambda_support::run(start().await, record_arrival::handle).await
}

async fn start() -> Result<Warehouse, StartError> {
    Ok(Warehouse::open(iam_login::enable(setting("DATABASE_URL")?)?).await)
}
