//! Step `CloseRestock` of the state machines `restock` and `sweep`.

use lambda_support::{StartError, config::setting};
use restock_workflow::close_restock;
use warehouse::Warehouse;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::RunError> {
    lambda_support::run(start().await, close_restock::handle).await
}

async fn start() -> Result<Warehouse, StartError> {
    Ok(Warehouse::open(iam_login::enable(setting("DATABASE_URL")?)?).await)
}
