//! Step `IncrementStock` of the state machines `restock`, `completion` and `sweep`.

use lambda_support::{StartError, config::setting};
use restock_workflow::increment_stock;
use warehouse::Warehouse;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::RunError> {
    lambda_support::run(start().await, increment_stock::handle).await
}

async fn start() -> Result<Warehouse, StartError> {
    Ok(Warehouse::open(iam_login::enable(setting("DATABASE_URL")?)?).await)
}
