//! Faults in the callback: each order is taken and answered with 201.

use std::time::Instant;

use super::*;

#[tokio::test]
async fn a_dropped_callback_never_comes_though_the_goods_are_made() -> TestResult {
    let mut fixture = Fixture::with_fault(Fault::DropsCallback).await?;
    assert_eq!(fixture.order().await?.status(), 201);
    fixture.all_final().await?;
    fixture.another_order_is_made().await?;
    assert!(fixture.callbacks.is_empty());
    let orders = fixture.factory.orders();
    assert_eq!(orders[0].progress, Progress::CallbackDropped);
    assert_eq!(orders[0].callbacks, []);
    Ok(())
}

#[tokio::test]
async fn calling_back_twice_sends_the_same_body_twice() -> TestResult {
    let mut fixture = Fixture::with_fault(Fault::CallsBackTwice).await?;
    assert_eq!(fixture.order().await?.status(), 201);
    assert_eq!(fixture.next_callback().await?, fixture.next_callback().await?);
    fixture.another_order_is_made().await?;
    let orders = fixture.factory.orders();
    assert_eq!(orders[0].callbacks, [CallbackAnswer::Status(202), CallbackAnswer::Status(202)]);
    Ok(())
}

#[tokio::test]
async fn a_late_callback_comes_its_delay_after_the_last_stage() -> TestResult {
    let delay = Duration::from_millis(150);
    let mut fixture = Fixture::with_fault(Fault::CallsBackLate(delay)).await?;
    let asked = Instant::now();
    assert_eq!(fixture.order().await?.status(), 201);
    fixture.next_callback().await?;
    assert!(asked.elapsed() >= 4 * STAGE + delay);
    Ok(())
}

#[tokio::test]
async fn a_held_callback_comes_when_it_is_released() -> TestResult {
    let mut fixture = Fixture::with_fault(Fault::HoldsCallback).await?;
    assert_eq!(fixture.order().await?.status(), 201);
    within(fixture.factory.wait_until(|orders| orders[0].progress == Progress::Held)).await?;
    assert!(fixture.callbacks.is_empty());
    fixture.factory.release();
    assert_eq!(fixture.next_callback().await?, fixture.order_body());
    Ok(())
}

#[tokio::test]
async fn a_release_also_applies_to_orders_still_being_made() -> TestResult {
    let mut fixture = Fixture::with_fault(Fault::HoldsCallback).await?;
    fixture.order().await?;
    fixture.factory.release();
    fixture.next_callback().await?;
    fixture.order().await?;
    within(fixture.factory.wait_until(|orders| orders[1].progress == Progress::Held)).await?;
    assert!(fixture.callbacks.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_callback_before_the_answer_is_made_before_the_201() -> TestResult {
    // One stage would exceed the deadline, so this passes only without stages.
    let mut fixture = Fixture::with_stage(DEADLINE).await?;
    fixture.factory.misbehave(Fault::CallsBackBeforeAnswering).await?;
    assert_eq!(fixture.order().await?.status(), 201);
    let callback = fixture.callbacks.try_recv()?;
    assert_eq!(callback, fixture.order_body().to_string());
    assert_eq!(fixture.factory.orders()[0].callbacks, [CallbackAnswer::Status(202)]);
    Ok(())
}

#[tokio::test]
async fn a_wrong_count_changes_nothing_else_in_the_callback() -> TestResult {
    for (fault, count) in [
        (Fault::CountsAsText, Some(json!("10"))),
        (Fault::CountMissing, None),
        (Fault::CountZero, Some(json!(0))),
        (Fault::CountNegative, Some(json!(-10))),
        (Fault::CountNotANumber, Some(json!("plenty"))),
        (Fault::CountOver, Some(json!(11))),
        (Fault::CountShort, Some(json!(5))),
    ] {
        let mut fixture = Fixture::with_fault(fault).await?;
        assert_eq!(fixture.order().await?.status(), 201);
        let mut callback = fixture.next_callback().await?;
        assert_eq!(callback.get("MessageAttributeProductCnt").cloned(), count, "{fault}");
        callback["MessageAttributeProductCnt"] = json!(10);
        assert_eq!(callback, fixture.order_body(), "{fault}");
    }
    Ok(())
}

#[tokio::test]
async fn a_crash_answers_201_and_loses_this_order_and_all_others() -> TestResult {
    let mut fixture = Fixture::with_stage(DEADLINE).await?;
    fixture.order().await?;
    fixture.factory.misbehave_for(Fault::Crashes, 1).await?;
    assert_eq!(fixture.order().await?.status(), 201);
    assert_eq!(fixture.order().await?.status(), 201);
    let lost = fixture.factory.orders().into_iter().map(|order| order.progress == Progress::Lost);
    assert_eq!(lost.collect::<Vec<_>>(), [true, true, false]);
    assert!(fixture.callbacks.try_recv().is_err());
    Ok(())
}
