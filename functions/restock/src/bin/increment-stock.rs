//! The step `IncrementStock` of the machines `restock` and `completion`.

use restock_workflow::increment_stock;
use step::config::setting;
use warehouse::Warehouse;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), step::StartError> {
    let warehouse = Warehouse::open(iam_login::enable(setting("DATABASE_URL")?)?).await;
    step::run(async |event| increment_stock::handle(&warehouse, event).await).await
}
