//! Orders that were perhaps taken: not sent again, the callback tells.

use std::time::Duration;

use factory_simulator::Fault;

use system_testkit::{
    cloud::System, observe::BRISK, observe::FIRST, observe::entered, observe::task_errors,
};

/// The goods come, and the order was not sent again.
async fn is_not_asked_again(fault: Fault) {
    let system = System::with_stock(0).await;
    system.factory_misbehaves(fault).await;
    system.find_sold_out().await;
    assert_eq!(system.ended(&system.restocks(), FIRST).await, "SUCCEEDED");
    assert_eq!((system.factory().requests(), system.factory().orders().len()), (1, 1));
    let totals = system.totals().await;
    assert_eq!((totals.stock, totals.arrived, totals.production_orders), (50, 50, 1));
    assert!(system.mails().await.is_empty(), "nothing has failed");
    system.finish().await;
}

macro_rules! though_taken {
    ($($name:ident: $fault:expr;)*) => { $(
        #[tokio::test]
        async fn $name() {
            is_not_asked_again($fault).await;
        }
    )* };
}

though_taken! {
    an_order_answered_500_though_taken_is_not_sent_again_and_its_goods_are_credited:
        Fault::Answers500ThoughTaken;
    an_order_answered_502_though_taken_is_not_sent_again_and_its_goods_are_credited:
        Fault::Answers502ThoughTaken;
    an_order_answered_504_though_taken_is_not_sent_again_and_its_goods_are_credited:
        Fault::Answers504ThoughTaken;
    an_order_answered_too_late_is_not_sent_again_and_its_goods_are_credited:
        Fault::AnswersAfter(Duration::from_secs(6));
    an_order_that_is_taken_and_never_answered_is_not_sent_again_and_its_goods_are_credited:
        Fault::HangsThoughTaken;
    an_order_that_is_taken_before_the_connection_breaks_is_not_sent_again_and_its_goods_are_credited:
        Fault::DropsConnectionThoughTaken;
    an_order_confirmed_unreadably_is_not_sent_again_and_its_goods_are_credited:
        Fault::AnswersUnreadablyThoughTaken;
}

#[tokio::test]
async fn the_factorys_own_name_for_an_order_is_logged_unless_its_answer_is_too_long() {
    for (fault, named) in [(None, 1), (Some(Fault::AnswersTooMuchThoughTaken), 0)] {
        let system = System::with_stock(0).await;
        if let Some(fault) = fault {
            system.factory_misbehaves(fault).await;
        }
        system.find_sold_out().await;
        system.arrived(50).await;
        let placed = system.logged_with("place-order", "is placed: the factory answered 201").await;
        let called = system.logged_with("place-order", "and calls it").await;
        assert_eq!((placed, called), (1, named), "{fault:?}");
        system.finish().await;
    }
}

/// Nothing comes, so a second attempt orders again.
async fn is_asked_again_by_a_second_attempt(fault: Fault) {
    let system = System::with(0, BRISK).await;
    system.factory_misbehaves_for(fault, 1).await;
    system.find_sold_out().await;
    assert_eq!(system.ended(&system.restocks(), FIRST).await, "SUCCEEDED");
    assert_eq!((system.factory().requests(), system.factory().orders().len()), (2, 1));
    let history = system.history(&system.restocks(), FIRST).await;
    let states = entered(&history);
    assert_eq!((states["PlaceOrder"], states["AwaitCompletion"]), (2, 2));
    assert_eq!(task_errors(&history), ["States.Timeout"]);
    let rows = system.order_rows().await;
    assert_eq!(rows.iter().map(|row| row.attempt).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(rows[0].arrived_quantity, None);
    let totals = system.totals().await;
    assert_eq!((totals.stock, totals.arrived, totals.completed_restocks), (50, 50, 1));
    assert!(system.mails().await.is_empty(), "nothing has failed");
    system.finish().await;
}

macro_rules! not_taken {
    ($($name:ident: $fault:expr;)*) => { $(
        #[tokio::test]
        async fn $name() {
            is_asked_again_by_a_second_attempt($fault).await;
        }
    )* };
}

not_taken! {
    an_order_answered_500_and_not_taken_is_followed_by_a_second_attempt:
        Fault::Answers500NotTaken;
    an_order_answered_502_and_not_taken_is_followed_by_a_second_attempt:
        Fault::Answers502NotTaken;
    an_order_answered_504_and_not_taken_is_followed_by_a_second_attempt:
        Fault::Answers504NotTaken;
    an_order_that_is_neither_taken_nor_answered_is_followed_by_a_second_attempt:
        Fault::HangsNotTaken;
    an_order_that_is_not_taken_before_the_connection_breaks_is_followed_by_a_second_attempt:
        Fault::DropsConnectionNotTaken;
}
