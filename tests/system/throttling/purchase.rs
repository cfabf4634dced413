//! A purchase whose steps cannot run.

use system_testkit::{LONG_WAIT, System};

#[tokio::test]
async fn a_purchase_is_sold_without_check_stock() {
    let system = System::with(20, LONG_WAIT).await;
    system.throttle_and_hurry_retries(&["check-stock"]).await;
    let sold = system.buy("unchecked").await;
    assert_eq!((sold.status.as_u16(), sold.outcome()), (200, "sold"), "{sold:?}");
    assert_eq!(system.totals().await.sold, 1);
    assert!(system.log("check-stock").await.invocations().is_empty(), "check-stock has run");

    // The machine does invoke check-stock for every purchase.
    system.unthrottle(&["check-stock"]).await;
    assert_eq!(system.buy("checked").await.outcome(), "sold");
    assert_eq!(system.log("check-stock").await.invocations().len(), 1);
    system.finish().await;
}

#[tokio::test]
async fn a_purchase_without_decrement_stock_is_answered_as_unknown_and_can_be_sent_again() {
    let system = System::with(20, LONG_WAIT).await;
    system.throttle_and_hurry_retries(&["decrement-stock"]).await;
    let unknown = system.buy("sent-twice").await;
    assert_eq!((unknown.status.as_u16(), unknown.outcome()), (503, "unknown"), "{unknown:?}");
    assert!(system.log("decrement-stock").await.invocations().is_empty(), "it has run");
    system.unthrottle(&["decrement-stock"]).await;
    let sold = system.buy("sent-twice").await;
    assert_eq!((sold.status.as_u16(), sold.outcome()), (200, "sold"), "{sold:?}");
    assert_eq!(system.totals().await.sold, 1);
    system.finish().await;
}
