//! Consumer of `stock_queue`.

use aws::StateMachine;
use lambda_support::{StartError, config::setting};
use restock_workflow::start_restock;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::RunError> {
    lambda_support::run(start().await, start_restock::handle).await
}

async fn start() -> Result<StateMachine, StartError> {
    let client = aws::step_functions(&aws::aws().await);
    Ok(StateMachine::new(client, setting("RESTOCK_MACHINE_ARN")?))
}
