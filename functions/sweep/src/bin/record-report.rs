//! Step `RecordReport` of the state machines `restock` and `sweep`.

use lambda_support::config::setting;
use sweep_workflow::record_report;
use warehouse::Warehouse;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::StartError> {
    let warehouse = Warehouse::open(iam_login::enable(setting("DATABASE_URL")?)?).await;
    lambda_support::run(async |told| record_report(&warehouse, told).await).await
}
