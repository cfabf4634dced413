//! The factory without a fault.

use super::*;
use crate::Event;

#[tokio::test]
async fn an_order_is_answered_with_201_an_id_and_the_body_as_sent() -> TestResult {
    let fixture = Fixture::new().await?;
    let answer = fixture.order().await?;
    assert_eq!(answer.status(), 201);
    let answer: Value = answer.json().await?;
    let id = fixture.factory.orders()[0].id;
    let expected = json!({"data": {"id": id, "reqestor": "test", "data": fixture.order_body()}});
    assert_eq!(answer, expected);
    Ok(())
}

#[tokio::test]
async fn the_callback_is_the_request_byte_for_byte_and_comes_once() -> TestResult {
    let mut fixture = Fixture::new().await?;
    // Spaces, field order and a number format that decoding and encoding again would change.
    let url = format!("{}/done", fixture.callback_server.url());
    let body = format!("{{ \"z\": 1.50, \"CallbackUrl\":\"{url}\",  \"a\" : null }}");
    fixture.request(body.clone()).send().await?.error_for_status()?;
    let callback = within(fixture.callbacks.recv()).await?;
    assert_eq!(callback, Some(body));
    fixture.another_order_is_made().await?;
    assert!(fixture.callbacks.is_empty());
    let orders = fixture.factory.orders();
    assert_eq!(orders[0].callbacks, [CallbackAnswer::Status(202)]);
    Ok(())
}

#[tokio::test]
async fn the_same_order_sent_twice_is_made_twice() -> TestResult {
    let mut fixture = Fixture::new().await?;
    fixture.order().await?;
    fixture.order().await?;
    fixture.next_callback().await?;
    fixture.next_callback().await?;
    let orders = fixture.all_final().await?;
    assert_eq!(orders.len(), 2);
    assert_ne!(orders[0].id, orders[1].id);
    assert_eq!(orders[0].body, orders[1].body);
    Ok(())
}

#[tokio::test]
async fn events_show_the_four_stages() -> TestResult {
    let fixture = Fixture::new().await?;
    let mut events = fixture.factory.events();
    fixture.order().await?;
    let id = fixture.factory.orders()[0].id;
    let mut seen = Vec::new();
    for _ in 0..6 {
        seen.push(within(events.recv()).await??);
    }
    let ordered = Event::Ordered { id, product: "CP-502101".to_owned(), count: 10 };
    let stages = (1..=4).map(|stage| Event::Stage { id, stage });
    let called_back = Event::CalledBack { id, answer: CallbackAnswer::Status(202) };
    let expected: Vec<_> = [ordered].into_iter().chain(stages).chain([called_back]).collect();
    assert_eq!(seen, expected);
    Ok(())
}

#[tokio::test]
async fn a_refused_callback_is_not_repeated() -> TestResult {
    let mut fixture = Fixture::new().await?;
    *lock(&fixture.inbox.status) = StatusCode::SERVICE_UNAVAILABLE;
    fixture.order().await?;
    fixture.next_callback().await?;
    fixture.another_order_is_made().await?;
    assert!(fixture.callbacks.is_empty());
    let orders = fixture.factory.orders();
    assert_eq!(orders[0].callbacks, [CallbackAnswer::Status(503)]);
    Ok(())
}

#[tokio::test]
async fn an_unreachable_callback_url_is_tried_once() -> TestResult {
    let fixture = Fixture::new().await?;
    fixture.request(r#"{"CallbackUrl":"nowhere"}"#).send().await?.error_for_status()?;
    let orders = fixture.all_final().await?;
    assert_eq!(orders[0].progress, Progress::CalledBack);
    assert!(matches!(orders[0].callbacks[..], [CallbackAnswer::Unreachable(_)]));
    Ok(())
}

#[tokio::test]
async fn a_body_without_json_or_callback_url_is_a_bad_request() -> TestResult {
    let fixture = Fixture::new().await?;
    for body in ["", "ten donuts, please", "[]", "{}", r#"{"CallbackUrl":10}"#] {
        assert_eq!(fixture.request(body).send().await?.status(), 400, "{body}");
    }
    assert_eq!(fixture.factory.orders(), []);
    assert_eq!(fixture.factory.requests(), 0);
    Ok(())
}

#[tokio::test]
async fn a_crash_loses_all_work_without_callbacks() -> TestResult {
    let mut fixture = Fixture::with_stage(DEADLINE).await?;
    fixture.order().await?;
    fixture.order().await?;
    fixture.factory.crash().await;
    let orders = fixture.factory.orders();
    assert!(orders.iter().all(|order| order.progress == Progress::Lost));
    assert!(orders.iter().all(|order| order.callbacks.is_empty()));
    assert!(fixture.callbacks.try_recv().is_err());
    assert_eq!(fixture.order().await?.status(), 201);
    Ok(())
}
