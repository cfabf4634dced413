//! Step `OpenRestock` of the `restock` state machine.

use lambda_support::config::setting;
use restock_workflow::open_restock;
use warehouse::Warehouse;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::StartError> {
    let warehouse = Warehouse::open(iam_login::enable(setting("DATABASE_URL")?)?).await;
    lambda_support::run(async |event| open_restock::handle(&warehouse, event).await).await
}
