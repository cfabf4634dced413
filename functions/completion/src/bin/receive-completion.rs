//! `POST /factory/completions/{production_order}`

use completion_workflow::receive_completion::{self, Receiver};
use door::StateMachine;
use step::config::setting;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), step::StartError> {
    let client = door::step_functions(&door::aws().await);
    let receiver = Receiver {
        machine: StateMachine::new(client, setting("COMPLETION_MACHINE_ARN")?),
        keys: setting("CALLBACK_KEYS")?,
    };
    step::run(async |request| receive_completion::handle(&receiver, request).await).await
}
