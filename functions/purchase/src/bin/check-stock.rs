//! The step `CheckStock` of the `purchase` machine.

use purchase_workflow::check_stock;
use step::config::setting;
use warehouse::Warehouse;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), step::StartError> {
    let warehouse = Warehouse::open(iam_login::enable(setting("DATABASE_URL")?)?).await;
    step::run(async |purchase| check_stock::handle(&warehouse, purchase).await).await
}
