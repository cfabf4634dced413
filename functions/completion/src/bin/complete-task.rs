//! Step `CompleteTask` of the `completion` state machine.

use completion_workflow::complete_task;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::StartError> {
    let client = aws::step_functions(&aws::aws().await);
    lambda_support::run(async |task| complete_task::handle(&client, task).await).await
}
