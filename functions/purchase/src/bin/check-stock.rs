//! Step `CheckStock` of the `purchase` state machine.

use lambda_support::config::setting;
use purchase_workflow::check_stock;
use warehouse::Warehouse;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::StartError> {
    let warehouse = Warehouse::open(iam_login::enable(setting("DATABASE_URL")?)?).await;
    lambda_support::run(async |purchase| check_stock::handle(&warehouse, purchase).await).await
}
