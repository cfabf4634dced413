//! The step `CompleteTask` of the `completion` machine.

use completion_workflow::complete_task;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), step::StartError> {
    let client = door::step_functions(&door::aws().await);
    step::run(async |task| complete_task::handle(&client, task).await).await
}
