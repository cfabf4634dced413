//! Step `PlaceOrder` of the `restock` state machine: for factories on the Internet.

use domain::FactoryNetwork;
use restock_workflow::place_order;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::RunError> {
    lambda_support::run(place_order::start(FactoryNetwork::Public).await, place_order::handle).await
}
