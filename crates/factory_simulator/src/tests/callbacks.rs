//! Faults in how the factory calls back: each order is taken and answered 201.

use std::time::Instant;

use super::*;

#[tokio::test]
async fn a_dropped_callback_never_comes_though_the_goods_are_made() -> Tested {
    let mut town = Town::that(Fault::DropsCallback).await?;
    assert_eq!(town.order().await?.status(), 201);
    town.all_over().await?;
    town.another_is_made().await?;
    assert!(town.callbacks.is_empty());
    let orders = town.factory.orders();
    assert_eq!(orders[0].progress, Progress::CallbackDropped);
    assert_eq!(orders[0].callbacks, []);
    Ok(())
}

#[tokio::test]
async fn calling_back_twice_is_twice_the_same() -> Tested {
    let mut town = Town::that(Fault::CallsBackTwice).await?;
    assert_eq!(town.order().await?.status(), 201);
    assert_eq!(town.next_callback().await?, town.next_callback().await?);
    town.another_is_made().await?;
    let orders = town.factory.orders();
    assert_eq!(orders[0].callbacks, [CallbackAnswer::Status(202), CallbackAnswer::Status(202)]);
    Ok(())
}

#[tokio::test]
async fn a_late_callback_comes_its_delay_after_the_last_stage() -> Tested {
    let delay = Duration::from_millis(150);
    let mut town = Town::that(Fault::CallsBackLate(delay)).await?;
    let asked = Instant::now();
    assert_eq!(town.order().await?.status(), 201);
    town.next_callback().await?;
    assert!(asked.elapsed() >= 4 * STAGE + delay);
    Ok(())
}

#[tokio::test]
async fn a_held_callback_comes_when_it_is_released() -> Tested {
    let mut town = Town::that(Fault::HoldsCallback).await?;
    assert_eq!(town.order().await?.status(), 201);
    within(town.factory.until(|orders| orders[0].progress == Progress::Held)).await?;
    assert!(town.callbacks.is_empty());
    town.factory.release();
    assert_eq!(town.next_callback().await?, town.order_body());
    Ok(())
}

#[tokio::test]
async fn a_release_is_not_lost_on_an_order_that_is_still_being_made() -> Tested {
    let mut town = Town::that(Fault::HoldsCallback).await?;
    town.order().await?;
    town.factory.release();
    town.next_callback().await?;
    town.order().await?;
    within(town.factory.until(|orders| orders[1].progress == Progress::Held)).await?;
    assert!(town.callbacks.is_empty());
    Ok(())
}

#[tokio::test]
async fn calling_back_before_answering_is_over_before_the_201() -> Tested {
    // Stages this long would outlast the deadline: none is gone through.
    let mut town = Town::working_at(DEADLINE).await?;
    town.factory.misbehave(Fault::CallsBackBeforeAnswering).await?;
    assert_eq!(town.order().await?.status(), 201);
    let callback = town.callbacks.try_recv()?;
    assert_eq!(callback, town.order_body().to_string());
    assert_eq!(town.factory.orders()[0].callbacks, [CallbackAnswer::Status(202)]);
    Ok(())
}

#[tokio::test]
async fn a_wrong_count_is_the_only_thing_wrong_with_its_callback() -> Tested {
    for (fault, count) in [
        (Fault::CountsAsText, Some(json!("10"))),
        (Fault::CountMissing, None),
        (Fault::CountZero, Some(json!(0))),
        (Fault::CountNegative, Some(json!(-10))),
        (Fault::CountNotANumber, Some(json!("plenty"))),
        (Fault::CountOver, Some(json!(11))),
        (Fault::CountShort, Some(json!(5))),
    ] {
        let mut town = Town::that(fault).await?;
        assert_eq!(town.order().await?.status(), 201);
        let mut callback = town.next_callback().await?;
        assert_eq!(callback.get("MessageAttributeProductCnt").cloned(), count, "{fault}");
        callback["MessageAttributeProductCnt"] = json!(10);
        assert_eq!(callback, town.order_body(), "{fault}");
    }
    Ok(())
}

#[tokio::test]
async fn a_crash_answers_201_and_loses_this_order_and_all_others() -> Tested {
    let mut town = Town::working_at(DEADLINE).await?;
    town.order().await?;
    town.factory.misbehave_for(Fault::Crashes, 1).await?;
    assert_eq!(town.order().await?.status(), 201);
    assert_eq!(town.order().await?.status(), 201);
    let lost = town.factory.orders().into_iter().map(|order| order.progress == Progress::Lost);
    assert_eq!(lost.collect::<Vec<_>>(), [true, true, false]);
    assert!(town.callbacks.try_recv().is_err());
    Ok(())
}
