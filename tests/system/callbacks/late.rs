//! Callbacks that nobody waits for any more: the goods are real, so they are counted.

use factory_simulator::Fault;
use operations::executions::Executions;
use system::Settings;

use system_testkit::{
    cloud::QUICK, cloud::System, observe::BRISK, observe::FIRST, observe::entered,
    observe::task_errors,
};

/// One attempt, for which nobody waits long.
const IMPATIENT: Settings = Settings { await_completion_seconds: 1, restock_attempts: 1, ..QUICK };

/// Long enough for two callbacks while the second order is waited for.
const UNHURRIED: Settings = Settings { await_completion_seconds: 8, ..QUICK };

/// The factory calls nobody back, and a second order is waited for.
async fn with_two_orders(settings: Settings) -> System {
    let system = System::with(0, settings).await;
    system.factory_misbehaves(Fault::HoldsCallback).await;
    system.find_sold_out().await;
    system.waits_for_order(2).await;
    system
}

async fn outcome(system: &System, completions: &Executions, order: usize) -> String {
    let name = system.callback(order).await.order();
    system.output(completions, &name).await["outcome"].as_str().expect("an outcome").to_owned()
}

#[tokio::test]
async fn goods_of_an_order_that_was_given_up_are_credited_at_once_and_those_of_the_next_too() {
    let system = with_two_orders(UNHURRIED).await;
    assert_eq!(system.call_back(&system.callback(1).await).await, 202);
    system.arrived(50).await;
    let totals = system.totals().await;
    assert_eq!((totals.open_restocks, totals.completed_restocks), (1, 0), "{totals:?}");

    assert_eq!(system.call_back(&system.callback(2).await).await, 202);
    system.arrived(100).await;
    assert_eq!(system.ended(&system.restocks(), FIRST).await, "SUCCEEDED");
    assert_eq!(outcome(&system, &system.completions(), 1).await, "late");
    let totals = system.totals().await;
    assert_eq!((totals.stock, totals.completed_restocks, totals.failed_restocks), (100, 1, 0));
    assert!(system.mails().await.is_empty(), "nothing has failed");
    system.finish().await;
}

#[tokio::test]
async fn goods_of_the_second_order_close_the_restock_and_those_of_the_first_are_credited_after() {
    let system = with_two_orders(UNHURRIED).await;
    assert_eq!(system.call_back(&system.callback(2).await).await, 202);
    assert_eq!(system.ended(&system.restocks(), FIRST).await, "SUCCEEDED");
    let totals = system.totals().await;
    assert_eq!((totals.arrived, totals.completed_restocks), (50, 1));

    assert_eq!(system.call_back(&system.callback(1).await).await, 202);
    system.arrived(100).await;
    assert_eq!(outcome(&system, &system.completions(), 1).await, "late");
    let totals = system.totals().await;
    assert_eq!((totals.stock, totals.completed_restocks, totals.open_restocks), (100, 1, 0));
    assert!(system.mails().await.is_empty(), "nothing has failed");
    system.finish().await;
}

#[tokio::test]
async fn goods_of_the_first_order_are_enough_when_those_of_the_second_never_come() {
    let system = with_two_orders(BRISK).await;
    assert_eq!(system.call_back(&system.callback(1).await).await, 202);
    system.arrived(50).await;
    assert_eq!(system.ended(&system.restocks(), FIRST).await, "SUCCEEDED");
    let totals = system.totals().await;
    assert_eq!((totals.stock, totals.completed_restocks, totals.failed_restocks), (50, 1, 0));
    assert_eq!(system.factory().requests(), 2);
    system.finish().await;
}

#[tokio::test]
async fn goods_of_a_restock_that_has_failed_are_credited_and_a_mail_says_so() {
    let system = System::with(0, IMPATIENT).await;
    system.factory_misbehaves(Fault::HoldsCallback).await;
    system.find_sold_out().await;
    assert_eq!(system.ended(&system.restocks(), FIRST).await, "FAILED");
    system.operations_are_told("Restock.Exhausted", 2, "restock CP-502101_1 failed").await;

    let callback = system.callback(1).await;
    assert_eq!(system.call_back(&callback).await, 202);
    assert_eq!(outcome(&system, &system.completions(), 1).await, "late");
    let totals = system.totals().await;
    assert_eq!((totals.stock, totals.arrived, totals.failed_restocks), (50, 50, 1));
    let mails = system.mails().await;
    let after_all: Vec<_> = mails
        .iter()
        .filter(|mail| mail.subject == "Restock: 50 CP-502101 arrived after the restock had failed")
        .collect();
    assert_eq!(after_all.len(), 1, "{mails:?}");
    assert!(after_all[0].text.contains(&callback.order()), "{mails:?}");
    system.finish().await;
}

#[tokio::test]
async fn goods_that_came_while_nobody_could_be_told_are_found_when_the_wait_ends() {
    let system = System::with(0, BRISK).await;
    system.throttle("complete-task").await;
    system.find_sold_out().await;
    // The wait ends without an answer, the restock looks again, and finds the goods.
    assert_eq!(system.ended(&system.restocks(), FIRST).await, "SUCCEEDED");
    system.unthrottle("complete-task").await;

    let history = system.history(&system.restocks(), FIRST).await;
    let states = entered(&history);
    assert_eq!((states["OpenRestock"], states["PlaceOrder"], states["IncrementStock"]), (2, 1, 1));
    assert_eq!(outcome(&system, &system.completions(), 1).await, "late");
    let completion = system.callback(1).await.order();
    let completion = system.history(&system.completions(), &completion).await;
    assert_eq!(task_errors(&completion).last(), Some(&"Completion.TokenClosed"));
    let totals = system.totals().await;
    assert_eq!((totals.stock, totals.arrived, totals.production_orders), (50, 50, 1));
    system.finish().await;
}
