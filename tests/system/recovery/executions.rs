//! Executions that end before their work does.

use factory_simulator::Fault;
use system::Settings;

use crate::callbacks;
use system_testkit::{
    callback::Callback, cloud::PATIENT, cloud::System, observe::FIRST, observe::SECOND,
    observe::task_errors,
};

/// The sweep takes what is a second old for abandoned.
const ABANDONED_SOON: Settings = Settings { restock_abandoned_seconds: 1, ..PATIENT };

/// The sweep takes what is a second old for forgotten.
const FORGOTTEN_SOON: Settings = Settings { arrival_forgotten_seconds: 1, ..PATIENT };

/// Waits for goods, and is stopped by hand.
async fn stopped(settings: Settings) -> (System, Callback) {
    let system = System::with(0, settings).await;
    let callback = callbacks::good::wait(&system).await;
    system.abort(&system.restocks(), FIRST).await;
    assert_eq!(system.totals().await.open_restocks, 1);
    (system, callback)
}

#[tokio::test]
async fn the_goods_of_an_execution_that_was_stopped_are_credited_and_close_its_restock() {
    let (system, callback) = stopped(PATIENT).await;
    assert_eq!(system.call_back(&callback).await, 202);
    let completions = system.completions();
    assert_eq!(system.output(&completions, &callback.order()).await["outcome"], "late");
    let history = system.history(&completions, &callback.order()).await;
    assert_eq!(task_errors(&history), ["Completion.TokenClosed"]);
    let totals = system.totals().await;
    assert_eq!((totals.stock, totals.completed_restocks, totals.open_restocks), (50, 1, 0));
    system.finish().await;
}

#[tokio::test]
async fn the_sweep_closes_a_restock_whose_execution_was_stopped_and_its_product_is_restocked() {
    let (system, callback) = stopped(ABANDONED_SOON).await;
    system.factory().behave().await.expect("a factory that behaves");
    let abandoned = async || system.totals().await.failed_restocks == 1;
    system.sweeps_until("the abandoned restock is closed", abandoned).await;
    assert_eq!(system.ended(&system.restocks(), SECOND).await, "SUCCEEDED");
    assert_eq!(system.totals().await.stock, 50);

    // The goods of the first order are real all the same.
    assert_eq!(system.call_back(&callback).await, 202);
    system.arrived(100).await;
    assert_eq!(system.totals().await.stock, 100);
    system.finish().await;
}

#[tokio::test]
async fn a_restock_that_is_young_is_left_alone_by_the_sweep() {
    let (system, callback) = callbacks::good::waiting().await;
    system.sweep().await;
    system.sweep().await;
    assert_eq!(system.call_back(&callback).await, 202);
    callbacks::good::is_restocked_with(&system, 50).await;
    assert_eq!(system.factory().requests(), 1);
    system.finish().await;
}

/// Its goods are recorded, and the execution that was to credit them is stopped.
async fn forgotten(settings: Settings) -> System {
    let system = System::with(0, settings).await;
    system.throttle("await-completion").await;
    system.factory_misbehaves_for(Fault::HoldsCallback, 1).await;
    system.find_sold_out().await;
    let callback = system.callback(1).await;
    assert_eq!(system.call_back(&callback).await, 202);
    let recorded = system.output(&system.completions(), &callback.order()).await;
    assert_eq!(recorded["outcome"], "early");
    system.abort(&system.restocks(), FIRST).await;
    system.unthrottle("await-completion").await;
    assert_eq!(system.totals().await.arrived, 0);
    system
}

#[tokio::test]
async fn goods_that_were_recorded_and_never_credited_are_credited_by_the_sweep() {
    let system = forgotten(FORGOTTEN_SOON).await;
    let credited = async || system.totals().await.arrived == 50;
    system.sweeps_until("the forgotten goods are credited", credited).await;
    let totals = system.totals().await;
    assert_eq!((totals.stock, totals.completed_restocks, totals.open_restocks), (50, 1, 0));
    assert_eq!(system.factory().requests(), 1, "nothing was ordered again");
    system.finish().await;
}

/// One sweep has credited the goods, which complete their restock, and nothing is ordered again.
async fn is_completed_by_a_sweep(system: System) {
    system.sweep().await;
    system.arrived(50).await;
    let totals = system.totals().await;
    assert_eq!((totals.completed_restocks, totals.failed_restocks), (1, 0));
    assert_eq!(system.call_back(&system.callback(1).await).await, 200);
    assert_eq!((system.totals().await.stock, system.factory().requests()), (50, 1));
    system.finish().await;
}

#[tokio::test]
async fn the_sweep_credits_forgotten_goods_before_it_closes_their_restock_as_abandoned() {
    let system = forgotten(PATIENT).await;
    system.restocks_grow_old().await;
    system.arrivals_grow_old().await;
    is_completed_by_a_sweep(system).await;
}

#[tokio::test]
async fn the_sweep_credits_goods_that_came_lately_before_it_closes_their_restock_as_abandoned() {
    let system = forgotten(PATIENT).await;
    system.restocks_grow_old().await;
    is_completed_by_a_sweep(system).await;
}
