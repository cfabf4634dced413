//! Step `CheckStock` of the `purchase` state machine.

use lambda_support::{StartError, config::setting};
use purchase_workflow::check_stock;
use warehouse::Warehouse;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::RunError> {
    lambda_support::run(start().await, check_stock::handle).await
}

async fn start() -> Result<Warehouse, StartError> {
    Ok(Warehouse::open(iam_login::enable(setting("DATABASE_URL")?)?).await)
}
