//! A function that Lambda freezes between two invocations.

use std::time::Duration;

use tokio::time::sleep;

use system_testkit::{LONG_WAIT, System};

/// How long a frozen function may be left with a connection that nobody uses.
const FROZEN: Duration = Duration::from_secs(8);

#[tokio::test]
async fn sales_api_has_no_connection_to_aws_while_it_is_frozen_and_sells_afterwards() {
    let system = System::with(20, LONG_WAIT).await;
    assert_eq!(system.buy("before").await.outcome(), "sold");
    let mut running = system.function_processes();
    running.retain(|process| process.name == "sales-api");
    let [sales_api] = running.as_slice() else { panic!("one process: {running:?}") };

    let paused = sales_api.pause().await.expect("sales-api runs");
    // Its only connection waits for the next invocation.
    assert!(sales_api.is_connected_to(sales_api.runtime_api_port()));
    let port = system.cloud.endpoint().rsplit(':').next().expect("a port");
    let port = port.parse().expect("a number");
    assert!(!sales_api.is_connected_to(port), "the connection may be lost before it is used");
    sleep(FROZEN).await;
    drop(paused);

    let answer = system.buy("after").await;
    assert_eq!((answer.status.as_u16(), answer.outcome()), (200, "sold"), "{answer:?}");
    system.finish().await;
}
