//! Callbacks that no execution waits for any more. The goods exist, so they are credited.

use factory_simulator::Fault;
use operations::executions::Executions;
use system::Settings;

use system_testkit::{
    FIRST_RESTOCK, Orders, QUICK, SHORT_WAIT, System, entered_states, task_errors,
};

/// One attempt, and the shortest wait for its goods.
const ONE_SHORT_WAIT: Settings =
    Settings { await_completion_seconds: 1, restock_attempts: 1, ..QUICK };

/// Long enough for two callbacks during the wait for the second order.
const LONGER_WAIT: Settings = Settings { await_completion_seconds: 8, ..QUICK };

/// A system whose factory has held back the first callback, and whose restock waits for its second order.
async fn with_two_orders(settings: Settings) -> System {
    let system = System::with(0, settings).await;
    system.set_fault(Fault::HoldsCallback, Orders::All).await;
    system.buy_sold_out().await;
    system.wait_until_order_is_awaited(2).await;
    system
}

async fn outcome(system: &System, completions: &Executions, order: usize) -> String {
    let name = system.callback(order).await.order();
    system.output(completions, &name).await["outcome"].as_str().expect("an outcome").to_owned()
}

#[tokio::test]
async fn goods_of_the_first_order_are_credited_during_the_wait_for_the_second_and_those_of_the_second_too()
 {
    let system = with_two_orders(LONGER_WAIT).await;
    assert_eq!(system.call_back(&system.callback(1).await).await, 200);
    system.wait_for_arrivals(50).await;
    let totals = system.totals().await;
    assert_eq!((totals.open_restocks, totals.completed_restocks), (1, 0), "{totals:?}");

    assert_eq!(system.call_back(&system.callback(2).await).await, 200);
    system.wait_for_arrivals(100).await;
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "SUCCEEDED");
    assert_eq!(outcome(&system, &system.completions(), 1).await, "late");
    let totals = system.totals().await;
    assert_eq!((totals.stock, totals.completed_restocks, totals.failed_restocks), (100, 1, 0));
    let mail = system.wait_for_mail("50 CP-502101 arrived late").await;
    for text in
        ["A restock waits 8 s for an order.", "has ordered again", "await_completion_seconds"]
    {
        assert!(mail.text.contains(text), "missing: {text}\n{}", mail.text);
    }
    system.finish().await;
}

#[tokio::test]
async fn goods_of_the_second_order_complete_the_restock_and_those_of_the_first_are_credited_afterwards()
 {
    let system = with_two_orders(LONGER_WAIT).await;
    assert_eq!(system.call_back(&system.callback(2).await).await, 200);
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "SUCCEEDED");
    let totals = system.totals().await;
    assert_eq!((totals.arrived, totals.completed_restocks), (50, 1));

    assert_eq!(system.call_back(&system.callback(1).await).await, 200);
    system.wait_for_arrivals(100).await;
    assert_eq!(outcome(&system, &system.completions(), 1).await, "late");
    let totals = system.totals().await;
    assert_eq!((totals.stock, totals.completed_restocks, totals.open_restocks), (100, 1, 0));
    let mail = system.wait_for_mail("50 CP-502101 arrived late").await;
    assert!(mail.text.contains("The restock was over when the goods came"), "{}", mail.text);
    let log = system.log("increment-stock").await;
    assert_eq!(log.metric("Arrivals"), 2);
    assert!(log.contains("LeadTimeSeconds"));
    system.finish().await;
}

#[tokio::test]
async fn goods_of_the_first_order_complete_the_restock_if_those_of_the_second_never_come() {
    let system = with_two_orders(SHORT_WAIT).await;
    assert_eq!(system.call_back(&system.callback(1).await).await, 200);
    system.wait_for_arrivals(50).await;
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "SUCCEEDED");
    let totals = system.totals().await;
    assert_eq!((totals.stock, totals.completed_restocks, totals.failed_restocks), (50, 1, 0));
    assert_eq!(system.factory().requests(), 2);
    system.finish().await;
}

#[tokio::test]
async fn goods_of_a_failed_restock_are_credited_and_a_mail_says_so() {
    let system = System::with(0, ONE_SHORT_WAIT).await;
    system.set_fault(Fault::HoldsCallback, Orders::All).await;
    system.buy_sold_out().await;
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "FAILED");
    system.assert_reported("Restock.Exhausted", 2, "restock CP-502101_1 failed").await;

    let callback = system.callback(1).await;
    assert_eq!(system.call_back(&callback).await, 200);
    assert_eq!(outcome(&system, &system.completions(), 1).await, "late");
    let totals = system.totals().await;
    assert_eq!((totals.stock, totals.arrived, totals.failed_restocks), (50, 50, 1));
    let mails = system.mails().await;
    let arrival_mails: Vec<_> = mails
        .iter()
        .filter(|mail| mail.subject == "Restock: 50 CP-502101 arrived after the restock had failed")
        .collect();
    assert_eq!(arrival_mails.len(), 1, "{mails:?}");
    assert!(arrival_mails[0].text.contains(&callback.order()), "{mails:?}");
    system.finish().await;
}

#[tokio::test]
async fn goods_that_came_while_complete_task_could_not_run_are_credited_when_the_wait_ends() {
    let system = System::with(0, SHORT_WAIT).await;
    system.throttle(&["complete-task"]).await;
    system.buy_sold_out().await;
    // The wait times out. The restock opens its second attempt, and finds the goods of the first.
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "SUCCEEDED");
    system.unthrottle(&["complete-task"]).await;

    let history = system.history(&system.restocks(), FIRST_RESTOCK).await;
    let states = entered_states(&history);
    assert_eq!((states["OpenRestock"], states["PlaceOrder"], states["IncrementStock"]), (2, 1, 1));
    assert_eq!(outcome(&system, &system.completions(), 1).await, "late");
    let completion = system.callback(1).await.order();
    let completion = system.history(&system.completions(), &completion).await;
    assert_eq!(task_errors(&completion).last(), Some(&"Completion.TokenClosed"));
    let totals = system.totals().await;
    assert_eq!((totals.stock, totals.arrived, totals.production_orders), (50, 50, 1));
    system.finish().await;
}
