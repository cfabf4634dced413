//! A database that is away when a restock should be closed.

use factory_simulator::Fault;
use system::Settings;

use crate::callbacks::outage::with_its_own_server;
use system_testkit::{cloud::QUICK, cloud::System, observe::FIRST, observe::entered};

const SETTINGS: Settings = Settings {
    await_completion_seconds: 3,
    restock_attempts: 1,
    restock_abandoned_seconds: 1,
    ..QUICK
};

/// The factory has the order, calls nobody back, and the database is gone.
async fn with_a_dead_database() -> System {
    let system = with_its_own_server(SETTINGS).await;
    system.factory_misbehaves(Fault::DropsCallback).await;
    system.find_sold_out().await;
    system.waits_for_order(1).await;
    system.cloud.backing_services.database.as_ref().expect("a server of its own").kill().await;
    system
}

#[tokio::test]
async fn a_restock_that_could_not_be_closed_is_reported_and_closed_by_the_sweep() {
    let system = with_a_dead_database().await;
    system.hurry_retries().await;
    assert_eq!(system.ended(&system.restocks(), FIRST).await, "FAILED");
    system.operations_are_told("Database.Unavailable", 1, "restock CP-502101_1 failed").await;
    let mails = system.mails().await;
    assert!(mails[0].text.contains("unknown: the database could not be reached"), "{mails:?}");

    let server = system.cloud.backing_services.database.as_ref().expect("a server of its own");
    server.restart().await.expect("the server is back");
    assert_eq!(system.totals().await.open_restocks, 1, "nobody could close it");
    system.factory().behave().await.expect("a factory that behaves");
    let restocked = async || system.totals().await.stock == 50;
    system.sweeps_until("the product is restocked", restocked).await;
    let totals = system.totals().await;
    assert_eq!((totals.failed_restocks, totals.completed_restocks), (1, 1));
    system.finish().await;
}

#[tokio::test]
async fn a_restock_is_closed_when_the_database_comes_back_in_time() {
    let system = with_a_dead_database().await;
    system.fails_in_a_task(&system.restocks(), FIRST, "Database.Unavailable").await;
    let server = system.cloud.backing_services.database.as_ref().expect("a server of its own");
    server.restart().await.expect("the server is back");
    assert_eq!(system.ended(&system.restocks(), FIRST).await, "FAILED");
    system.operations_are_told("Restock.Exhausted", 2, "Restock.Exhausted").await;
    let history = system.history(&system.restocks(), FIRST).await;
    assert_eq!(entered(&history)["CloseRestock"], 1);
    let totals = system.totals().await;
    assert_eq!((totals.failed_restocks, totals.open_restocks), (1, 0));
    system.finish().await;
}
