//! The step `AwaitCompletion` of the `restock` machine.

use restock_workflow::await_completion;
use step::config::setting;
use warehouse::Warehouse;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), step::StartError> {
    let warehouse = Warehouse::open(iam_login::enable(setting("DATABASE_URL")?)?).await;
    step::run(async |event| await_completion::handle(&warehouse, event).await).await
}
