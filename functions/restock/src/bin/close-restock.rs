//! The step `CloseRestock` of the `restock` machine.

use restock_workflow::close_restock;
use step::config::setting;
use warehouse::Warehouse;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), step::StartError> {
    let warehouse = Warehouse::open(iam_login::enable(setting("DATABASE_URL")?)?).await;
    step::run(async |event| close_restock::handle(&warehouse, event).await).await
}
