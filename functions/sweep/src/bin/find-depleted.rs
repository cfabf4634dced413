//! Steps `FindLeftBehind` and `FindDepleted` of the `sweep` state machine.

use lambda_support::{StartError, config::setting};
use sweep_workflow::find_depleted;
use warehouse::Warehouse;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::RunError> {
    lambda_support::run(start().await, find_depleted).await
}

async fn start() -> Result<Warehouse, StartError> {
    Ok(Warehouse::open(iam_login::enable(setting("DATABASE_URL")?)?).await)
}
