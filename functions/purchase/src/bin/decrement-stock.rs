//! Step `DecrementStock` of the `purchase` state machine.

use lambda_support::config::setting;
use purchase_workflow::decrement_stock;
use warehouse::Warehouse;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::StartError> {
    let warehouse = Warehouse::open(iam_login::enable(setting("DATABASE_URL")?)?).await;
    lambda_support::run(async |purchase| decrement_stock::handle(&warehouse, purchase).await).await
}
