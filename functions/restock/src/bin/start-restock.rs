//! Consumer of `stock_queue`.

use aws::StateMachine;
use lambda_support::config::setting;
use restock_workflow::start_restock;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::StartError> {
    let client = aws::step_functions(&aws::aws().await);
    let machine = StateMachine::new(client, setting("RESTOCK_MACHINE_ARN")?);
    lambda_support::run(async |batch| start_restock::handle(&machine, batch).await).await
}
