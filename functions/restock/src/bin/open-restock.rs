//! The step `OpenRestock` of the `restock` machine.

use restock_workflow::open_restock;
use step::config::setting;
use warehouse::Warehouse;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), step::StartError> {
    let warehouse = Warehouse::open(iam_login::enable(setting("DATABASE_URL")?)?).await;
    step::run(async |event| open_restock::handle(&warehouse, event).await).await
}
