//! Steps `FindLeftBehind` and `FindDepleted` of the `sweep` state machine.

use lambda_support::config::setting;
use sweep_workflow::find_depleted;
use warehouse::Warehouse;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::StartError> {
    let warehouse = Warehouse::open(iam_login::enable(setting("DATABASE_URL")?)?).await;
    lambda_support::run(async |request| find_depleted(&warehouse, request).await).await
}
