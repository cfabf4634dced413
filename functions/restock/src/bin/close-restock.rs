//! Step `CloseRestock` of the state machines `restock` and `sweep`.

use lambda_support::config::setting;
use restock_workflow::close_restock;
use warehouse::Warehouse;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::StartError> {
    let warehouse = Warehouse::open(iam_login::enable(setting("DATABASE_URL")?)?).await;
    lambda_support::run(async |event| close_restock::handle(&warehouse, event).await).await
}
