//! Consumer of `completion_queue`.

use aws::{CallbackKeys, Secrets, StateMachine};
use completion_workflow::receive_completion::{self, Receiver};
use lambda_support::{StartError, config::setting};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::RunError> {
    lambda_support::run(start().await, receive_completion::handle).await
}

async fn start() -> Result<Receiver, StartError> {
    let aws = aws::aws().await;
    let machine = setting("COMPLETION_MACHINE_ARN")?;
    Ok(Receiver {
        machine: StateMachine::new(aws::step_functions(&aws), machine),
        keys: CallbackKeys::read(Secrets::new(&aws), setting("CALLBACK_KEY_SECRETS")?).await,
    })
}
