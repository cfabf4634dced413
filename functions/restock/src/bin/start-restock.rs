//! The consumer of `stock_queue`.

use door::StateMachine;
use restock_workflow::start_restock;
use step::config::setting;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), step::StartError> {
    let client = door::step_functions(&door::aws().await);
    let machine = StateMachine::new(client, setting("RESTOCK_MACHINE_ARN")?);
    step::run(async |batch| start_restock::handle(&machine, batch).await).await
}
