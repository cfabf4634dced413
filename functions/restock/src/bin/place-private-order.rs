//! Step `PlacePrivateOrder` of the `restock` state machine: for factories in a network to which the VPC has a route.

use domain::FactoryNetwork;
use restock_workflow::place_order;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::RunError> {
    lambda_support::run(place_order::start(FactoryNetwork::Private).await, place_order::handle)
        .await
}
