//! Orders that the factory perhaps took: they are not sent again. The callback shows whether they were taken.

use std::time::Duration;

use factory_simulator::Fault;

use system_testkit::{FIRST_RESTOCK, Orders, SHORT_WAIT, System, entered_states, task_errors};

/// `place-order` logs this result. The order is not sent again, and its goods are credited.
async fn assert_sent_once(fault: Fault, result: &str) {
    let system = System::with_stock(0).await;
    system.set_fault(fault, Orders::All).await;
    system.buy_sold_out().await;
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "SUCCEEDED");
    assert_eq!((system.factory().requests(), system.factory().orders().len()), (1, 1));
    let totals = system.totals().await;
    assert_eq!((totals.stock, totals.arrived, totals.production_orders), (50, 50, 1));
    assert_eq!(system.log("place-order").await.count_lines(result), 1, "{fault:?}");
    assert!(system.mails().await.is_empty(), "nothing failed");
    system.finish().await;
}

macro_rules! taken {
    ($($name:ident: $fault:expr, $result:expr;)*) => { $(
        #[tokio::test]
        async fn $name() {
            assert_sent_once($fault, $result).await;
        }
    )* };
}

taken! {
    an_order_taken_and_answered_500_is_not_sent_again_and_its_goods_are_credited:
        Fault::Answers500ThoughTaken, "is perhaps placed: the factory answered 500";
    an_order_taken_and_answered_502_is_not_sent_again_and_its_goods_are_credited:
        Fault::Answers502ThoughTaken, "is perhaps placed: the factory answered 502";
    an_order_taken_and_answered_504_is_not_sent_again_and_its_goods_are_credited:
        Fault::Answers504ThoughTaken, "is perhaps placed: the factory answered 504";
    an_order_answered_too_late_is_not_sent_again_and_its_goods_are_credited:
        Fault::AnswersAfter(Duration::from_secs(6)), "is perhaps placed: error sending request";
    an_order_taken_and_never_answered_is_not_sent_again_and_its_goods_are_credited:
        Fault::HangsThoughTaken, "is perhaps placed: error sending request";
    an_order_taken_before_the_connection_breaks_is_not_sent_again_and_its_goods_are_credited:
        Fault::DropsConnectionThoughTaken, "is perhaps placed: error sending request";
    an_order_taken_and_answered_with_broken_json_is_not_sent_again_and_its_goods_are_credited:
        Fault::AnswersUnreadablyThoughTaken, "is placed: the factory answered 201 Created\"";
}

#[tokio::test]
async fn the_factorys_id_of_an_order_is_logged_unless_its_answer_is_too_long() {
    for (fault, ids) in [(None, 1), (Some(Fault::AnswersTooMuchThoughTaken), 0)] {
        let system = System::with_stock(0).await;
        if let Some(fault) = fault {
            system.set_fault(fault, Orders::All).await;
        }
        system.buy_sold_out().await;
        system.wait_for_arrivals(50).await;
        let placed =
            system.log("place-order").await.count_lines("is placed: the factory answered 201");
        let called = system.log("place-order").await.count_lines("and calls it");
        assert_eq!((placed, called), (1, ids), "{fault:?}");
        system.finish().await;
    }
}

/// No callback comes, so a second attempt orders again.
async fn assert_second_attempt_orders_again(fault: Fault) {
    let system = System::with(0, SHORT_WAIT).await;
    system.set_fault(fault, Orders::Next(1)).await;
    system.buy_sold_out().await;
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "SUCCEEDED");
    assert_eq!((system.factory().requests(), system.factory().orders().len()), (2, 1));
    let history = system.history(&system.restocks(), FIRST_RESTOCK).await;
    let states = entered_states(&history);
    assert_eq!((states["PlaceOrder"], states["AwaitCompletion"]), (2, 2));
    assert_eq!(task_errors(&history), ["States.Timeout"]);
    let rows = system.order_rows().await;
    assert_eq!(rows.iter().map(|row| row.attempt).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(rows[0].arrived_quantity, None);
    let totals = system.totals().await;
    assert_eq!((totals.stock, totals.arrived, totals.completed_restocks), (50, 50, 1));
    assert!(system.mails().await.is_empty(), "nothing failed");
    system.finish().await;
}

macro_rules! not_taken {
    ($($name:ident: $fault:expr;)*) => { $(
        #[tokio::test]
        async fn $name() {
            assert_second_attempt_orders_again($fault).await;
        }
    )* };
}

not_taken! {
    an_order_not_taken_and_answered_500_is_followed_by_a_second_attempt:
        Fault::Answers500NotTaken;
    an_order_not_taken_and_answered_502_is_followed_by_a_second_attempt:
        Fault::Answers502NotTaken;
    an_order_not_taken_and_answered_504_is_followed_by_a_second_attempt:
        Fault::Answers504NotTaken;
    an_order_neither_taken_nor_answered_is_followed_by_a_second_attempt:
        Fault::HangsNotTaken;
    an_order_not_taken_before_the_connection_breaks_is_followed_by_a_second_attempt:
        Fault::DropsConnectionNotTaken;
}
