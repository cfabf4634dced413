//! The step `FindDepleted` of the `sweep` machine.

use step::config::setting;
use sweep_workflow::find_depleted;
use warehouse::Warehouse;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), step::StartError> {
    let warehouse = Warehouse::open(iam_login::enable(setting("DATABASE_URL")?)?).await;
    step::run(async |deadlines| find_depleted(&warehouse, deadlines).await).await
}
