//! The database is down when a restock is to be closed.

use factory_simulator::Fault;
use system::Settings;

use crate::callbacks::outage::with_its_own_server;
use system_testkit::{FIRST_RESTOCK, Orders, QUICK, System, entered_states};

const SETTINGS: Settings = Settings {
    await_completion_seconds: 3,
    restock_attempts: 1,
    restock_abandoned_seconds: 1,
    ..QUICK
};

/// A system whose restock waits for an order that gets no callback, and whose database is down.
async fn with_a_killed_database() -> System {
    let system = with_its_own_server(SETTINGS).await;
    system.set_fault(Fault::DropsCallback, Orders::All).await;
    system.buy_sold_out().await;
    system.wait_until_order_is_awaited(1).await;
    system.cloud.backing_services.database.as_ref().expect("its own server").kill().await;
    system
}

#[tokio::test]
async fn a_restock_that_could_not_be_closed_is_reported_and_closed_by_the_sweep() {
    let system = with_a_killed_database().await;
    system.lose_ends_of_restocks().await;
    system.hurry_retries().await;
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "FAILED");
    system.assert_reported("Database.Unavailable", 1, "restock CP-502101_1 failed").await;
    let mails = system.mails().await;
    assert!(mails[0].text.contains("unknown, because the step CloseRestock failed"), "{mails:?}");

    let server = system.cloud.backing_services.database.as_ref().expect("its own server");
    server.restart().await.expect("the server restarts");
    assert_eq!(system.totals().await.open_restocks, 1, "it could not be closed");
    system.clear_fault().await;
    system.backdate_restocks().await;
    let restocked = async || system.totals().await.stock == 50;
    system.sweep_until("the product is restocked", restocked).await;
    let totals = system.totals().await;
    assert_eq!((totals.failed_restocks, totals.completed_restocks), (1, 1));
    system.finish().await;
}

#[tokio::test]
async fn a_restock_is_closed_if_the_database_is_up_again_in_time() {
    let system = with_a_killed_database().await;
    system.wait_for_task_error(&system.restocks(), FIRST_RESTOCK, "Database.Unavailable").await;
    let server = system.cloud.backing_services.database.as_ref().expect("its own server");
    server.restart().await.expect("the server restarts");
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "FAILED");
    system.assert_reported("Restock.Exhausted", 2, "Restock.Exhausted").await;
    let history = system.history(&system.restocks(), FIRST_RESTOCK).await;
    assert_eq!(entered_states(&history)["CloseRestock"], 1);
    let totals = system.totals().await;
    assert_eq!((totals.failed_restocks, totals.open_restocks), (1, 0));
    system.finish().await;
}
