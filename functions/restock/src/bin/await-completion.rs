//! Step `AwaitCompletion` of the `restock` state machine.

use lambda_support::config::setting;
use restock_workflow::await_completion;
use warehouse::Warehouse;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::StartError> {
    let warehouse = Warehouse::open(iam_login::enable(setting("DATABASE_URL")?)?).await;
    lambda_support::run(async |event| await_completion::handle(&warehouse, event).await).await
}
