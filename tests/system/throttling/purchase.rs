//! A purchase whose steps cannot be run.

use system_testkit::{cloud::PATIENT, cloud::System};

#[tokio::test]
async fn a_purchase_goes_on_without_the_look_at_the_stock() {
    let system = System::with(20, PATIENT).await;
    system.cannot_run(&["check-stock"]).await;
    let sold = system.buy("unseen").await;
    assert_eq!((sold.status.as_u16(), sold.outcome()), (200, "sold"), "{sold:?}");
    assert_eq!(system.totals().await.sold, 1);
    system.stop().await;
}

#[tokio::test]
async fn a_purchase_that_cannot_be_decided_is_not_known_and_can_be_sent_again() {
    let system = System::with(20, PATIENT).await;
    system.cannot_run(&["decrement-stock"]).await;
    let told = system.buy("insistent").await;
    assert_eq!((told.status.as_u16(), told.outcome()), (503, "unknown"), "{told:?}");
    system.can_run(&["decrement-stock"]).await;
    let sold = system.buy("insistent").await;
    assert_eq!((sold.status.as_u16(), sold.outcome()), (200, "sold"), "{sold:?}");
    assert_eq!(system.totals().await.sold, 1);
    system.stop().await;
}
