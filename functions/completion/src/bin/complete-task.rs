//! Step `CompleteTask` of the `completion` state machine.

use completion_workflow::complete_task;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::RunError> {
    let client = aws::step_functions(&aws::aws().await);
    lambda_support::run(Ok(client), complete_task::handle).await
}
