//! Step `CheckExecution` of the `sweep` state machine.

use aws::StateMachine;
use lambda_support::config::setting;
use sweep_workflow::check_execution;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::StartError> {
    let client = aws::step_functions(&aws::aws().await);
    let restocks = StateMachine::new(client, setting("RESTOCK_MACHINE_ARN")?);
    lambda_support::run(async |execution| check_execution(&restocks, execution).await).await
}
