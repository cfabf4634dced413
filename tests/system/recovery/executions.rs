//! Executions that end before their work is done.

use factory_simulator::Fault;
use system::Settings;

use crate::callbacks;
use system_testkit::{
    Callback, FIRST_RESTOCK, LONG_WAIT, Orders, SECOND_RESTOCK, System, task_errors,
};

/// A restock that is open for a second is abandoned.
const ABANDONED_SOON: Settings = Settings { restock_abandoned_seconds: 1, ..LONG_WAIT };

/// An arrival that is not credited for a second is forgotten.
const FORGOTTEN_SOON: Settings = Settings { arrival_forgotten_seconds: 1, ..LONG_WAIT };

/// A system whose first restock was stopped during its wait, without a sweep at once, and the callback for its goods.
async fn stopped(settings: Settings) -> (System, Callback) {
    let system = System::with(0, settings).await;
    system.lose_ends_of_restocks().await;
    let callback = callbacks::good::wait_for_goods(&system).await;
    system.abort(&system.restocks(), FIRST_RESTOCK).await;
    assert_eq!(system.totals().await.open_restocks, 1);
    (system, callback)
}

#[tokio::test]
async fn the_goods_of_a_stopped_execution_are_credited_and_complete_its_restock() {
    let (system, callback) = stopped(LONG_WAIT).await;
    assert_eq!(system.call_back(&callback).await, 200);
    let completions = system.completions();
    assert_eq!(system.output(&completions, &callback.order()).await["outcome"], "late");
    let history = system.history(&completions, &callback.order()).await;
    assert_eq!(task_errors(&history), ["Completion.TokenClosed"]);
    let totals = system.totals().await;
    assert_eq!((totals.stock, totals.completed_restocks, totals.open_restocks), (50, 1, 0));
    system.finish().await;
}

#[tokio::test]
async fn the_sweep_closes_the_restock_of_a_stopped_execution_and_the_product_is_restocked() {
    let (system, callback) = stopped(ABANDONED_SOON).await;
    system.clear_fault().await;
    system.backdate_restocks().await;
    let abandoned = async || system.totals().await.failed_restocks == 1;
    system.sweep_until("the abandoned restock is closed", abandoned).await;
    assert_eq!(system.final_status(&system.restocks(), SECOND_RESTOCK).await, "SUCCEEDED");
    assert_eq!(system.totals().await.stock, 50);

    // The goods of the first order exist, so they are credited.
    assert_eq!(system.call_back(&callback).await, 200);
    system.wait_for_arrivals(100).await;
    assert_eq!(system.totals().await.stock, 100);
    system.finish().await;
}

#[tokio::test]
async fn the_sweep_leaves_a_restock_alone_whose_execution_runs_however_old_it_is() {
    let (system, callback) = callbacks::good::waiting().await;
    system.backdate_restocks().await;
    for _ in 0..2 {
        system.sweep().await;
        let totals = system.totals().await;
        assert_eq!((totals.open_restocks, totals.failed_restocks), (1, 0), "{totals:?}");
    }
    assert_eq!(system.restock_names().await, [FIRST_RESTOCK], "nothing was ordered again");
    assert_eq!(system.call_back(&callback).await, 200);
    callbacks::good::assert_restocked_with(&system, 50).await;
    assert_eq!(system.factory().requests(), 1);
    system.finish().await;
}

/// A system with recorded goods whose execution was stopped before it could credit them.
async fn with_a_forgotten_arrival(settings: Settings) -> System {
    let system = System::with(0, settings).await;
    system.lose_ends_of_restocks().await;
    with_an_early_arrival(&system).await;
    system.abort(&system.restocks(), FIRST_RESTOCK).await;
    system.unthrottle(&["await-completion"]).await;
    assert_eq!(system.totals().await.arrived, 0);
    system
}

/// The goods of the first restock are recorded, and its execution cannot begin to wait for them.
async fn with_an_early_arrival(system: &System) {
    system.throttle(&["await-completion"]).await;
    system.set_fault(Fault::HoldsCallback, Orders::Next(1)).await;
    system.buy_sold_out().await;
    let callback = system.callback(1).await;
    assert_eq!(system.call_back(&callback).await, 200);
    let recorded = system.output(&system.completions(), &callback.order()).await;
    assert_eq!(recorded["outcome"], "early");
}

#[tokio::test]
async fn goods_that_were_recorded_are_credited_as_soon_as_the_execution_of_their_restock_ends() {
    let system = System::with(0, LONG_WAIT).await;
    with_an_early_arrival(&system).await;
    system.abort(&system.restocks(), FIRST_RESTOCK).await;
    system.wait_for_arrivals(50).await;
    let totals = system.totals().await;
    assert_eq!((totals.completed_restocks, totals.failed_restocks), (1, 0));
    system.unthrottle(&["await-completion"]).await;
    system.finish().await;
}

/// A database that is away for a minute while an order is placed has this effect.
#[tokio::test]
async fn goods_of_a_restock_that_could_be_neither_awaited_nor_closed_are_credited_by_the_sweep() {
    let system = System::with(0, LONG_WAIT).await;
    system.set_fault(Fault::HoldsCallback, Orders::Next(1)).await;
    system.throttle_and_hurry_retries(&["await-completion", "close-restock"]).await;
    system.buy_sold_out().await;
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "FAILED");
    let callback = system.callback(1).await;
    assert_eq!(system.call_back(&callback).await, 200);
    let recorded = system.output(&system.completions(), &callback.order()).await;
    assert_eq!(recorded["outcome"], "early");
    system.unthrottle(&["await-completion", "close-restock"]).await;
    system.backdate_restocks().await;
    system.sweep().await;
    system.wait_for_arrivals(50).await;
    let totals = system.totals().await;
    assert_eq!((totals.stock, totals.completed_restocks, totals.open_restocks), (50, 1, 0));
    assert_eq!(system.factory().requests(), 1, "nothing was ordered again");
    system.finish().await;
}

#[tokio::test]
async fn the_sweep_credits_goods_that_were_recorded_and_never_credited() {
    let system = with_a_forgotten_arrival(FORGOTTEN_SOON).await;
    let credited = async || system.totals().await.arrived == 50;
    system.sweep_until("the forgotten goods are credited", credited).await;
    let totals = system.totals().await;
    assert_eq!((totals.stock, totals.completed_restocks, totals.open_restocks), (50, 1, 0));
    assert_eq!(system.factory().requests(), 1, "nothing was ordered again");
    system.finish().await;
}

/// One sweep credits the goods, which complete their restock. Nothing is ordered again.
async fn assert_one_sweep_completes(system: System) {
    system.sweep().await;
    system.wait_for_arrivals(50).await;
    let totals = system.totals().await;
    assert_eq!((totals.completed_restocks, totals.failed_restocks), (1, 0));
    assert_eq!(system.call_back(&system.callback(1).await).await, 200);
    assert_eq!((system.totals().await.stock, system.factory().requests()), (50, 1));
    system.finish().await;
}

#[tokio::test]
async fn the_sweep_credits_forgotten_goods_before_it_closes_their_restock_as_abandoned() {
    let system = with_a_forgotten_arrival(LONG_WAIT).await;
    system.backdate_restocks().await;
    system.backdate_arrivals().await;
    assert_one_sweep_completes(system).await;
}

#[tokio::test]
async fn the_sweep_credits_recent_goods_before_it_closes_their_restock_as_abandoned() {
    let system = with_a_forgotten_arrival(LONG_WAIT).await;
    system.backdate_restocks().await;
    assert_one_sweep_completes(system).await;
}
