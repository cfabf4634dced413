//! Consumer of `completion_queue`.

use aws::StateMachine;
use completion_workflow::receive_completion::{self, Receiver};
use lambda_support::{StartError, config::setting};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::RunError> {
    lambda_support::run(start().await, receive_completion::handle).await
}

async fn start() -> Result<Receiver, StartError> {
    let client = aws::step_functions(&aws::aws().await);
    Ok(Receiver {
        machine: StateMachine::new(client, setting("COMPLETION_MACHINE_ARN")?),
        keys: setting("CALLBACK_KEYS")?,
    })
}
