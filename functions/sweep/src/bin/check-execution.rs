//! Step `CheckExecution` of the `sweep` state machine.

use aws::StateMachine;
use lambda_support::{StartError, config::setting};
use sweep_workflow::check_execution;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::RunError> {
    lambda_support::run(start().await, check_execution).await
}

async fn start() -> Result<StateMachine, StartError> {
    let client = aws::step_functions(&aws::aws().await);
    Ok(StateMachine::new(client, setting("RESTOCK_MACHINE_ARN")?))
}
