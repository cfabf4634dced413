//! The step `RecordArrival` of the `completion` machine.

use completion_workflow::record_arrival;
use step::config::setting;
use warehouse::Warehouse;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), step::StartError> {
    let warehouse = Warehouse::open(iam_login::enable(setting("DATABASE_URL")?)?).await;
    step::run(async |event| record_arrival::handle(&warehouse, event).await).await
}
