//! Step `RecordArrival` of the `completion` state machine.

use completion_workflow::record_arrival;
use lambda_support::config::setting;
use warehouse::Warehouse;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::StartError> {
    let warehouse = Warehouse::open(iam_login::enable(setting("DATABASE_URL")?)?).await;
    lambda_support::run(async |event| record_arrival::handle(&warehouse, event).await).await
}
