//! Consumer of `completion_queue`.

use aws::StateMachine;
use completion_workflow::receive_completion::{self, Receiver};
use lambda_support::config::setting;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::StartError> {
    let client = aws::step_functions(&aws::aws().await);
    let receiver = Receiver {
        machine: StateMachine::new(client, setting("COMPLETION_MACHINE_ARN")?),
        keys: setting("CALLBACK_KEYS")?,
    };
    lambda_support::run(async |batch| receive_completion::handle(&receiver, batch).await).await
}
